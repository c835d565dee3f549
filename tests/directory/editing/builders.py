"""Records and drafts of these tests, each saying only what matters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actions.agencies import register_agency
from directory.actions.keeping import appoint
from directory.actions.proposing import propose
from directory.actions.records import put_service
from directory.queries import records as queries
from directory.terms.agencies import Agency, Interval
from directory.terms.editing import Draft, Proposal
from directory.terms.keeping import OPERATOR, Actor
from directory.terms.records import Authorship, Origin, Record, RecordKind
from tests.service import MONDAY

SERVICE = UUID("11111111-1111-4111-8111-111111111111")
ORGANIZATION = UUID("22222222-2222-4222-8222-222222222222")
LOCATION = UUID("33333333-3333-4333-8333-333333333333")
TERM = UUID("44444444-4444-4444-8444-444444444444")
ADA, BEN = Actor("ada", "eh-hub"), Actor("ben", "eh-hub")
OAK, RAE = Actor("olu", "oak-school"), Actor("rae", "refuge")
BY = Authorship("importer", Origin.IMPORTED, owner="eh-hub")
AGENCIES = ("eh-hub", "oak-school", "refuge")


def uid(number: int) -> str:
    return str(UUID(int=number << 64 | 4 << 76 | 8 << 60))


def location(**more: Any) -> dict[str, Any]:
    return {"id": str(LOCATION), "location_type": "physical", "name": "Lantern House"} | more


def address(**more: Any) -> dict[str, Any]:
    return {
        "id": uid(7),
        "address_1": "12 Holly Walk",
        "city": "Leeds",
        "state_province": "Leeds",
        "postal_code": "LS8 5NG",
        "country": "GB",
        "address_type": "physical",
    } | more


def a_service(**more: Any) -> dict[str, Any]:
    return {
        "id": str(SERVICE),
        "name": "Sleep clinic",
        "description": "Parents of babies and toddlers learn to settle them, in small groups.",
        "status": "active",
        "assured_date": "2026-02-01",
        "organization": {
            "id": str(ORGANIZATION),
            "name": "Lantern",
            "description": "Helps families in Leeds with sleep, food and play.",
        },
        "service_at_locations": [{"id": uid(5), "location": location()}],
        "schedules": [{"id": uid(8), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00"}],
        "attributes": [
            {
                "id": uid(6),
                "taxonomy_term": {"id": str(TERM), "name": "Sleep", "description": "Sleep"},
            }
        ],
    } | more


def enter(session: Session, *codes: str) -> None:
    for code in codes:
        register_agency(session, Agency(code, code, "school", MONDAY, active=(Interval(MONDAY),)))


def on_file(session: Session, **more: Any) -> Record:
    """Put the service of these tests on file, and the agencies."""
    enter(session, *AGENCIES)
    appoint(session, "eh-hub", MONDAY, OPERATOR, MONDAY)
    put_service(session, a_service(**more), BY, MONDAY)
    return held(session)


def held(session: Session, kind: RecordKind = RecordKind.SERVICE, one: UUID = SERVICE) -> Record:
    return queries.record(session, kind, one)


def proposed(
    session: Session,
    document: Any,
    by: Actor = ADA,
    kind: RecordKind = RecordKind.SERVICE,
    at: datetime = MONDAY,
    **more: Any,
) -> Draft:
    return propose(session, Proposal(kind, document, by.id, by.agency, **more), at)


def flat(session: Session, **more: Any) -> dict[str, Any]:
    """Return the service as it is kept, with these fields changed."""
    return dict(held(session).document) | more
