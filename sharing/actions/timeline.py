"""Reading a subject's timeline: each line decided on, and the reading logged as one entry."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import speak_for
from consent.queries.subjects import digests_for
from consent.queries.vocabulary import unknown_purposes
from sharing.actions.disclosing import Decided, decided, line_of
from sharing.actions.errors import UnknownWord
from sharing.actions.log import append_entry
from sharing.queries.seeing import subject_of
from sharing.queries.timeline import items_about
from sharing.rules.timeline import visible, wanted
from sharing.terms.answers import Grant, Permit, Refusal, Refused
from sharing.terms.asking import DisclosureRequest, Reader
from sharing.terms.codes import EVERY_SOURCE, INVOLVEMENT, Kind, Reason
from sharing.terms.facts import Holding
from sharing.terms.timeline import Item, Viewer

ACT: Final = "timeline_read"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to see a timeline, what for and on which basis."""

    reader: Reader
    purpose: str
    basis: str


def read_timeline(
    session: Session, subject: UUID, asking: Asking, clock: Clock
) -> list[Item] | Refused:
    """Return what the asker may see around a subject, the newest first; a refusal if nothing.

    Whoever nobody knows and whoever the asker may know nothing of are one answer. `UnknownWord` if
    the partnership has no such purpose.
    """
    agency = asking.reader.asker.agency
    if unknown_purposes(session, frozenset({asking.purpose})):
        raise UnknownWord("This purpose is not known to the partnership.", "#/purpose")
    digests = digests_for(session, subject)
    pointer = decided(session, _pointer(asking), clock, digests)
    at = pointer.found.at
    found = subject_of(session, subject, at)
    items = items_about(session, subject, at)
    opened = [pointer, *_contents(session, asking, items, digests, clock)]
    speak_for(session, agency)
    refusal = pointer.decision
    if isinstance(refusal, Refusal) and refusal.reason is Reason.AGENCY_NOT_ACTIVE:
        return _refused(session, pointer, refusal)
    grants = [grant for one in opened for grant in _grants(one)]
    practitioner = asking.reader.practitioner
    viewer = Viewer(
        agency,
        None if practitioner is None else practitioner.id,
        frozenset((grant.source, grant.category) for grant in grants),
    )
    shown = [] if found is None else visible(items, found, viewer, at)
    if not shown:
        nothing = Refusal(pointer.decision.asked, Reason.NOT_AVAILABLE)
        return _refused(session, pointer, refusal if isinstance(refusal, Refusal) else nothing)
    _log(session, subject, pointer, opened, shown)
    return shown


def _pointer(asking: Asking) -> DisclosureRequest:
    return _asked(asking, EVERY_SOURCE, Kind.POINTER, (INVOLVEMENT,))


def _contents(
    session: Session,
    asking: Asking,
    items: Iterable[Item],
    digests: list[bytes],
    clock: Clock,
) -> list[Decided]:
    """Decide, source by source, on what the asker neither recorded nor was a party to."""
    made = []
    for source, categories in sorted(wanted(items, asking.reader.asker.agency).items()):
        contents = tuple(sorted(categories - {INVOLVEMENT}))
        if contents:
            asked = _asked(asking, source, Kind.CONTENT, contents)
            brought = [Holding(source, one) for one in contents]
            made.append(decided(session, asked, clock, digests, brought))
    return made


def _asked(
    asking: Asking, source: str, kind: Kind, categories: tuple[str, ...]
) -> DisclosureRequest:
    return DisclosureRequest(
        asker=asking.reader.asker,
        recipient=asking.reader.asker.agency,
        source=source,
        kind=kind.value,
        purpose=asking.purpose,
        claimed_basis=asking.basis,
        categories=categories,
        practitioner=asking.reader.practitioner,
        narrowed_to=asking.reader.narrowed_to,
    )


def _grants(made: Decided) -> tuple[Grant, ...]:
    return made.decision.grants if isinstance(made.decision, Permit) else ()


def _refused(session: Session, made: Decided, refusal: Refusal) -> Refused:
    line = line_of(replace(made, decision=refusal), ())
    facts = dict(line.facts) | {"act": ACT}
    entry = append_entry(session, replace(line, facts=facts), made.found.at)
    if refusal.reason is not Reason.AGENCY_NOT_ACTIVE:
        refusal = replace(refusal, reason=Reason.NOT_AVAILABLE)
    return Refused(entry.id, entry.at, refusal)


def _log(
    session: Session, subject: UUID, pointer: Decided, opened: list[Decided], shown: list[Item]
) -> None:
    """Write one entry for all that is shown: the grants that opened lines of others, and how many.

    Its duties are those of every permit that it rests on.
    """
    seen = {(one.source, one.category) for one in shown}
    permits = [one.decision for one in opened if isinstance(one.decision, Permit)]
    grants = tuple(
        grant for one in permits for grant in one.grants if (grant.source, grant.category) in seen
    )
    categories = tuple(dict.fromkeys(one.category for one in shown if one.category is not None))
    merged = Permit(
        replace(pointer.decision.asked, categories=categories),
        grants,
        {},
        {},
        tuple(dict.fromkeys(duty for one in permits for duty in one.obligations)),
        tuple(dict.fromkeys(flag for one in permits for flag in one.flags)),
        facts_used=tuple(dict.fromkeys(fact for one in permits for fact in one.facts_used)),
    )
    terms = replace(
        pointer.terms,
        categories={name: v for one in opened for name, v in one.terms.categories.items()},
    )
    line = line_of(replace(pointer, decision=merged, terms=terms), tuple(one.id for one in shown))
    facts = dict(line.facts) | {"act": ACT}
    about = dict(line.about) | {"subject": str(subject)}
    line = replace(line, facts=facts, about=about, subject=subject)
    append_entry(session, line, pointer.found.at)
