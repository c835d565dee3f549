"""Which purposes and categories there are, and which settings hold at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consent.models.vocabulary import CategoryRow, PolicySettingRow, PurposeRow
from consent.rules.receipts import Titles
from consent.terms import ParentsDisagree, Policy

DEFAULT_SHIELD_REVIEW_MONTHS = 6
DEFAULT_AGREEMENT_REVIEW_MONTHS = 12
MOST_VERSIONS = 500
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
    consent_renewal_months: int = _DEFAULTS.consent_renewal_months
    agreement_review_months: int = DEFAULT_AGREEMENT_REVIEW_MONTHS
    starts: datetime | None = None
    signed_by: str | None = None
    authority: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, and what was signed, newest first."""

    in_force: SettingsVersion
    versions: Sequence[SettingsVersion]


def purposes(session: Session, after: str | None, limit: int) -> Sequence[Purpose]:
    """Return purposes by code, from after one."""
    found = select(PurposeRow.code, PurposeRow.title).where(PurposeRow.code > (after or ""))
    rows = session.execute(found.order_by(PurposeRow.code).limit(limit))
    return [Purpose(*row) for row in rows]


def sensitive_categories(session: Session) -> frozenset[str]:
    """Return the codes of the categories that "all" in a yes never covers."""
    found = select(CategoryRow.code).where(CategoryRow.sensitive).order_by(CategoryRow.code)
    return frozenset(session.scalars(found))


def titles(session: Session, names: Mapping[str, str]) -> Titles:
    """Return what every purpose and category is called, beside these names of agencies."""
    purposes = dict(session.execute(select(PurposeRow.code, PurposeRow.title)).all())
    columns = (CategoryRow.code, CategoryRow.title, CategoryRow.sensitive)
    rows = session.execute(select(*columns).order_by(CategoryRow.code)).all()
    return Titles(
        names,
        purposes,
        {row.code: row.title for row in rows},
        frozenset(row.code for row in rows if row.sensitive),
    )


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


def settings(session: Session, at: datetime) -> Settings:
    """Return the settings in force at an instant, and every version that was signed."""
    return Settings(settings_at(session, at), settings_versions(session, MOST_VERSIONS))


def settings_at(session: Session, at: datetime) -> SettingsVersion:
    """Return the newest settings that have started, or the defaults."""
    started = select(PolicySettingRow).where(
        PolicySettingRow.starts <= at, PolicySettingRow.recorded_at <= at
    )
    return _newest(session, started)


def policy_at(session: Session, at: datetime) -> Policy:
    """Return what decisions read of the settings in force at an instant."""
    return _policy(settings_at(session, at))


def policy_among(versions: Sequence[SettingsVersion], at: datetime) -> Policy:
    """Return the same from all that was ever signed, newest first, for many instants at once."""
    held = (one for one in versions if _on_file(one.starts, at) and _on_file(one.recorded_at, at))
    return _policy(next(held, SettingsVersion()))


def settings_at_start(session: Session, starts: datetime) -> SettingsVersion:
    """Return what will hold at an instant, by all that is signed so far, or the defaults."""
    return _newest(session, select(PolicySettingRow).where(PolicySettingRow.starts <= starts))


def _on_file(since: datetime | None, at: datetime) -> bool:
    return since is not None and since <= at


def _policy(signed: SettingsVersion) -> Policy:
    return Policy(
        signed.own_decision_age,
        signed.verbal_grace_days,
        signed.parents_disagree,
        signed.version,
        signed.consent_renewal_months,
    )


def _newest(session: Session, among: Select[PolicySettingRow]) -> SettingsVersion:
    row = session.scalar(among.order_by(PolicySettingRow.version.desc()).limit(1))
    return SettingsVersion() if row is None else _version(row)


def _version(row: PolicySettingRow) -> SettingsVersion:
    return SettingsVersion(
        row.version,
        row.own_decision_age,
        row.verbal_grace_days,
        ParentsDisagree(row.parents_disagree),
        row.shield_review_months,
        row.consent_renewal_months,
        row.agreement_review_months,
        row.starts,
        row.signed_by,
        row.authority,
        row.recorded_at,
    )
