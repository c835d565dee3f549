"""Where agencies have events sent, the secrets that sign them, and what became of each sending."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class WebhookRow(Base):
    """An address of an agency's own; switched off, never forgotten."""

    __tablename__ = "webhook"
    __table_args__ = (Index(None, "agency", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    url: Mapped[str] = mapped_column(Text)
    registered_by: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_because: Mapped[str | None] = mapped_column(Text)


class WebhookSecretRow(Base):
    """What signs messages to a webhook, sealed; an older one signs beside the newest for a day."""

    __tablename__ = "webhook_secret"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"), index=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDeliveryRow(Base):
    """One message to one webhook: its id is the message's, the same at every attempt."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("num_nonnulls(next_at, delivered_at, given_up_at) = 1", name="one_state"),
        Index(None, "webhook_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_status: Mapped[int | None]
    last_fault: Mapped[str | None] = mapped_column(Text)
