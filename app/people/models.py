"""Tables of people's sign-in. None of them holds anything that opens a session."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class PersonRow(Base):
    """An account; `totp_step` is the last step of time whose one-time code was used."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("ends is null or ends >= starts", name="in_order"),)

    username: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    sealed_totp: Mapped[bytes] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(BigInteger)
    demonstration: Mapped[bool]
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """A person's session in one browser, by the SHA-256 of what that browser holds."""

    __tablename__ = "person_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    username: Mapped[str] = mapped_column(Text, ForeignKey("person.username"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class WrongSignInRow(Base):
    """When sign-ins went wrong lately, by a keyed digest of the name, browser or address."""

    __tablename__ = "wrong_sign_in"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[list[datetime]] = mapped_column(ARRAY(UtcDateTime))
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
