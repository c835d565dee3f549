"""One disclosure: decided, logged, and only then read out.

A refusal is logged exactly as a permit is. `read_out` takes a `Permit`, so that nothing can be read
out without one. Nothing here commits: the door releases what this returns after its commit.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from sharing.actions.log import Line, append_entry
from sharing.queries.asking import Found, digests_of, found_about, terms_for
from sharing.rules.deciding import decide_screened
from sharing.rules.running import why_stopped
from sharing.rules.screening import screen
from sharing.rules.telling import DENIED, about_of, facts_of, outcome_of, without_members
from sharing.terms.answers import Decision, Disclosure, Opened, Permit, Refusal, Refused
from sharing.terms.asking import Asker, DisclosureRequest
from sharing.terms.codes import HOUSEHOLD, Kind
from sharing.terms.facts import SubjectFacts, Terms


class LogStopped(Exception):
    """The log is halted or late: what cannot be promised a place in it is not disclosed (503)."""


def disclose(session: Session, asked: DisclosureRequest, clock: Clock) -> Disclosure | Refused:
    """Decide a request, log the decision, and read out what was permitted."""
    digests = digests_of(session, asked)
    begun = terms_for(session, asked, digests, clock())
    terms = begun.terms
    # Read again: the statement before may have waited for somebody who changes the subject.
    found = Found(SubjectFacts(None), clock())
    stopped = why_stopped(begun.pulse, found.at)
    if stopped is not None:
        raise LogStopped(stopped)
    screened = screen(asked, terms, found.at)
    decision: Decision
    if isinstance(screened, Refusal):
        decision = screened
    else:
        found = found_about(session, asked, digests, begun.locked, clock)
        decision = decide_screened(screened, terms, found.facts, found.at)
    records = read_out(decision, found) if isinstance(decision, Permit) else ()
    subject = None if found.facts.subject is None else found.facts.subject.id
    asked_for = tuple(digests) if subject is None else ()
    told = _Told(decision, terms, subject, tuple(one.id for one in records), asked_for)
    entry = append_entry(session, _line(told), found.at)
    if isinstance(decision, Permit):
        return Disclosure(entry.id, entry.at, entry.leaf_hash, decision, records)
    return Refused(entry.id, entry.at, decision)


@dataclass(frozen=True, slots=True)
class _Told:
    decision: Decision
    terms: Terms
    subject: UUID | None
    records: tuple[UUID, ...]
    digests: tuple[bytes, ...]


def _line(told: _Told) -> Line:
    decision = told.decision
    asked = decision.asked
    return Line(
        recipient=asked.asker.agency,
        source=asked.source if asked.source in told.terms.agencies else None,
        outcome=outcome_of(decision),
        facts=facts_of(decision, told.terms, len(told.records)),
        about=about_of(decision, told.subject, told.records),
        subject=told.subject,
        obligations=decision.obligations if isinstance(decision, Permit) else (),
        digests=told.digests,
    )


def read_out(permit: Permit, found: Found) -> tuple[Opened, ...]:
    """Open the records that a permit covers, and no others; a pointer opens none."""
    if permit.asked.kind == Kind.POINTER or found.key is None:
        return ()
    granted = {(grant.source, grant.category) for grant in permit.grants}
    opened = []
    for one in found.records:
        if (one.source, one.category) in granted and one.sealed is not None:
            content = json.loads(found.key.open(one.sealed, "record", one.id, "content"))
            if one.category == HOUSEHOLD:
                content = without_members(content, permit.left_out)
            opened.append(Opened(one.id, one.source, one.category, one.recorded_at, content))
    return tuple(opened)


def log_undecided(session: Session, asker: Asker, code: str, at: datetime) -> UUID:
    """Log a request that could not be read, or whose decision failed: who asked, and no more.

    What it said stays out: nothing of it was checked, and facts are never erased.
    """
    facts = {"client": asker.client_id, "agency": asker.agency, "token": asker.token_id}
    line = Line(
        recipient=asker.agency,
        source=None,
        outcome=DENIED,
        facts=facts | {"outcome": DENIED, "code": code},
        about={},
    )
    return append_entry(session, line, at).id
