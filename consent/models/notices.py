"""What people were told before they answered, word for word."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import Instant, Line, Recorded


class PrivacyNoticeRow(Recorded, Base):
    """One version of a privacy notice in one language; never changed, for people relied on it."""

    __tablename__ = "privacy_notice"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[Line]
    text: Mapped[Line]
    sha256: Mapped[Line]
    starts: Mapped[Instant]
    approved_by: Mapped[Line]
