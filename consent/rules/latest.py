"""Which words still count where a person spoke more than once: of each, the latest counts.

What is due is asked of whole records, not of one category from one source. So a word is done with
only where a later one of the same person takes in all of the matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent.terms import ALL, Answer, Consent, ConsentKind, Scope


@dataclass(frozen=True, slots=True)
class Matter:
    """What a yes is about; "all" in another yes never takes in the categories `by_name`."""

    kind: ConsentKind
    scope: Scope
    by_name: frozenset[str]


def matter_of(consent: Consent, sensitive: frozenset[str]) -> Matter:
    """Return all that a yes is about; `sensitive` are the categories that are named or not said."""
    scope = Scope(consent.recipients, consent.sources, consent.purposes, consent.categories)
    return Matter(consent.kind, scope, consent.categories & sensitive)


def met_by(matter: Matter, word: Consent) -> Matter | None:
    """Return the part of a yes's matter that another word speaks of too; None if there is none."""
    said = matter.scope
    scope = Scope(
        _both(said.recipients, word.recipients),
        _both(said.sources, word.sources),
        _both(said.purposes, word.purposes),
        _both(said.categories, word.categories),
    )
    if not all((scope.recipients, scope.sources, scope.purposes, scope.categories)):
        return None
    return Matter(matter.kind, scope, matter.by_name & scope.categories)


def heard(consent: Consent, at: datetime) -> datetime | None:
    """Return since when a record says what it says now; None where it does not count (yet).

    One that was withdrawn says no since its withdrawal.
    """
    if consent.replaced_at is not None and consent.replaced_at <= at:
        return None
    if consent.withdrawn_at is not None and consent.withdrawn_at <= at:
        return consent.withdrawn_at
    since = counts_from(consent)
    return since if since <= at else None


def counts_from(consent: Consent) -> datetime:
    """Return when a record begins to count: once it is recorded, and has started."""
    return max(consent.recorded_at, consent.valid_from or consent.recorded_at)


def says_no(consent: Consent, at: datetime) -> bool:
    """Say whether a record is a no at this instant: refused, or withdrawn by then."""
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
    return withdrawn or consent.answer is Answer.REFUSED


def outlived(word: Consent, matter: Matter, words: Iterable[Consent], at: datetime) -> bool:
    """Say whether its giver has since spoken of all of this, so that this word counts no more.

    At one instant a no wins.
    """
    mine = heard(word, at)
    return mine is not None and any(
        _answers(other, matter, at)
        and _after(other, (mine, says_no(word, at)), at)
        and _takes_in(other, matter)
        for other in words
        if other.given_by == word.given_by and other.id != word.id
    )


def _answers(other: Consent, matter: Matter, at: datetime) -> bool:
    """Say whether a record answers this kind of question.

    A data consent also meets what asks for the family's agreement; a no is a no to both.
    """
    return says_no(other, at) or other.kind in {matter.kind, ConsentKind.DATA_CONSENT}


def _after(other: Consent, mine: tuple[datetime, bool], at: datetime) -> bool:
    theirs = heard(other, at)
    return theirs is not None and (theirs, says_no(other, at)) > mine


def _takes_in(other: Consent, matter: Matter) -> bool:
    """Say whether a record speaks of all of this; "all" in a yes leaves out what is sensitive.

    Which sources are sensitive services is not known here: a yes to all takes in no named one.
    """
    scope, refused = matter.scope, other.answer is Answer.REFUSED
    named = frozenset() if refused else matter.by_name
    named_sources = frozenset() if refused else scope.sources - {ALL}
    return (
        _within(scope.recipients, other.recipients)
        and _within(scope.purposes, other.purposes)
        and _within(scope.categories, other.categories, named)
        and _within(scope.sources, other.sources, named_sources)
    )


def _within(
    codes: frozenset[str], others: frozenset[str], named: frozenset[str] = frozenset()
) -> bool:
    return named <= others and (ALL in others or codes <= others)


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if ALL in one:
        return other | (one - {ALL}) if ALL in other else other
    return one if ALL in other else one & other
