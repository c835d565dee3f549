"""The words a partnership may use, and the settings that its council signed off."""

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import Instant, Line, Recorded, one_of


class PurposeRow(Recorded, Base):
    """What information may be asked for."""

    __tablename__ = "purpose"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[Line]


class CategoryRow(Recorded, Base):
    """Which kind of information may be asked for, and whether its very name is sensitive."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[Line]
    sensitive: Mapped[bool]


class PolicySettingRow(Recorded, Base):
    """All settings as one signature left them; the newest that has started holds."""

    __tablename__ = "policy_setting"
    __table_args__ = (
        one_of("parents_disagree", "any_no_blocks", "one_yes_suffices"),
        CheckConstraint(
            "own_decision_age > 0 and verbal_grace_days >= 0 and shield_review_months > 0",
            name="sensible",
        ),
        CheckConstraint(
            "consent_renewal_months > 0 and agreement_review_months > 0", name="sensible_periods"
        ),
    )

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    own_decision_age: Mapped[int]
    verbal_grace_days: Mapped[int]
    parents_disagree: Mapped[Line]
    shield_review_months: Mapped[int]
    consent_renewal_months: Mapped[int]
    agreement_review_months: Mapped[int]
    starts: Mapped[Instant]
    signed_by: Mapped[Line]
    authority: Mapped[Line]
