"""Adding purposes and categories, and signing off settings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from consent.actions.errors import CodeTaken, StartsInThePast
from consent.actions.writing import Writer
from consent.models.vocabulary import CategoryRow, PolicySettingRow, PurposeRow
from consent.queries import vocabulary
from consent.queries.vocabulary import Category, Purpose, SettingsVersion
from consent.terms import ParentsDisagree


@dataclass(frozen=True, slots=True)
class NewValues:
    """The settings that a signature changes; None leaves one as it is."""

    own_decision_age: int | None = None
    verbal_grace_days: int | None = None
    parents_disagree: ParentsDisagree | None = None
    shield_review_months: int | None = None
    consent_renewal_months: int | None = None
    agreement_review_months: int | None = None

    def given(self) -> Mapping[str, Any]:
        """Return what is to change."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a change off, by what authority, and from when it holds."""

    signed_by: str
    authority: str
    starts: datetime


def add_purpose(session: Session, new: Purpose, by: Writer, at: datetime) -> Purpose:
    """Add a purpose; `CodeTaken` if there is one of this code."""
    row = {"code": new.code, "title": new.title} | by.stamp(at)
    taken = insert(PurposeRow).values(row).on_conflict_do_nothing().returning(PurposeRow.code)
    if session.scalar(taken) is None:
        raise CodeTaken(pointer="#/code")
    return new


def add_category(session: Session, new: Category, by: Writer, at: datetime) -> Category:
    """Add a category; `CodeTaken` if there is one of this code."""
    row = {"code": new.code, "title": new.title, "sensitive": new.sensitive} | by.stamp(at)
    taken = insert(CategoryRow).values(row).on_conflict_do_nothing().returning(CategoryRow.code)
    if session.scalar(taken) is None:
        raise CodeTaken(pointer="#/code")
    return new


def sign_settings(
    session: Session, values: NewValues, signature: Signature, by: Writer, at: datetime
) -> SettingsVersion:
    """Let these settings hold from an instant; what was not named stays as it would be then.

    The newest version that has started holds: a change signed later takes the place of one that
    was to start at the same time or after.
    """
    newest = vocabulary.settings_versions(session, 1)
    if newest and signature.starts < at:
        raise StartsInThePast(pointer="#/starts")
    before = vocabulary.settings_at_start(session, signature.starts)
    after = replace(
        before,
        **values.given(),
        version=newest[0].version + 1 if newest else 1,
        starts=signature.starts,
        signed_by=signature.signed_by,
        authority=signature.authority,
        recorded_at=at,
    )
    columns = (
        "version",
        "own_decision_age",
        "verbal_grace_days",
        "parents_disagree",
        "shield_review_months",
        "consent_renewal_months",
        "agreement_review_months",
        "starts",
        "signed_by",
        "authority",
    )
    row = {name: getattr(after, name) for name in columns} | by.stamp(at)
    session.execute(insert(PolicySettingRow).values(row))
    return after
