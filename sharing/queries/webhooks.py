"""Where an agency has events sent, with which secrets, and how its messages stand.

Each reads what row-level security shows: the rows of the agency that the session speaks for.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.webhooks import WebhookDeliveryRow, WebhookRow, WebhookSecretRow
from sharing.terms.webhooks import Delivery, DeliveryState, Webhook

WEBHOOK_KEY = "webhook"


def secret_place(secret: UUID) -> tuple[object, ...]:
    """Return where a secret is sealed to."""
    return ("webhook_secret", secret, "secret")


def webhooks(session: Session) -> list[Webhook]:
    """Return the agency's webhooks, those switched off too, the oldest first."""
    return [webhook_of(row) for row in session.scalars(select(WebhookRow).order_by(WebhookRow.id))]


def webhook_of(row: WebhookRow) -> Webhook:
    """Return a webhook as its agency reads it."""
    return Webhook(row.id, row.url, row.registered_at, row.disabled_at, row.disabled_because)


def secrets_of(session: Session, webhook: UUID, at: datetime) -> list[bytes]:
    """Return the secrets that sign at an instant, opened, the newest first."""
    secret, key = WebhookSecretRow, Vault.of(session).named(WEBHOOK_KEY)
    found = (
        select(secret)
        .where(secret.webhook_id == webhook, or_(secret.ends.is_(None), secret.ends > at))
        .order_by(secret.made_at.desc(), secret.id.desc())
    )
    return [key.open(row.secret, *secret_place(row.id)) for row in session.scalars(found)]


def deliveries(
    session: Session, webhook: UUID, *, before: UUID | None, limit: int
) -> list[Delivery]:
    """Return the messages to a webhook, the newest first, from the one before `before`."""
    row = WebhookDeliveryRow
    found = select(row).where(row.webhook_id == webhook).order_by(row.id.desc()).limit(limit)
    if before is not None:
        found = found.where(row.id < before)
    return [delivery_of(one) for one in session.scalars(found)]


def delivery_of(row: WebhookDeliveryRow) -> Delivery:
    """Return a message and how it stands."""
    return Delivery(
        id=row.id,
        event=row.event_id,
        kind=row.kind,
        at=row.at,
        attempts=row.attempts,
        state=_state(row),
        next_at=row.next_at,
        delivered_at=row.delivered_at,
        given_up_at=row.given_up_at,
        last_status=row.last_status,
        last_fault=row.last_fault,
    )


def _state(row: WebhookDeliveryRow) -> DeliveryState:
    if row.delivered_at is not None:
        return DeliveryState.DELIVERED
    return DeliveryState.WAITING if row.given_up_at is None else DeliveryState.GIVEN_UP
