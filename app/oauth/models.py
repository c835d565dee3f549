"""Tables of the authorization server. Tokens are not among them: they are signed, not stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class ClientRow(Base):
    """A registered client: whom it speaks for, what it may ask, and the public half of its keys."""

    __tablename__ = "oauth_client"

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    jwks: Mapped[dict[str, Any]] = mapped_column(JSONB)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    may_override: Mapped[bool]
    grants: Mapped[list[str]] = mapped_column(ARRAY(Text))
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    token_rate: Mapped[int]
    token_burst: Mapped[int]
    api_rate: Mapped[int]
    api_burst: Mapped[int]
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AgencyKeyRow(Base):
    """A public key with which an agency vouches for its practitioners."""

    __tablename__ = "oauth_agency_key"

    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"), primary_key=True)
    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SigningKeyRow(Base):
    """A key of ours. Its dates say what it is: next, present, or kept until its tokens are dead."""

    __tablename__ = "oauth_key"
    __table_args__ = (
        Index(
            "uq_oauth_key_next",
            text("(1)"),
            unique=True,
            postgresql_where=text("signs_from is null"),
        ),
        Index(
            "uq_oauth_key_present",
            text("(1)"),
            unique=True,
            postgresql_where=text("signs_from is not null and signs_until is null"),
        ),
    )

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    public: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_private: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signs_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signs_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedRow(Base):
    """The digest of what may be used once, and was; after `until` it would be refused anyway."""

    __tablename__ = "oauth_used"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RevokedRow(Base):
    """A token, grant, client or agency that is cut off; without `until`, for good."""

    __tablename__ = "oauth_revoked"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class RateRow(Base):
    """What is left in a bucket, as of `at`, by the database's own clock."""

    __tablename__ = "oauth_rate"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
