"""What a replay reads, some hundred at a time: entries, facts as of an instant, and subjects."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.kernel.db import UtcDateTime
from app.kernel.ids import first_id
from app.kernel.vault import Vault
from consent.queries.facts import FactsRow, facts_at
from consent.queries.opened import subject_from
from consent.queries.subjects import taken
from consent.queries.vocabulary import (
    MOST_VERSIONS,
    SettingsVersion,
    policy_among,
    settings_versions,
    titles,
)
from directory.queries.agencies import agency_standings
from sharing.chain.leaves import EntryKind, parse_leaf
from sharing.models.agreements import AgreementMemberRow, AgreementVersionRow
from sharing.models.log import LogEntryRow, LogSubjectRow
from sharing.models.records import RecordRow
from sharing.models.replaying import AgreementPreviewDifferenceRow, AgreementPreviewRow
from sharing.queries.agreements_asked import agreements_from, agreements_through_time
from sharing.queries.asking import standing_of, withhold_from, withholds_of
from sharing.rules.replaying import as_told, looked_for_nobody
from sharing.terms.facts import Holding, SubjectFacts, Terms
from sharing.terms.replaying import Change, Difference, Logged, Part, Replay, Tally

Counts = dict[str, int]
_UUIDS: Final[Any] = ARRAY(Uuid)
_INSTANTS: Final[Any] = ARRAY(UtcDateTime)


@dataclass(frozen=True, slots=True)
class World:
    """Every agreement that ever was and every setting, to decide at any instant of the past."""

    terms: Terms
    settings: Sequence[SettingsVersion]

    def at(self, instant: datetime) -> Terms:
        """Return the terms with the settings that held at an instant."""
        return replace(self.terms, policy=policy_among(self.settings, instant))


def world(session: Session) -> World:
    """Return what decisions rest on besides the subject, through all time."""
    words = titles(session, {})
    terms = Terms(
        frozenset(words.purposes),
        {code: code in words.sensitive for code in words.categories},
        standing_of(session.scalar(agency_standings())),
        agreements_from(session.scalars(agreements_through_time()).one()),
    )
    return World(terms, settings_versions(session, MOST_VERSIONS))


def staying(session: Session, agreement: str, at: datetime) -> frozenset[str]:
    """Return the agencies that are on file as members and have not left."""
    member = AgreementMemberRow
    found = select(member.agency).where(
        member.agreement == agreement, or_(member.departed.is_(None), member.departed > at)
    )
    return frozenset(session.scalars(found))


def ever_members(session: Session, agreement: str) -> frozenset[str]:
    """Return the agencies that are, were or will be members."""
    member = AgreementMemberRow
    return frozenset(session.scalars(select(member.agency).where(member.agreement == agreement)))


def logged_for(
    session: Session, running: AgreementPreviewRow, recipient: str, limit: int
) -> list[tuple[UUID, Logged | None]]:
    """Return entries of a recipient in order, from after where the replay is; None for no request.

    The session speaks for the recipient: row-level security shows it no other's.
    """
    entry, person = LogEntryRow, LogSubjectRow
    after = running.after_id or first_id(running.since)
    found = (
        select(entry, person.subject, person.opening)
        .outerjoin(person, person.id == entry.id)
        .where(entry.recipient == recipient, entry.id > after)
        .where(entry.at >= running.since, entry.at < running.until)
        .order_by(entry.id)
        .limit(limit)
    )
    key = Vault.of(session).named("log")
    listed: list[tuple[UUID, Logged | None]] = []
    for row, subject, opening in session.execute(found):
        if parse_leaf(row.leaf).kind is not EntryKind.DECISION:
            listed.append((row.id, None))
            continue
        opened = None
        if opening is not None:
            opened = json.loads(key.open(opening, "log_subject", row.id, "opening"))
        facts = json.loads(row.facts)
        listed.append((row.id, Logged(row.id, row.at, row.recipient, facts, opened, subject)))
    return listed


def whom(session: Session, listed: Sequence[Logged]) -> list[UUID | None]:
    """Return whom each request is about, as it was found then; where nobody was looked for, now."""
    vault = Vault.of(session)
    digests: dict[UUID, list[bytes]] = {
        one.id: [vault.blind_index(i["scheme"], i["value"]) for i in one.about["identifiers"]]
        for one in listed
        if one.about is not None and looked_for_nobody(one)
    }
    named = taken(session, {digest for found in digests.values() for digest in found})
    found_now = {
        entry: {named[digest] for digest in found if digest in named}
        for entry, found in digests.items()
    }
    return [
        next(iter(found_now[one.id])) if len(found_now.get(one.id, ())) == 1 else one.subject
        for one in listed
    ]


def facts_of_each(
    session: Session, asked: Sequence[tuple[UUID | None, datetime]]
) -> list[SubjectFacts]:
    """Return what was on file of each subject at its instant, in order; nothing for None."""
    named = [(place, one) for place, one in enumerate(asked) if one[0] is not None]
    answer = [SubjectFacts(None)] * len(asked)
    rows = session.execute(
        _FACTS,
        {"subjects": [one[0] for _, one in named], "instants": [one[1] for _, one in named]},
    )
    vault = Vault.of(session)
    for row in rows:
        subject = subject_from(cast("FactsRow", row), vault)
        if subject is not None:
            answer[named[row.n - 1][0]] = SubjectFacts(
                subject,
                tuple(Holding(source, category) for source, category in row.holdings or ()),
                tuple(withhold_from(one) for one in row.withholds or ()),
            )
    return answer


def held_by(
    session: Session, sources: Sequence[str], after: UUID | None, at: datetime, limit: int
) -> list[UUID]:
    """Return subjects of whom one of these agencies holds something, in order, from after one."""
    row = RecordRow
    found = select(row.subject_id).distinct().where(row.source.in_(sources), _held(at))
    if after is not None:
        found = found.where(row.subject_id > after)
    return list(session.scalars(found.order_by(row.subject_id).limit(limit)))


def replay(session: Session, agreement: str, number: int, preview: UUID) -> Replay | None:
    """Return a replay of this version as it stands, or None."""
    found = _replays(agreement, number).where(AgreementPreviewRow.id == preview)
    return next((_replay(*row) for row in session.execute(found)), None)


def replays(
    session: Session, agreement: str, number: int, *, after: UUID | None, limit: int
) -> list[Replay]:
    """Return the replays of a version, the newest first, from after one."""
    found = _replays(agreement, number).order_by(AgreementPreviewRow.id.desc()).limit(limit)
    if after is not None:
        found = found.where(AgreementPreviewRow.id < after)
    return [_replay(*row) for row in session.execute(found)]


def differences(
    session: Session, preview: UUID, *, after: int, limit: int
) -> list[tuple[int, Difference]]:
    """Return what a draft would change, numbered; row-level security chooses what is shown."""
    row = AgreementPreviewDifferenceRow
    found = select(row).where(row.preview_id == preview, row.number > after)
    return [
        (one.number, _difference(one))
        for one in session.scalars(found.order_by(row.number).limit(limit))
    ]


def groups_shown(session: Session, preview: UUID, agency: str) -> dict[str, dict[str, Counts]]:
    """Return what changes from which reason to which, of the differences this agency may see.

    The session speaks for the agency: row-level security shows it no other's.
    """
    row = AgreementPreviewDifferenceRow
    groups: dict[str, dict[str, Counts]] = {}
    for found in session.scalars(select(row).where(row.preview_id == preview).order_by(row.number)):
        one = as_told(_difference(found), agency)
        after = groups.setdefault(one.part.value, {}).setdefault(one.before, {})
        after[one.after] = after.get(one.after, 0) + 1
    return groups


def _facts_statement() -> Select[Any]:
    facts = facts_at(
        bindparam("subjects", type_=_UUIDS), bindparam("instants", type_=_INSTANTS)
    ).subquery("facts")
    pair = func.json_build_array(RecordRow.source, RecordRow.category)
    holdings = (
        select(func.json_agg(pair))
        .where(RecordRow.subject_id == facts.c.subject_id, _held(facts.c.at))
        .scalar_subquery()
    )
    withholds = withholds_of(facts.c.subject_id, facts.c.at)
    return select(facts, holdings.label("holdings"), withholds.label("withholds")).order_by(
        facts.c.n
    )


def _held(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say whether a record was held at an instant; one that ended may have been emptied since."""
    row = RecordRow
    return (
        or_(row.content.is_not(None), row.ends.is_not(None))
        & (row.recorded_at <= at)
        & (row.starts <= at)
        & or_(row.ends.is_(None), row.ends > at)
    )


def _replays(agreement: str, number: int) -> Select[AgreementPreviewRow, str, int]:
    row, version = AgreementPreviewRow, AgreementVersionRow
    return (
        select(row, version.agreement, version.version)
        .join(version, version.id == row.version_id)
        .where(version.agreement == agreement, version.version == number)
        .execution_options(populate_existing=True)
    )


def _replay(row: AgreementPreviewRow, agreement: str, version: int) -> Replay:
    return Replay(
        id=row.id,
        agreement=agreement,
        version=version,
        content_sha256=row.content_sha256,
        since=row.since,
        until=row.until,
        agency=row.agency,
        requested_by=row.requested_by,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        part=Part(row.part),
        tally=Tally(**row.counts),
        entry=row.entry_id,
        failed_at=row.failed_at,
        failed_because=row.failed_because,
    )


def _difference(row: AgreementPreviewDifferenceRow) -> Difference:
    return Difference(
        part=Part(row.part),
        change=Change(row.change),
        at=row.at,
        recipient=row.recipient,
        source=row.source,
        purpose=row.purpose,
        kind=row.kind,
        before=row.before,
        after=row.after,
        told_before=tuple(row.told_before),
        told_after=tuple(row.told_after),
        entry=row.entry,
        subject=row.subject,
    )


_FACTS: Final = _facts_statement()
