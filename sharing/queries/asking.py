"""What one request needs to know, in two round trips: first the asker's half, then the subject's.

The first statement also names the recipient to row-level security and takes the shared locks on
the identifiers asked, and on who lives with the subject if that is asked: all in the order of their
keys, so that no two who lock wait for each other. The second begins after them, so it sees every
change that was committed while it waited; a lock and the facts in one statement would read what
stood before the wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    LargeBinary,
    String,
    any_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import UtcDateTime
from app.kernel.prepared import Prepared
from app.kernel.vault import DataKey, Vault
from consent.queries.facts import At, subject_facts
from consent.queries.locks import household_lock_keys, member_lock_keys, shared_lock_keys
from consent.queries.opened import household_from, opened_subject
from consent.queries.words import (
    categories_known,
    every_category,
    every_purpose,
    policy_from,
    policy_in_force,
    purposes_known,
)
from consent.terms import Period
from directory.queries.agencies import agency_standings, standings
from sharing.models.log import LogStateRow
from sharing.models.records import RecordRow, WithholdRow, WithholdSubjectRow
from sharing.queries.agreements_asked import agreements_asked, agreements_from
from sharing.terms.answers import Pulse
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import EVERY_SOURCE, HOUSEHOLD, Kind
from sharing.terms.facts import AgencyStanding, Holding, SubjectFacts, Terms, Withhold

_TEXTS: Final[Any] = ARRAY(String)
_BYTES: Final[Any] = ARRAY(LargeBinary)


@dataclass(frozen=True, slots=True)
class Held:
    """One record that a source holds at the instant asked; its content is still sealed."""

    id: UUID
    source: str
    category: str
    recorded_at: datetime
    sealed: bytes | None
    disputed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is on file about the subject asked for: facts to decide on, and records to read out."""

    facts: SubjectFacts
    at: datetime
    records: tuple[Held, ...] = ()
    key: DataKey | None = None


def digests_of(session: Session, asked: DisclosureRequest) -> list[bytes]:
    """Return the blind index of each identifier asked; the same for known and unknown ones."""
    vault = Vault.of(session)
    return sorted({vault.blind_index(one.scheme, one.value) for one in asked.identifiers})


@dataclass(frozen=True, slots=True)
class Begun:
    """The asker's half, the keys that this transaction has locked, and whether the log runs."""

    terms: Terms
    locked: frozenset[int]
    pulse: Pulse


def terms_for(
    session: Session, asked: DisclosureRequest, digests: list[bytes], at: datetime
) -> Begun:
    """Return the asker's half; from here on nobody changes the subject until this transaction ends.

    The session speaks for the asking agency from here on too.
    """
    statement = _EVERY_SOURCE if asked.source == EVERY_SOURCE else _ONE_SOURCE
    row = statement.one(
        session,
        {
            "asker": asked.asker.agency,
            "keys": shared_lock_keys(digests),
            "household_of": digests if HOUSEHOLD in asked.categories else [],
            "purpose": asked.purpose,
            "categories": list(asked.categories),
            "agencies": [asked.asker.agency, asked.source],
            "recipient": asked.recipient,
            "source": asked.source,
            "at": at,
        },
    )
    return _begun(row)


def every_term_for(
    session: Session, asker: str, recipient: str, digests: list[bytes], at: datetime
) -> Begun:
    """Return the same for whatever the recipient could ask, under the same locks.

    The session speaks for `asker`, who previews, from here on.
    """
    row = _EVERYTHING.one(
        session,
        {
            "asker": asker,
            "keys": shared_lock_keys(digests),
            "household_of": digests,
            "recipient": recipient,
            "source": EVERY_SOURCE,
            "at": at,
        },
    )
    return _begun(row)


def standing_of(answer: Any) -> dict[str, AgencyStanding]:  # noqa: ANN401  (the JSON of one column)
    """Read what `agency_standings` answered as a decision reads it."""
    return {
        code: AgencyStanding(
            tuple(Period(one.starts, one.ends) for one in found.active), found.sensitive_service
        )
        for code, found in standings(answer).items()
    }


def _begun(row: Any) -> Begun:  # noqa: ANN401  (a row of one of the statements on terms)
    terms = Terms(
        frozenset(row.purposes),
        row.categories,
        standing_of(row.agencies),
        agreements_from(row.agreements),
        policy_from(row.policy),
    )
    pulse = Pulse(row.checked_at, row.halted_because)
    return Begun(terms, frozenset(row.locked or ()), pulse)


def found_about(
    session: Session,
    asked: DisclosureRequest,
    digests: list[bytes],
    locked: frozenset[int],
    clock: Clock,
) -> Found:
    """Return the subject's half, in the same shape and by the same work for an unknown one.

    The instant is read from the clock while the locks are held: what was recorded before them is
    then never later than it, so a withdrawal that was answered is a withdrawal that counts.
    """
    parameters: dict[str, Any] = {
        "digests": digests,
        "source": asked.source,
        "categories": list(asked.categories),
        "with_content": asked.kind == Kind.CONTENT,
        "at": clock(),
    }
    row = _SUBJECT.one(session, parameters)
    if HOUSEHOLD in asked.categories:
        # Their shields decide what is left out, so they must not change under our hands either.
        members = member_lock_keys(one.id for one in household_from(row))
        if not locked.issuperset(members):  # somebody moved in while we waited for the locks
            session.execute(_LOCK_MEMBERS, {"keys": members})
            parameters["at"] = clock()
            row = _SUBJECT.one(session, parameters)
    return _found(row, Vault.of(session), parameters["at"])


def _found(row: Any, vault: Vault, at: datetime) -> Found:  # noqa: ANN401  (a row of _SUBJECT)
    opened = opened_subject(row, vault)
    if opened is None:
        vault.unwrap_nobody()
        return Found(SubjectFacts(None), at)
    subject, key = opened
    records = tuple(
        Held(*one)
        for one in zip(
            row.ids or (),
            row.sources or (),
            row.held or (),
            row.recorded or (),
            row.contents or (),
            row.disputed or (),
            strict=True,
        )
    )
    holdings = tuple(Holding(one.source, one.category) for one in records)
    withholds = tuple(withhold_from(one) for one in row.withholds or ())
    facts = SubjectFacts(subject, holdings, withholds, household_from(row))
    return Found(facts, at, records, key)


def withhold_from(one: Mapping[str, Any]) -> Withhold:
    """Read one withhold of the JSON list that `withholds_of` answers."""
    ends = None if one["ends"] is None else datetime.fromisoformat(one["ends"])
    period = Period(datetime.fromisoformat(one["starts"]), ends)
    return Withhold(UUID(one["id"]), one["source"], frozenset(one["categories"]), period)


def _terms_statement(
    agencies: BindParameter[list[str]] | None, *words: ColumnElement[Any]
) -> Prepared:
    """Return the statement for one purpose and some categories; with `words`, for all there are."""
    purpose = None if words else bindparam("purpose", type_=String)
    at = bindparam("at", type_=UtcDateTime)
    asked_for = func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("key")
    living_there = household_lock_keys(bindparam("household_of", type_=_BYTES))
    keys = union(select(asked_for), living_there).order_by("key").subquery("keys").c.key
    taken = func.pg_advisory_xact_lock_shared(keys)
    locked = select(func.array_agg(keys).filter(taken.is_not(None))).scalar_subquery()
    agreements = agreements_asked(
        bindparam("recipient", type_=String), bindparam("source", type_=String), purpose, at
    )
    purposes, categories = words or _words_asked()
    return Prepared(
        select(
            func.set_config("rightshare.agency", bindparam("asker", type_=String), true()),
            locked.label("locked"),
            purposes.label("purposes"),
            categories.label("categories"),
            agency_standings(agencies).scalar_subquery().label("agencies"),
            agreements.label("agreements"),
            policy_in_force(at).label("policy"),
            LogStateRow.checked_at,
            LogStateRow.halted_because,
        )
    )


def _words_asked() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    asked_for = bindparam("categories", type_=_TEXTS)
    return purposes_known(bindparam("purpose", type_=String)), categories_known(asked_for)


def _subject_statement() -> Prepared:
    at = bindparam("at", type_=UtcDateTime)
    facts = subject_facts(bindparam("digests", type_=_BYTES), at).subquery("facts")
    held = _held(facts.c.subject_id, at).lateral("held")
    return Prepared(
        select(facts, held, withholds_of(facts.c.subject_id, at).label("withholds")).select_from(
            facts.join(held, true())
        )
    )


def _held(subject: ColumnElement[UUID], at: BindParameter[datetime]) -> Any:  # noqa: ANN401
    """Return arrays, one element for each record that the asked sources hold at that instant."""
    row = RecordRow
    source = bindparam("source", type_=String)
    content = case((bindparam("with_content", type_=Boolean), row.content), else_=null())

    def listed(column: Any, name: str) -> ColumnElement[Any]:  # noqa: ANN401
        return func.array_agg(aggregate_order_by(column, row.recorded_at, row.id)).label(name)

    return select(
        listed(row.id, "ids"),
        listed(row.source, "sources"),
        listed(row.category, "held"),
        listed(row.recorded_at, "recorded"),
        listed(content, "contents"),
        listed(row.disputed_at, "disputed"),
    ).where(
        row.subject_id == subject,
        row.content.is_not(None),
        or_(source == literal(EVERY_SOURCE), row.source == source),
        row.category == any_(bindparam("categories", type_=_TEXTS)),
        row.recorded_at <= at,
        row.starts <= at,
        or_(row.ends.is_(None), row.ends > at),
        # Past its retention it is told to nobody, whether or not its content is removed yet.
        or_(row.retain_until.is_(None), row.retain_until > at),
    )


def withholds_of(subject: ColumnElement[UUID], at: At) -> ColumnElement[Any]:
    """Return a JSON list of what sources hold back about a subject, as it was on file."""
    row = WithholdRow
    one = func.json_build_object(
        "id", row.id, "source", row.source, "categories", row.categories,
        "starts", row.starts, "ends", row.ends,
    )  # fmt: skip
    return (
        select(func.json_agg(aggregate_order_by(one, row.id)))
        .join(WithholdSubjectRow, WithholdSubjectRow.withhold_id == row.id)
        .where(WithholdSubjectRow.subject_id == subject, row.recorded_at <= at)
        .scalar_subquery()
    )


_ONE_SOURCE: Final = _terms_statement(bindparam("agencies", type_=_TEXTS))
_EVERY_SOURCE: Final = _terms_statement(None)
_EVERYTHING: Final = _terms_statement(None, every_purpose(), every_category())
_SUBJECT: Final = _subject_statement()
_LOCK_MEMBERS: Final = text(
    "select pg_advisory_xact_lock_shared(key) from unnest(cast(:keys as bigint[])) as key"
)
