"""What an agency would see of a subject, and which rule stops the rest.

Every verdict is one of `screen` and `decide_screened`, the very decision of a real request; nothing
here judges anew.

1. Asked is whatever a flow to the recipient opens: each source, purpose, category and kind, on each
   basis that such a flow rests on. The first basis on which it is permitted counts; else the
   refusal that comes furthest.
2. What a source holds and no flow opens is asked too, so that it is seen to be stopped. Without a
   purpose that a flow knows, one stands for all: none of them fits.
3. Whoever may read the whole log is told the truth. An agency's own IG lead is told it of what
   that agency holds: as the log tells a source why its own was refused.
4. Of what other sources hold for their own agency they are told what a request would be told: a
   true ground would name a shield to those it protects from, or a service that nobody may name. It
   is so, too, while a shield stands between the subject and their own agency.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID

from consent.rules.deciding import hides, shielding
from consent.terms import Subject
from sharing.rules.deciding import decide_screened
from sharing.rules.screening import screen
from sharing.terms.answers import Decision, Path, Permit, Refusal
from sharing.terms.asking import Asker, DisclosureRequest
from sharing.terms.codes import INVOLVEMENT, Ground, Kind, LawfulBasis, Reason
from sharing.terms.facts import Flow, SubjectFacts, Terms
from sharing.terms.previewing import Place, Previewer, Verdict, Wanted

_REACHED: Final = {reason: place for place, reason in enumerate(Reason)}
_SEVERITY: Final = {ground: place for place, ground in enumerate(Ground)}


def anybody_of(agency: str, terms: Terms) -> Asker:
    """Return a client of an agency that is registered for everything: the agency's own reach."""
    return Asker("", agency, terms.purposes, frozenset(Kind), may_override=True)


def preview(wanted: Wanted, terms: Terms, facts: SubjectFacts, at: datetime) -> tuple[Verdict, ...]:
    """Return a verdict on everything that is wanted, in order of source, purpose and category."""
    open_places = sorted(places(wanted, terms))  # 1
    verdicts = [verdict_at(place, wanted, terms, facts, at) for place in open_places]
    opened = {(place.source, place.category) for place in open_places}
    for source, category in sorted(_others(wanted, facts) - opened):  # 2
        found = _closed(wanted, terms, source, category)
        if found is not None:
            verdict = verdict_at(found, wanted, terms, facts, at)
            verdicts.append(replace(verdict, purpose=wanted.purpose))
    return tuple(verdicts)


def places(wanted: Wanted, terms: Terms) -> frozenset[Place]:
    """Return what the flows to the recipient open, of what is wanted."""
    return frozenset(
        Place(source, purpose, category, kind)
        for flow in _flows(wanted, terms)
        for source, purpose, category, kind in product(
            _narrowed(flow.sources, wanted.source),
            _narrowed(flow.purposes, wanted.purpose),
            flow.categories if wanted.categories is None else flow.categories & wanted.categories,
            _narrowed(flow.kinds, wanted.kind),
        )
        if _sayable(wanted, source, category, kind)
    )


def verdict_at(
    place: Place, wanted: Wanted, terms: Terms, facts: SubjectFacts, at: datetime
) -> Verdict:
    """Decide one place as a request for it would be decided, on whichever basis leads furthest."""
    tried = [
        _decided(_request(place, wanted, basis), terms, facts, at)
        for basis in _bases(place, wanted, terms)
    ]
    permitted = [one for one in tried if one.reason is None]
    return permitted[0] if permitted else max(tried, key=_rank)


def as_told(
    verdicts: Iterable[Verdict], by: Previewer, recipient: str, facts: SubjectFacts, at: datetime
) -> tuple[Verdict, ...]:
    """Return what of these verdicts whoever previews may know (3, 4)."""
    if by.whole:
        return tuple(verdicts)
    return tuple(
        one
        if one.source == by.agency and not _kept_from(by.agency, facts.subject, one, at)
        # What an agency's own request would be told, and no more.
        else _in_one_voice(one)
        for one in verdicts
        if by.agency in {one.source, recipient}
    )


def may_preview(by: Previewer, recipient: str, source: str | None) -> bool:
    """Say whether anything of this could be told to them; asked before anybody is looked for."""
    return by.whole or recipient == by.agency or source in {None, by.agency}


def _flows(wanted: Wanted, terms: Terms) -> Iterator[Flow]:
    for agreement in terms.agreements:
        for flow in agreement.flows:
            if wanted.recipient in flow.recipients and wanted.basis in {None, flow.basis}:
                yield flow


def _narrowed(codes: frozenset[str], wanted: str | None) -> frozenset[str]:
    return codes if wanted is None else codes & {wanted}


def _sayable(wanted: Wanted, source: str, category: str, kind: str) -> bool:
    """Say whether there is such a request: a pointer asks others, and for involvement alone."""
    return kind != Kind.POINTER or (category == INVOLVEMENT and source != wanted.recipient)


def _others(wanted: Wanted, facts: SubjectFacts) -> set[tuple[str, str]]:
    """Return what is held or named, whether a flow opens it or not."""
    held = {
        (one.source, one.category)
        for one in facts.holdings
        if wanted.source in {None, one.source}
        and (wanted.categories is None or one.category in wanted.categories)
    }
    if wanted.source is None or wanted.categories is None:
        return held
    return held | {(wanted.source, category) for category in wanted.categories}


def _closed(wanted: Wanted, terms: Terms, source: str, category: str) -> Place | None:
    """Return the place that asks for what no flow opens; None where it cannot be asked for."""
    kind = wanted.kind or Kind.CONTENT
    purpose = wanted.purpose or min(terms.purposes, default=None)
    if purpose is None or not _sayable(wanted, source, category, kind):
        return None
    return Place(source, purpose, category, kind)


def _bases(place: Place, wanted: Wanted, terms: Terms) -> tuple[str, ...]:
    """Return the bases that a flow for this place rests on, in order of the flows; never none."""
    if wanted.basis is not None:
        return (wanted.basis,)
    found = dict.fromkeys(
        flow.basis
        for flow in _flows(wanted, terms)
        if place.source in flow.sources
        and place.purpose in flow.purposes
        and place.category in flow.categories
        and place.kind in flow.kinds
    )
    return tuple(found) or (LawfulBasis.PUBLIC_TASK,)


def _request(place: Place, wanted: Wanted, basis: str) -> DisclosureRequest:
    return DisclosureRequest(
        asker=wanted.asker,
        recipient=wanted.recipient,
        source=place.source,
        kind=place.kind,
        purpose=place.purpose,
        claimed_basis=basis,
        categories=(place.category,),
        practitioner=wanted.practitioner,
        override=wanted.override,
    )


def _decided(asked: DisclosureRequest, terms: Terms, facts: SubjectFacts, at: datetime) -> Verdict:
    """Decide a request for one category of one source, as `decide` does, and say what was tried."""
    screened = screen(asked, terms, at)
    if isinstance(screened, Refusal):
        return _verdict(asked, screened, (), facts)
    tried = tuple(path for paths in screened.paths.values() for path in paths)
    return _verdict(asked, decide_screened(screened, terms, facts, at), tried, facts)


def _verdict(
    asked: DisclosureRequest, decision: Decision, tried: tuple[Path, ...], facts: SubjectFacts
) -> Verdict:
    shields, withholds = _protecting(facts)
    used = decision.facts_used
    whole = Verdict(
        source=asked.source,
        purpose=asked.purpose,
        category=asked.categories[0],
        kind=asked.kind,
        reason=None,
        ground=None,
        consents=tuple(one for one in used if one not in shields | withholds),
        shields=tuple(one for one in used if one in shields),
        withholds=tuple(one for one in used if one in withholds),
    )
    if isinstance(decision, Permit):
        (grant,) = decision.grants
        return replace(
            whole,
            ground=grant.ground,
            paths=(grant.path,),
            obligations=decision.obligations,
            flags=decision.flags,
        )
    return replace(whole, reason=decision.reason, ground=decision.ground, paths=tried)


def _protecting(facts: SubjectFacts) -> tuple[frozenset[UUID], frozenset[UUID]]:
    shields = () if facts.subject is None else facts.subject.shields
    return frozenset(one.id for one in shields), frozenset(one.id for one in facts.withholds)


def _rank(verdict: Verdict) -> tuple[int, int]:
    ground = -1 if verdict.ground is None else _SEVERITY[verdict.ground]
    return _REACHED[verdict.reason or Reason.REQUEST_INVALID], ground


def _kept_from(agency: str, subject: Subject | None, verdict: Verdict, at: datetime) -> bool:
    """Say whether a shield stands between the subject and the agency of whoever previews."""
    return subject is not None and any(
        hides(one, verdict.category) for one in shielding(subject.shields, agency, at)
    )


def _in_one_voice(verdict: Verdict) -> Verdict:
    told = replace(verdict, consents=(), shields=(), withholds=(), flags=())
    return told if verdict.reason is None else replace(told, ground=None)
