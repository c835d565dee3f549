"""Which purposes and categories there are, and which settings hold at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Select, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from consent.models.vocabulary import CategoryRow, PolicySettingRow, PurposeRow
from consent.terms import ParentsDisagree, Policy

DEFAULT_SHIELD_REVIEW_MONTHS = 6
_DEFAULTS = Policy()


@dataclass(frozen=True, slots=True)
class Purpose:
    """What information may be asked for."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Category:
    """Which kind of information there is; `sensitive`: "all" in a yes never covers it."""

    code: str
    title: str
    sensitive: bool


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """All settings as one signature left them; version 0 is what holds before anyone signed."""

    version: int = 0
    own_decision_age: int = _DEFAULTS.own_decision_age
    verbal_grace_days: int = _DEFAULTS.verbal_grace_days
    parents_disagree: ParentsDisagree = _DEFAULTS.parents_disagree
    shield_review_months: int = DEFAULT_SHIELD_REVIEW_MONTHS
    starts: datetime | None = None
    signed_by: str | None = None
    authority: str | None = None
    recorded_at: datetime | None = None


class SettledRow(Protocol):
    """The columns of `settled`."""

    purposes: list[str]
    categories: dict[str, bool]
    policy: dict[str, Any] | None


def settled(at: BindParameter[datetime] | ColumnElement[datetime]) -> Select[Any]:
    """Return the statement of one row: all purposes, all categories, the policy in force."""
    purpose, category = PurposeRow.__table__.c, CategoryRow.__table__.c
    setting = PolicySettingRow.__table__.c
    codes = func.json_agg(aggregate_order_by(purpose.code, purpose.code))
    none: ColumnElement[Any] = literal_column("'[]'::json")
    nothing: ColumnElement[Any] = literal_column("'{}'::json")
    policy = (
        select(func.row_to_json(literal_column("policy_setting")))
        .select_from(PolicySettingRow.__table__)
        .where(setting.starts <= at, setting.recorded_at <= at)
        .order_by(setting.version.desc())
        .limit(1)
    )
    return select(
        select(func.coalesce(codes, none)).scalar_subquery().label("purposes"),
        select(func.coalesce(func.json_object_agg(category.code, category.sensitive), nothing))
        .scalar_subquery()
        .label("categories"),
        policy.scalar_subquery().label("policy"),
    )


def policy_from(row: SettledRow) -> Policy:
    """Return the policy of a row; the defaults, as version 0, before anyone signed."""
    found = row.policy
    if found is None:
        return Policy()
    return Policy(
        found["own_decision_age"],
        found["verbal_grace_days"],
        ParentsDisagree(found["parents_disagree"]),
        found["version"],
    )


def vocabulary_from(row: SettledRow) -> tuple[frozenset[str], Mapping[str, bool]]:
    """Return the purposes, and of each category whether it is sensitive."""
    return frozenset(row.purposes), row.categories


def purposes(session: Session, after: str | None, limit: int) -> Sequence[Purpose]:
    """Return purposes by code, from after one."""
    found = select(PurposeRow.code, PurposeRow.title).where(PurposeRow.code > (after or ""))
    rows = session.execute(found.order_by(PurposeRow.code).limit(limit))
    return [Purpose(*row) for row in rows]


def categories(session: Session, after: str | None, limit: int) -> Sequence[Category]:
    """Return categories by code, from after one."""
    columns = (CategoryRow.code, CategoryRow.title, CategoryRow.sensitive)
    found = select(*columns).where(CategoryRow.code > (after or ""))
    rows = session.execute(found.order_by(CategoryRow.code).limit(limit))
    return [Category(*row) for row in rows]


def unknown_purposes(session: Session, codes: frozenset[str]) -> frozenset[str]:
    """Return those of these codes that are no purpose."""
    return codes - set(session.scalars(select(PurposeRow.code).where(PurposeRow.code.in_(codes))))


def unknown_categories(session: Session, codes: frozenset[str]) -> frozenset[str]:
    """Return those of these codes that are no category."""
    known = select(CategoryRow.code).where(CategoryRow.code.in_(codes))
    return codes - set(session.scalars(known))


def settings_versions(session: Session, limit: int) -> Sequence[SettingsVersion]:
    """Return what was signed off, newest first."""
    newest_first = select(PolicySettingRow).order_by(PolicySettingRow.version.desc())
    return [_version(row) for row in session.scalars(newest_first.limit(limit))]


def settings_at(session: Session, at: datetime) -> SettingsVersion:
    """Return the newest settings that have started, or the defaults."""
    started = select(PolicySettingRow).where(
        PolicySettingRow.starts <= at, PolicySettingRow.recorded_at <= at
    )
    row = session.scalar(started.order_by(PolicySettingRow.version.desc()).limit(1))
    return SettingsVersion() if row is None else _version(row)


def _version(row: PolicySettingRow) -> SettingsVersion:
    return SettingsVersion(
        row.version,
        row.own_decision_age,
        row.verbal_grace_days,
        ParentsDisagree(row.parents_disagree),
        row.shield_review_months,
        row.starts,
        row.signed_by,
        row.authority,
        row.recorded_at,
    )
