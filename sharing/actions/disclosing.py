"""One disclosure: decided, logged, and only then read out.

A refusal is logged exactly as a permit is. `read_out` takes a `Permit`, so that nothing can be read
out without one. Nothing here commits: the door releases what this returns after its commit.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
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
from sharing.terms.facts import Holding, SubjectFacts, Terms


class LogStopped(Exception):
    """The log is halted or late: what cannot be promised a place in it is not disclosed (503)."""


def disclose(session: Session, asked: DisclosureRequest, clock: Clock) -> Disclosure | Refused:
    """Decide a request, log the decision, and read out what was permitted."""
    made = decided(session, asked, clock, digests_of(session, asked))
    decision = made.decision
    records = read_out(decision, made.found) if isinstance(decision, Permit) else ()
    entry = append_entry(session, line_of(made, tuple(one.id for one in records)), made.found.at)
    if isinstance(decision, Permit):
        return Disclosure(entry.id, entry.at, entry.leaf_hash, decision, records)
    return Refused(entry.id, entry.at, decision)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that nobody has logged yet, and what it was made from."""

    decision: Decision
    terms: Terms
    found: Found
    digests: tuple[bytes, ...]

    @property
    def subject(self) -> UUID | None:
        """Whom it is about; None for one nobody knows, or nobody was looked for."""
        return None if self.found.facts.subject is None else self.found.facts.subject.id


def decided(
    session: Session,
    asked: DisclosureRequest,
    clock: Clock,
    digests: list[bytes],
    brought: Collection[Holding] = (),
) -> Decided:
    """Decide a request about whom these digests name; whoever calls this logs what was decided.

    `brought` is what the source tells in this very act, and so holds beside what it deposited.
    The session speaks for the asking agency from here on.
    """
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
        facts = found.facts
        if brought:
            facts = replace(facts, holdings=(*facts.holdings, *brought))
        decision = decide_screened(screened, terms, facts, found.at)
    return Decided(decision, terms, found, tuple(digests))


def line_of(made: Decided, records: tuple[UUID, ...]) -> Line:
    """Return what the log says of a decision, and of the records told under it."""
    decision = made.decision
    asked = decision.asked
    return Line(
        recipient=asked.asker.agency,
        source=asked.source if asked.source in made.terms.agencies else None,
        outcome=outcome_of(decision),
        facts=facts_of(decision, made.terms, len(records)),
        about=about_of(decision, made.subject, records),
        subject=made.subject,
        obligations=decision.obligations if isinstance(decision, Permit) else (),
        digests=made.digests if made.subject is None else (),
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
            told = Opened(
                one.id, one.source, one.category, one.recorded_at, content, one.disputed_at
            )
            opened.append(told)
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
