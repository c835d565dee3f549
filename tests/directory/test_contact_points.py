from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.agencies import register_agency
from directory.actions.contacts import publish_contact_point
from directory.queries import contacts as queries
from directory.terms.agencies import Agency
from directory.terms.contacts import (
    ContactFacts,
    ContactSearch,
    Email,
    Phone,
    SourceDocument,
    UnknownContactPoint,
)

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
GUIDE = SourceDocument("A guide to early help", "2021-02")


def some_contact(code: str = "hub-east", **details: object) -> ContactFacts:
    facts = {
        "city": "Leeds",
        "kind": "early_help_hub",
        "name": "Early Help Hub - East",
        "document": GUIDE,
        "phone": Phone("01632 960123", "+441632960123"),
        "more": {},
    }
    return ContactFacts(code, **(facts | details))  # type: ignore[arg-type]  # builder of a test


def found(session: Session, **search: object) -> list[str]:
    asked = ContactSearch(**search)  # type: ignore[arg-type]  # builder of a test
    return [one.facts.code for one in queries.contact_points(session, asked)]


def test_what_was_published_is_kept_as_it_was_faults_and_all(session: Session) -> None:
    facts = some_contact(
        area="East",
        for_whom="practitioners",
        phone=Phone("0163296012", fault="one digit short"),
        email=Email("southe@example.org", fault="looks like a misprint"),
        more={"since": "2019"},
    )

    contact = publish_contact_point(session, facts, AT)

    assert queries.contact_point(session, contact).facts == facts


def test_the_same_entry_twice_changes_nothing_the_second_time(session: Session) -> None:
    first = publish_contact_point(session, some_contact(), AT)
    again = publish_contact_point(session, some_contact(), AT)

    assert first == again
    assert len(queries.contact_points(session, ContactSearch())) == 1


def test_an_unknown_contact_point_is_named_as_such(session: Session) -> None:
    with pytest.raises(UnknownContactPoint):
        queries.contact_point(session, new_id(AT))


def test_every_word_must_occur_whatever_its_case_and_accents(session: Session) -> None:
    publish_contact_point(session, some_contact(for_whom="Café visitors"), AT)
    publish_contact_point(session, some_contact("hub-west", name="Hub - West"), AT)

    assert found(session, words=("cafe", "EAST")) == ["hub-east"]
    assert found(session, words=("cafe west",)) == []
    assert found(session, words=("100%",)) == []


def test_city_and_kind_narrow_a_search(session: Session) -> None:
    publish_contact_point(session, some_contact(), AT)
    publish_contact_point(session, some_contact("york", city="York"), AT)
    publish_contact_point(session, some_contact("door", kind="front_door"), AT)

    assert found(session, city="leeds", kind="early_help_hub") == ["hub-east"]


def test_pages_of_contact_points_lose_and_repeat_nothing(session: Session) -> None:
    for number in range(5):
        publish_contact_point(session, some_contact(f"hub-{number}"), AT)
    everything = queries.contact_points(session, ContactSearch())

    paged = []
    after = None
    while page := queries.contact_points(session, ContactSearch(), after=after, limit=2):
        paged += page
        after = (page[-1].facts.city, page[-1].facts.name, page[-1].id)

    assert paged == everything
    assert len(paged) == 5


def test_whom_to_ring_is_the_hub_of_the_agency_that_holds_the_record(session: Session) -> None:
    register_agency(session, Agency("eh-hub", "Hub", "early_help", AT))
    publish_contact_point(session, some_contact("east"), AT)
    publish_contact_point(session, some_contact("ours", agency="eh-hub"), AT)

    ways = queries.human_ways(session, AT, agency="eh-hub")

    assert [way.facts.code for way in ways] == ["ours"]


def test_without_one_of_its_own_the_hubs_and_front_doors_of_the_city_are_named(
    session: Session,
) -> None:
    faulty = Phone("0163296012", fault="one digit short")
    publish_contact_point(session, some_contact("door", kind="front_door"), AT)
    publish_contact_point(session, some_contact("hub", phone=faulty), AT)
    publish_contact_point(session, some_contact("mute", phone=None), AT)
    publish_contact_point(session, some_contact("team", kind="area_team"), AT)
    publish_contact_point(session, some_contact("york", city="York"), AT)

    ways = queries.human_ways(session, AT, agency="nowhere", city="Leeds")

    assert [way.facts.code for way in ways] == ["hub", "door"]
    assert ways[0].facts.phone == faulty
