"""All agreements at once, with the names that a reader needs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.queries.vocabulary import titles
from directory.queries.agencies import names_of
from sharing.models.agreements import AgreementRow
from sharing.queries.agreements import agreement
from sharing.rules import register as rules
from sharing.terms.agreements import AgreementOnFile
from sharing.terms.register import AgreementDue, Entry, Named, Processing

MOST: Final = 10_000


def entries(
    session: Session, at: datetime, *, after: str | None = None, limit: int = MOST
) -> list[Entry]:
    """Return the public register at an instant, by code, from the one after `after`."""
    found: list[Entry] = []
    words = titles(session, {})
    for one in _each(session, after):
        shown = rules.entry(one, {}, words.categories, at)
        if shown is not None:
            found.append(shown)
        if len(found) == limit:
            break
    names = names_of(session, {body.code for one in found for body in one.bodies})
    return [replace(one, bodies=_called(one.bodies, names)) for one in found]


def processing_record(session: Session, agency: str, at: datetime) -> list[Processing]:
    """Return the flows that an agency takes part in at an instant, by agreement."""
    return [row for one in _each(session) for row in rules.processing(one, agency, at)]


def processing_names(session: Session, agencies: frozenset[str]) -> Callable[[str, str], str]:
    """Return what calls agencies, purposes and categories by their names."""
    words = titles(session, names_of(session, agencies))
    tables = {
        "agency": words.agencies,
        "purpose": words.purposes,
        "category": words.categories,
    }
    return lambda kind, code: tables[kind].get(code, code)


def due(session: Session, at: datetime, until: datetime) -> list[AgreementDue]:
    """Return what is to be done about agreements by an instant, by date."""
    found = [row for one in _each(session) for row in rules.falls_due(one, at, until)]
    return sorted(found, key=lambda one: (one.on, one.agreement, one.version, one.kind))


def _called(bodies: tuple[Named, ...], names: dict[str, str]) -> tuple[Named, ...]:
    return tuple(Named(one.code, names.get(one.code, one.code)) for one in bodies)


def _each(session: Session, after: str | None = None) -> Iterator[AgreementOnFile]:
    codes = select(AgreementRow.code).where(AgreementRow.code > (after or ""))
    for code in session.scalars(codes.order_by(AgreementRow.code).limit(MOST)).all():
        found = agreement(session, code)
        if found is not None:
            yield found
