"""Sending an agency its events: registering an address, signing, trying for days, giving up.

What is sent names an event by its id and says nothing of a person: whoever wants to know more asks
`/v1/events` with a token.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.outward import AddressRefused, NoAnswer, Outward
from app.kernel.queue import enqueue
from app.kernel.vault import Vault
from sharing.actions.errors import TooManyWebhooks, UnknownDelivery, UnknownWebhook, WebhookDisabled
from sharing.models.webhooks import WebhookDeliveryRow, WebhookRow, WebhookSecretRow
from sharing.queries.webhooks import (
    WEBHOOK_KEY,
    delivery_of,
    secret_place,
    secrets_of,
    webhook_of,
)
from sharing.rules.webhooks import (
    GONE,
    OVERLAP,
    SECRET_BYTES,
    body_of,
    headers_of,
    message_id,
    next_attempt,
    secret_text,
    taken,
)
from sharing.terms.webhooks import PING, Delivery, FreshSecret, Reply, Webhook

SEND: Final = "webhook.send"
"""The kind of job that makes one attempt."""
MOST_WEBHOOKS: Final = 5
_DICE: Final = 1000


def register(session: Session, agency: str, url: str, by: str, at: datetime) -> FreshSecret:
    """Have an agency's events sent to an address from now on; the secret is said this once.

    `TooManyWebhooks` if the agency has five that are not switched off.
    """
    counted = select(func.count()).where(WebhookRow.disabled_at.is_(None))
    if (session.scalar(counted) or 0) >= MOST_WEBHOOKS:
        raise TooManyWebhooks
    row = WebhookRow(id=new_id(at), agency=agency, url=url, registered_by=by, registered_at=at)
    session.add(row)
    session.flush()
    return FreshSecret(webhook_of(row), _new_secret(session, row, at))


def rotate(session: Session, webhook: UUID, at: datetime) -> FreshSecret:
    """Let a new secret sign, and the older ones beside it for a day; it is said this once."""
    row, ends = _in_use(session, webhook), at + OVERLAP
    secret = WebhookSecretRow
    session.execute(delete(secret).where(secret.webhook_id == webhook, secret.ends <= at))
    session.execute(
        update(secret).where(secret.webhook_id == webhook, secret.ends.is_(None)).values(ends=ends)
    )
    return FreshSecret(webhook_of(row), _new_secret(session, row, at), ends)


def switch_off(session: Session, webhook: UUID, because: str, at: datetime) -> Webhook:
    """Send nothing more to an address; what was on its way is given up."""
    row = _in_use(session, webhook)
    row.disabled_at, row.disabled_because = at, because
    session.flush()
    waiting = WebhookDeliveryRow
    session.execute(
        update(waiting)
        .where(waiting.webhook_id == webhook, waiting.next_at.is_not(None))
        .values(next_at=None, given_up_at=at)
    )
    return webhook_of(row)


def ping(session: Session, webhook: UUID, at: datetime) -> Delivery:
    """Have a message sent that tells of nothing, to try an address out."""
    return _queued(session, _in_use(session, webhook), PING, None, at)


def queue_event(session: Session, event: UUID, kind: str, at: datetime) -> None:
    """Have an event sent to every address of the agency that the session speaks for."""
    found = select(WebhookRow).where(WebhookRow.disabled_at.is_(None)).order_by(WebhookRow.id)
    for row in session.scalars(found):
        _queued(session, row, kind, event, at)


def resend(session: Session, webhook: UUID, delivery: UUID, at: datetime) -> Delivery:
    """Have a message sent again from the start, under the same id.

    `UnknownDelivery` if the webhook has none of this id, `WebhookDisabled` if it is switched off.
    """
    _in_use(session, webhook)
    row = _held(session, delivery)
    if row is None or row.webhook_id != webhook:
        raise UnknownDelivery
    row.attempts, row.next_at, row.delivered_at, row.given_up_at = 0, at, None, None
    session.flush()
    _enqueue(session, row, at)
    return delivery_of(row)


def send(session: Session, payload: Mapping[str, Any], outward: Outward, at: datetime) -> None:
    """Make one attempt, and have the next made if it fails; a 410 switches the address off.

    Whoever dies in the middle leaves the attempt to be made again, under the same message id.
    """
    speak_for(session, payload["agency"])
    row = _held(session, UUID(payload["delivery"]))
    if row is None or row.next_at is None or row.next_at > at:
        return
    webhook = session.get_one(WebhookRow, row.webhook_id)
    reply = _attempt(session, webhook, row, outward, at)
    row.attempts += 1
    row.last_status, row.last_fault = reply.status, reply.fault
    row.next_at = None
    if taken(reply.status):
        row.delivered_at = at
    else:
        row.next_at = next_attempt(row.attempts, at, secrets.randbelow(_DICE) / _DICE)
        row.given_up_at = at if row.next_at is None else None
    session.flush()
    if reply.status == GONE:
        switch_off(session, webhook.id, "The address answered 410: it is gone for good.", at)
    elif row.next_at is not None:
        _enqueue(session, row, row.next_at)


def _attempt(
    session: Session, webhook: WebhookRow, row: WebhookDeliveryRow, outward: Outward, at: datetime
) -> Reply:
    body = body_of(row.kind, row.at, row.event_id)
    signing = secrets_of(session, webhook.id, at)
    try:
        status = outward.post(webhook.url, body, headers_of(message_id(row.id), body, signing, at))
    except AddressRefused as error:
        return Reply(None, str(error))
    except NoAnswer as error:
        return Reply(None, f"There was no answer: {error}")
    return Reply(status, None if taken(status) else f"The answer was {status}, not 2xx.")


def _held(session: Session, delivery: UUID) -> WebhookDeliveryRow | None:
    row = WebhookDeliveryRow
    return session.scalar(select(row).where(row.id == delivery).with_for_update())


def _in_use(session: Session, webhook: UUID) -> WebhookRow:
    row = session.get(WebhookRow, webhook, with_for_update=True)
    if row is None:
        raise UnknownWebhook
    if row.disabled_at is not None:
        raise WebhookDisabled
    return row


def _new_secret(session: Session, row: WebhookRow, at: datetime) -> str:
    secret, made = secrets.token_bytes(SECRET_BYTES), new_id(at)
    sealed = Vault.of(session).named(WEBHOOK_KEY).seal(secret, *secret_place(made))
    values = {"id": made, "webhook_id": row.id, "agency": row.agency, "secret": sealed}
    session.execute(insert(WebhookSecretRow).values(**values, made_at=at))
    return secret_text(secret)


def _queued(
    session: Session, webhook: WebhookRow, kind: str, event: UUID | None, at: datetime
) -> Delivery:
    row = WebhookDeliveryRow(
        id=new_id(at),
        webhook_id=webhook.id,
        agency=webhook.agency,
        event_id=event,
        kind=kind,
        at=at,
        attempts=0,
        next_at=at,
    )
    session.add(row)
    session.flush()
    _enqueue(session, row, at)
    return delivery_of(row)


def _enqueue(session: Session, row: WebhookDeliveryRow, due: datetime) -> None:
    enqueue(session, SEND, {"delivery": str(row.id), "agency": row.agency}, due, due)
