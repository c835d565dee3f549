"""Services as people are told of them: what is on file, as its viewer may see it."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from directory.queries.records import nested_services
from directory.rules.audience import is_archived, seen_by
from directory.rules.telling import card
from directory.terms.records import Document, Viewer
from directory.terms.searching import Hit
from directory.terms.telling import Card


def seen_services(session: Session, ids: Collection[UUID], viewer: Viewer) -> dict[UUID, Document]:
    """Return those services that the viewer may see, as far as they may, in the order given.

    What has ended is not among them for anyone: it is archived, for practitioners alone.
    """
    whole = nested_services(session, ids)
    there = {one: service for one, service in whole.items() if not is_archived(service, viewer)}
    seen = {one: seen_by(service, viewer) for one, service in there.items()}
    return {one: document for one, document in seen.items() if document is not None}


def cards(session: Session, hits: Iterable[Hit], viewer: Viewer, on: date) -> list[Card]:
    """Return a card for each service that was found, in that order."""
    by_id = {one.service: one for one in hits}
    seen = seen_services(session, list(by_id), viewer)
    return [card(document, on, by_id[one]) for one, document in seen.items()]


def listed(session: Session, ids: Collection[UUID], viewer: Viewer, on: date) -> list[Card]:
    """Return a card for each service of a list that the viewer may see, in that order."""
    return [card(document, on) for document in seen_services(session, ids, viewer).values()]
