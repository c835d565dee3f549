"""Replaying what was asked, and could be asked, against a draft: some hundred at a time.

A batch is on file whole, with how far the replay has come, or not at all: whatever kills it, it
goes on after the last batch that was committed. It reads what the log may show and facts as of the
instant of each request; no record is opened, and nothing is disclosed.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.queue import enqueue
from sharing.actions.agreements import version_row
from sharing.actions.disclosing import LogStopped
from sharing.actions.errors import AlreadyActive
from sharing.actions.log import Entry, Line, append_entry
from sharing.actions.previewing import Asked, refuse, who, why_barred
from sharing.actions.signing import check_open, draft_of
from sharing.chain.leaves import EntryKind
from sharing.models.agreements import AgreementVersionRow
from sharing.models.replaying import AgreementPreviewDifferenceRow, AgreementPreviewRow
from sharing.queries.log import pulse
from sharing.queries.replaying import (
    World,
    ever_members,
    facts_of_each,
    held_by,
    logged_for,
    staying,
    whom,
    world,
)
from sharing.rules.contents import draft_in
from sharing.rules.replaying import concerns, in_force, opened_by, present, replayed, with_draft
from sharing.rules.running import why_stopped
from sharing.rules.telling import PREVIEWED
from sharing.terms.agreements import Draft
from sharing.terms.facts import Agreement
from sharing.terms.previewing import NotPreviewed, Previewer
from sharing.terms.replaying import MOST_DIFFERENCES, Changed, NotReplayed, Part, ReplayPlan, Tally

REPLAY: Final = "agreement.replay"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """How much one transaction replays, so that none is long."""

    entries: int = 200
    subjects: int = 50


USUAL_BATCH: Final = Batch()


def begin(session: Session, plan: ReplayPlan, by: Previewer, clock: Clock) -> UUID | NotPreviewed:
    """Log that somebody has a draft replayed, and have the worker do it; returns the replay's id.

    Who may not is refused, and that is logged as well. `UnknownAgreement`, `AlreadyActive`,
    `SupersededVersion`, `AlreadyTerminated` and `IncompleteAgreement` where there is no draft to
    replay; `LogStopped` where the log cannot promise the entry a place.
    """
    at = clock()
    row = version_row(session, plan.agreement, plan.version)
    theirs = may_replay(session, plan.agreement, by, at)
    barred = why_barred(session, by, at, theirs=theirs)
    if barred is not None:
        wanted = Asked(_named(row), {"person": by.person, "reason": plan.reason})
        return refuse(session, by, barred, wanted, at)
    if row.activated_at is not None:
        raise AlreadyActive("This version is in force, or was: there is nothing to foresee.")
    check_open(session, row)
    draft = draft_of(row)
    stopped = why_stopped(pulse(session), at)
    if stopped is not None:
        raise LogStopped(stopped)
    about = {"person": by.person, "reason": plan.reason}
    facts = who(by) | _named(row) | {"days": plan.days}
    speak_for(session, by.agency)
    entry = append_entry(
        session, Line(by.agency, None, PREVIEWED, facts, about), at, EntryKind.PREVIEW
    )
    running = _running(row, plan, by, entry)
    running.members = sorted(_members(session, plan.agreement, draft))
    session.add(running)
    session.flush()
    _go_on(session, running, at)
    return running.id


def _running(
    row: AgreementVersionRow, plan: ReplayPlan, by: Previewer, entry: Entry
) -> AgreementPreviewRow:
    return AgreementPreviewRow(
        id=new_id(entry.at),
        version_id=row.id,
        content=row.content,
        content_sha256=row.content_sha256,
        since=entry.at - timedelta(days=plan.days),
        until=entry.at,
        agency=by.agency,
        requested_by=by.client_id or by.person,
        entry_id=entry.id,
        begun_at=entry.at,
        part=Part.REQUESTS,
        counts=asdict(Tally()),
    )


def may_replay(session: Session, code: str, by: Previewer, at: datetime) -> bool:
    """Say whether drafts of this agreement are theirs to foresee: a member's, or an auditor's."""
    return by.whole or by.agency in staying(session, code, at)


def replay_some(session: Session, preview: UUID, at: datetime, batch: Batch = USUAL_BATCH) -> None:
    """Replay the next entries or subjects, and have the rest replayed by a job of its own."""
    found = select(AgreementPreviewRow).where(AgreementPreviewRow.id == preview)
    running = session.scalars(found.with_for_update().order_by(AgreementPreviewRow.id)).one()
    if running.ended_at is not None or running.failed_at is not None:
        return
    # A copy: counting must not change what the session holds to be on file.
    tally = Tally(**deepcopy(running.counts))
    replaying = _Replaying(running, _stage(session, running), tally, batch)
    if running.part == Part.REQUESTS:
        _replay_requests(session, replaying)
    else:
        _replay_subjects(session, replaying, at)
    running.counts = asdict(tally)
    session.flush()
    if running.ended_at is None:
        _go_on(session, running, at)


def give_up(session: Session, preview: UUID, because: str, at: datetime) -> None:
    """Have a replay say that it failed for good, and by which kind of fault."""
    running = session.get_one(AgreementPreviewRow, preview, with_for_update=True)
    if running.ended_at is None:
        running.failed_at, running.failed_because = at, because
        session.flush()


@dataclass(frozen=True, slots=True)
class _Stage:
    """The world as it was and is, and the draft that is put into it."""

    version: AgreementVersionRow
    world: World
    draft: Agreement


@dataclass(frozen=True, slots=True)
class _Replaying:
    """A replay that is going on."""

    running: AgreementPreviewRow
    stage: _Stage
    tally: Tally
    batch: Batch


def _stage(session: Session, running: AgreementPreviewRow) -> _Stage:
    version = session.get_one(AgreementVersionRow, running.version_id)
    draft = draft_in(json.loads(running.content))
    parties = frozenset(one.agency for one in draft.parties or ())
    members = parties & staying(session, version.agreement, running.until)
    drafted = in_force(version.agreement, version.version, draft, sorted(members))
    return _Stage(version, world(session), drafted)


def _replay_requests(session: Session, on: _Replaying) -> None:
    """Replay the next requests of a member; after the last, turn to the next, or to subjects."""
    running = on.running
    recipient = running.recipient or running.members[0]
    speak_for(session, recipient)
    listed = logged_for(session, running, recipient, on.batch.entries)
    members = frozenset(running.members)
    asked = [one for _, one in listed if one is not None and concerns(one, members)]
    about = whom(session, asked)
    instants = [one.at for one in asked]
    facts = facts_of_each(session, list(zip(about, instants, strict=True)))
    outcomes = []
    for one, known in zip(asked, facts, strict=True):
        then = on.stage.world.at(one.at)
        outcomes.append(replayed(one, then, with_draft(then, on.stage.draft), known))
    _keep(session, on, Part.REQUESTS, outcomes)
    if len(listed) == on.batch.entries:
        running.recipient, running.after_id = recipient, listed[-1][0]
        return
    following = [one for one in running.members if one > recipient]
    running.recipient, running.after_id = (following[0] if following else None), None
    if not following:
        running.part = Part.SUBJECTS


def _replay_subjects(session: Session, on: _Replaying, at: datetime) -> None:
    """Ask all that can be asked of the next subjects; end the replay after the last of them."""
    running, stage = on.running, on.stage
    speak_for(session, running.agency)
    subjects = held_by(session, running.members, running.after_id, running.until, on.batch.subjects)
    before = stage.world.at(running.until)
    after = with_draft(before, stage.draft)
    opened = opened_by(stage.draft.code, (before, after), running.members, running.until)
    for facts in facts_of_each(session, [(one, running.until) for one in subjects]):
        changes = present(opened, before, after, facts, running.until)
        _keep(session, on, Part.SUBJECTS, list(changes))
    on.tally.subjects_looked_at += len(subjects)
    if len(subjects) == on.batch.subjects:
        running.after_id = subjects[-1]
    else:
        _end(session, on, at)


def _keep(
    session: Session, on: _Replaying, part: Part, outcomes: Iterable[Changed | NotReplayed]
) -> None:
    """Count what became of each answer, and keep what is different."""
    kept = []
    for one in outcomes:
        if isinstance(one, NotReplayed):
            on.tally.skipped(one)
            continue
        on.tally.counted(part, one)
        if one.difference is not None and on.tally.differences < MOST_DIFFERENCES:
            on.tally.differences += 1
            row = asdict(one.difference) | {"preview_id": on.running.id}
            kept.append(row | {"number": on.tally.differences})
    if kept:
        session.execute(insert(AgreementPreviewDifferenceRow), kept)


def _end(session: Session, on: _Replaying, at: datetime) -> None:
    """Put the result into the log, where nobody can make another of it later."""
    running, tally = on.running, on.tally
    running.ended_at = at
    facts = {
        "entry": EntryKind.PREVIEW,
        "outcome": PREVIEWED,
        "agency": running.agency,
        "asked_by": str(running.entry_id),
        "requests": tally.requests,
        "subjects": tally.subjects,
        "not_replayed": tally.not_replayed,
    }
    line = Line(running.agency, None, PREVIEWED, facts | _named(on.stage.version, running), {})
    append_entry(session, line, at, EntryKind.PREVIEW)


def _named(version: AgreementVersionRow, running: AgreementPreviewRow | None = None) -> Json:
    said = version if running is None else running
    return {
        "agreement": version.agreement,
        "version": version.version,
        "content_sha256": said.content_sha256,
    }


def _members(session: Session, code: str, draft: Draft) -> frozenset[str]:
    return ever_members(session, code) | {one.agency for one in draft.parties or ()}


def _go_on(session: Session, running: AgreementPreviewRow, at: datetime) -> None:
    enqueue(session, REPLAY, {"preview": str(running.id)}, at, at)
