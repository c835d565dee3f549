"""Signing off how entries are scored, and trying other settings on what was scored before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.queries.agencies import unknown_codes
from sharing.actions.errors import UnknownWord
from sharing.actions.log import Line, append_entry
from sharing.actions.review_errors import ReviewSettingsInThePast
from sharing.chain.leaves import EntryKind
from sharing.models.scoring import ReviewSettingRow
from sharing.queries.review_settings import settings_at, settings_from, settings_signed
from sharing.queries.reviewing import MOST_LOOKS, looks_since
from sharing.rules.dry_run import dry_run
from sharing.rules.measuring import changed, kept_settings
from sharing.rules.telling import READ, REVIEWED
from sharing.terms.reviewing import Examiner
from sharing.terms.scoring import DryRun, ReviewSettingsVersion

_SIGNING: Final = 0x5249474854534554  # "RIGHTSET": one signs at a time
SIGNED: Final = "review_settings"
TRIED: Final = "review_dry_run"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed settings off, by what authority, and from when they hold."""

    signed_by: str
    authority: str
    starts: datetime


def sign(
    session: Session, changes: Mapping[str, Any], signature: Signature, by: Examiner, at: datetime
) -> ReviewSettingsVersion:
    """Let changed settings hold from an instant; what is not named stays, and so does the past.

    `ReviewSettingsInThePast`; `UnknownWord` for the sample of an agency that nobody knows. The
    session speaks for the signing agency.
    """
    if signature.starts < at:
        raise ReviewSettingsInThePast(pointer="#/starts")
    _check_agencies(session, changes)
    session.execute(select(func.pg_advisory_xact_lock(_SIGNING)))
    newest = settings_signed(session)
    before = settings_from(session, signature.starts)
    after = ReviewSettingsVersion(
        newest[0].version + 1 if newest else 1,
        changed(before.values, changes),
        signature.starts,
        signature.signed_by,
        signature.authority,
        at,
    )
    row = {
        "version": after.version,
        "content": kept_settings(after.values),
        "starts": after.starts,
        "signed_by": after.signed_by,
        "authority": after.authority,
        "recorded_at": at,
        "recorded_by": by.name,
        "recorded_by_agency": by.agency,
    }
    session.execute(insert(ReviewSettingRow).values(row))
    _log(session, by, {"act": SIGNED, "outcome": REVIEWED, "version": after.version}, at)
    return after


def try_out(  # noqa: PLR0913  (what, on how much, for whom, and when)
    session: Session,
    reading: Session,
    changes: Mapping[str, Any],
    days: int,
    by: Examiner,
    *,
    at: datetime,
) -> DryRun:
    """Say what changed settings would have queued of the past days; nothing is queued or changed.

    `reading` sees the looks that are judged; `session` speaks for the agency of whoever tries, and
    writes the entry that says so. The newest come first; past a limit the run is not `complete`.
    """
    _check_agencies(session, changes)
    in_force = settings_at(session, at).values
    looks = looks_since(reading, at - timedelta(days=days))
    run = dry_run(looks, in_force, changed(in_force, changes))
    run.complete = run.looked_at < MOST_LOOKS
    _log(session, by, {"act": TRIED, "outcome": READ, "days": days}, at, EntryKind.READING)
    return run


def _check_agencies(session: Session, changes: Mapping[str, Any]) -> None:
    unknown = unknown_codes(session, set(changes.get("sample_by_agency", ())))
    if unknown:
        raise UnknownWord(f"No agency has the code {min(unknown)}.", "#/values/sample_by_agency")


def _log(
    session: Session,
    by: Examiner,
    facts: Mapping[str, Any],
    at: datetime,
    kind: EntryKind = EntryKind.REVIEW,
) -> None:
    said = {"client": by.client, "agency": by.agency, "by_a_person": by.person is not None}
    line = Line(by.agency, None, str(facts["outcome"]), said | dict(facts), {"person": by.person})
    append_entry(session, line, at, kind)
