"""A preview: decided as a request would be, logged, and told without any record being opened."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import speak_for
from app.kernel.named import NamedProblem
from consent.queries.vocabulary import unknown_purposes
from directory.queries.agencies import takes_part, unknown_codes
from sharing.actions.disclosing import LogStopped
from sharing.actions.errors import AgencySuspended, PreviewNotYours, UnknownWord
from sharing.actions.log import Line, append_entry
from sharing.chain.leaves import EntryKind
from sharing.queries.asking import digests_of, every_term_for, found_about
from sharing.queries.log import pulse
from sharing.rules.previewing import anybody_of, as_told, may_preview, preview
from sharing.rules.running import why_stopped
from sharing.rules.telling import DENIED, PREVIEWED, RULES_VERSION, UNKNOWN_WORD
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import EVERY_SOURCE, Kind
from sharing.terms.facts import Terms
from sharing.terms.previewing import (
    Barred,
    NotPreviewed,
    Previewed,
    Previewer,
    Question,
    Verdict,
    Wanted,
)

ANY: Final = "*"


def look(
    session: Session, asked: Question, by: Previewer, clock: Clock
) -> Previewed | NotPreviewed:
    """Say what an agency would see of a subject now, and log that it was asked, by whom and why.

    Who may not know is refused before anybody is looked for, and that is logged as well.
    `UnknownWord` for a code that nobody has; `LogStopped` where the log cannot promise the entry a
    place. The same locks are taken, and the same work is done, as for a request, whether the
    subject is known or not.
    """
    barred = why_barred(session, by, clock(), theirs=may_preview(by, asked.recipient, asked.source))
    if barred is not None:
        digests = digests_of(session, _probe(asked, by))
        words = {"recipient": asked.recipient, "source": asked.source or ANY}
        unknown = unknown_codes(session, set(words.values()) - {ANY})
        said = {name: UNKNOWN_WORD if one in unknown else one for name, one in words.items()}
        about = {"subject": None, **_asked_about(asked, by)}
        return refuse(session, by, barred, Asked(said, about, tuple(digests)), clock())
    _check_words(session, asked)
    probe = _probe(asked, by)
    digests = digests_of(session, probe)
    begun = every_term_for(session, by.agency, asked.recipient, digests, clock())
    terms = begun.terms
    stopped = why_stopped(begun.pulse, clock())
    if stopped is not None:
        raise LogStopped(stopped)
    probe = replace(probe, categories=tuple(terms.categories))
    found = found_about(session, probe, digests, begun.locked, clock)
    verdicts = preview(_wanted(asked, by, terms), terms, found.facts, found.at)
    told = as_told(verdicts, by, asked.recipient, found.facts, found.at)
    subject = None if found.facts.subject is None else found.facts.subject.id
    line = _line(asked, by, subject, told, terms)
    entry = append_entry(session, line, found.at, EntryKind.PREVIEW)
    return Previewed(entry.id, entry.at, asked.recipient, told)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wanted to preview: for the log's two halves, and what finds the person."""

    facts: Mapping[str, Any]
    about: Mapping[str, Any]
    digests: tuple[bytes, ...] = ()


def why_barred(session: Session, by: Previewer, at: datetime, *, theirs: bool) -> Barred | None:
    """Return why nothing is previewed for somebody; `theirs`: it would concern their agency."""
    if not theirs:
        return Barred.NOT_YOURS
    return None if takes_part(session, by.agency, at) else Barred.NOT_ACTIVE


def refuse(
    session: Session, by: Previewer, why: Barred, asked: Asked, at: datetime
) -> NotPreviewed:
    """Log that somebody was refused a preview; the refusal is told once that is committed.

    `LogStopped` where the log cannot promise the entry a place.
    """
    stopped = why_stopped(pulse(session), at)
    if stopped is not None:
        raise LogStopped(stopped)
    speak_for(session, by.agency)
    facts = {**who(by), **asked.facts, "outcome": DENIED, "code": why.value}
    line = Line(by.agency, None, DENIED, facts, asked.about, digests=asked.digests)
    return NotPreviewed(append_entry(session, line, at, EntryKind.PREVIEW).id, why)


def problem_of(refused: NotPreviewed) -> NamedProblem:
    """Return what whoever was refused a preview is told."""
    return PreviewNotYours() if refused.why is Barred.NOT_YOURS else AgencySuspended()


def who(by: Previewer) -> dict[str, Any]:
    """Return what the facts of an entry say of whoever previews; a person's name is not there."""
    return {
        "entry": EntryKind.PREVIEW,
        "outcome": PREVIEWED,
        "agency": by.agency,
        "client": by.client_id,
        "token": by.token_id,
        "by_a_person": by.person is not None,
        "whole_log": by.whole,
        "rules": RULES_VERSION,
    }


def _check_words(session: Session, asked: Question) -> None:
    for where, code in (("recipient", asked.recipient), ("source", asked.source)):
        if code is not None and unknown_codes(session, {code}):
            raise UnknownWord("No agency has this code.", f"#/{where}")
    if asked.purpose is not None and unknown_purposes(session, frozenset({asked.purpose})):
        raise UnknownWord("The partnership does not know this purpose.", "#/purpose")


def _probe(asked: Question, by: Previewer) -> DisclosureRequest:
    """Return what loads all that any request of the recipient would; it is never decided."""
    asker = anybody_of(by.agency, Terms(frozenset(), {}, {}, ()))
    return DisclosureRequest(
        asker=asker,
        recipient=asked.recipient,
        source=EVERY_SOURCE,
        kind=Kind.POINTER,  # no content is read
        purpose="",
        claimed_basis="",
        categories=(),
        identifiers=asked.identifiers,
    )


def _wanted(asked: Question, by: Previewer, terms: Terms) -> Wanted:
    only_own = not by.whole and asked.recipient != by.agency
    return Wanted(
        asker=anybody_of(asked.recipient, terms),
        recipient=asked.recipient,
        source=by.agency if only_own else asked.source,
        purpose=asked.purpose,
        kind=asked.kind,
        practitioner=asked.practitioner,
        override=asked.override,
    )


def _line(
    asked: Question, by: Previewer, subject: UUID | None, told: Iterable[Verdict], terms: Terms
) -> Line:
    """Return the entry: whose view was looked at is no secret, of whom and why is erasable."""
    counts = Counter(one.ground or one.reason or ANY for one in told)
    used = {fact for one in told for fact in (*one.consents, *one.shields, *one.withholds)}
    override = asked.override
    facts = who(by) | {
        "recipient": asked.recipient,
        "source": asked.source or ANY,
        "kind": asked.kind or ANY,
        "purpose": asked.purpose or ANY,
        "override": None if override is None else override.reason,
        "permitted": sum(one.reason is None for one in told),
        "refused": sum(one.reason is not None for one in told),
        "grounds": dict(sorted(counts.items())),
        "settings": terms.policy.version,
    }
    about = {
        "subject": None if subject is None else str(subject),
        "facts_used": sorted(map(str, used)),
        **_asked_about(asked, by),
    }
    return Line(by.agency, None, PREVIEWED, facts, about, subject)


def _asked_about(asked: Question, by: Previewer) -> dict[str, Any]:
    practitioner = asked.practitioner
    return {
        "identifiers": [{"scheme": one.scheme, "value": one.value} for one in asked.identifiers],
        "person": by.person,
        "reason": asked.reason,
        "practitioner": None
        if practitioner is None
        else {"id": practitioner.id, "role": practitioner.role},
    }
