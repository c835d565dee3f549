"""The first half of a decision: what rests on the asker and the agreements alone.

It is settled before anyone looks for the subject, so that its answers may be told openly.

1. The request must speak known words: purpose, categories, kind, override reason; a pointer asks
   for involvement and nothing else, and only a pointer asks every source at once.
2. The asking agency must be active.
3. The client must be registered for this purpose, kind and override, and speak for its own agency.
4. An override needs a justification of at least twenty characters that are not blank.
5. An agreement must be in force with both agencies as active, current members.
6. One of its flows must run this way, for this purpose, category and kind, and ask for no surer
   practitioner than the request names.
7. That flow must rest on the claimed basis, and allow an override where one is asked.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from consent.rules.deciding import during
from consent.terms import Period
from sharing.terms.answers import Path, Refusal, Screened
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import EVERY_SOURCE, INVOLVEMENT, Assurance, Kind, OverrideReason, Reason
from sharing.terms.facts import Agreement, Flow, Terms

JUSTIFICATION_CHARACTERS: Final = 20
_KINDS: Final = frozenset(Kind)
_OVERRIDE_REASONS: Final = frozenset(OverrideReason)
_PLACE: Final = {reason: place for place, reason in enumerate(Reason)}


def screen(asked: DisclosureRequest, terms: Terms, at: datetime) -> Screened | Refusal:
    """Settle what rests on the asker alone, and return the paths that are left to try."""
    reason = _fault_of_the_asker(asked, terms, at)  # 1 to 4
    if reason is not None:
        return Refusal(asked, reason)
    standing = tuple(_agreements(asked, terms, at))
    paths: dict[tuple[str, str], tuple[Path, ...]] = {}
    refused: dict[str, Reason] = {}
    for category in dict.fromkeys(asked.categories):
        reached = Reason.NO_AGREEMENT
        for source in _sources(asked, standing, terms, at):
            fitting = tuple(_fitting(asked, source, category, standing, at))
            usable = tuple(path for path in fitting if _usable(path.flow, asked))
            if usable:
                paths[source, category] = usable
            reached = furthest((reached, _how_far(source, standing, fitting, at)))
        if not any(asked_for == category for _, asked_for in paths):
            refused[category] = reached
    if not paths:
        return Refusal(asked, furthest(refused.values()))
    return Screened(asked, paths, refused)


def furthest(reasons: Iterable[Reason]) -> Reason:
    """Return the code furthest down the order of checks."""
    return max(reasons, key=_PLACE.__getitem__)


def known_words(asked: DisclosureRequest, terms: Terms) -> bool:
    """Say whether a request speaks known words only; a wrong word in it makes all of it invalid."""
    if asked.purpose not in terms.purposes or asked.kind not in _KINDS or not asked.categories:
        return False
    if any(category not in terms.categories for category in asked.categories):
        return False
    if asked.override is not None and asked.override.reason not in _OVERRIDE_REASONS:
        return False
    if asked.kind == Kind.POINTER:
        return all(category == INVOLVEMENT for category in asked.categories)
    return asked.source != EVERY_SOURCE


def _fault_of_the_asker(asked: DisclosureRequest, terms: Terms, at: datetime) -> Reason | None:
    if not known_words(asked, terms):  # 1
        return Reason.REQUEST_INVALID
    if not _active(asked.asker.agency, terms, at):  # 2
        return Reason.AGENCY_NOT_ACTIVE
    if not _registered(asked):  # 3
        return Reason.CLIENT_NOT_PERMITTED
    if asked.override is not None:  # 4
        written = sum(not character.isspace() for character in asked.override.justification)
        if written < JUSTIFICATION_CHARACTERS:
            return Reason.JUSTIFICATION_REQUIRED
    return None


def _registered(asked: DisclosureRequest) -> bool:
    asker = asked.asker
    if asker.signed_as is not None and (
        asked.practitioner is None or asked.practitioner.id != asker.signed_as
    ):
        return False
    return (
        asked.recipient == asker.agency
        and asked.purpose in asker.purposes
        and asked.kind in asker.kinds
        and (asked.override is None or asker.may_override)
    )


def _active(agency: str, terms: Terms, at: datetime) -> bool:
    standing = terms.agencies.get(agency)
    return standing is not None and _any_during(standing.active, at)


def _any_during(periods: Iterable[Period], at: datetime) -> bool:
    return any(during(period, at) for period in periods)


def _current(agreement: Agreement, agency: str, at: datetime) -> bool:
    return _any_during(agreement.members.get(agency, ()), at)


def _agreements(asked: DisclosureRequest, terms: Terms, at: datetime) -> Iterator[Agreement]:
    """Yield the agreements in force that the recipient is a current member of, in their order."""
    for agreement in terms.agreements:
        if asked.narrowed_to is not None and agreement.code != asked.narrowed_to:
            continue
        if during(agreement.period, at) and _current(agreement, asked.recipient, at):
            yield agreement


def _sources(
    asked: DisclosureRequest, standing: tuple[Agreement, ...], terms: Terms, at: datetime
) -> Iterator[str]:
    """Yield the active agencies that are asked, in a stable order."""
    if asked.source == EVERY_SOURCE:
        named = sorted({agency for agreement in standing for agency in agreement.members})
    else:
        named = [asked.source]
    for source in named:
        if _active(source, terms, at):
            yield source


def _fitting(
    asked: DisclosureRequest,
    source: str,
    category: str,
    standing: tuple[Agreement, ...],
    at: datetime,
) -> Iterator[Path]:
    for agreement in standing:
        if not _current(agreement, source, at):  # 5
            continue
        for flow in agreement.flows:
            if _fits(flow, asked, source, category):  # 6
                yield Path(agreement, flow)


def _fits(flow: Flow, asked: DisclosureRequest, source: str, category: str) -> bool:
    named = Assurance.NONE if asked.practitioner is None else asked.practitioner.assurance
    return (
        source in flow.sources
        and asked.recipient in flow.recipients
        and asked.purpose in flow.purposes
        and category in flow.categories
        and asked.kind in flow.kinds
        and named >= flow.practitioner
    )


def _usable(flow: Flow, asked: DisclosureRequest) -> bool:  # 7
    return flow.basis == asked.claimed_basis and (asked.override is None or flow.override)


def _how_far(
    source: str, standing: tuple[Agreement, ...], fitting: tuple[Path, ...], at: datetime
) -> Reason:
    if fitting:
        return Reason.BASIS_NOT_ACCEPTED
    if any(_current(agreement, source, at) for agreement in standing):
        return Reason.FLOW_NOT_COVERED
    return Reason.NO_AGREEMENT
