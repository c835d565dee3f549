"""Who may change an entry, and how an entry becomes a document."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.entries import as_document
from directory.rules.keeping import may_change
from directory.terms.agencies import Interval
from directory.terms.contacts import ContactFacts, ContactPoint, Opening, Phone, SourceDocument
from directory.terms.coverage import Area, AreaKind, Coverage, PlaceKind
from directory.terms.keeping import OPERATOR, Actor

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ONE = UUID(int=1)
codes = st.sampled_from(["oak", "elm", "hub"])


@pytest.mark.parametrize(
    ("agency", "owner", "may"),
    [
        ("oak", "oak", True),
        ("oak", "elm", False),
        ("oak", None, False),
        ("hub", "elm", True),
        ("hub", None, True),
        (None, "oak", False),
        (None, None, False),
    ],
)
def test_an_entry_is_its_agencys_and_the_keepers_to_change(
    agency: str | None, owner: str | None, *, may: bool
) -> None:
    assert may_change(Actor("ada", agency), owner, {"hub"}) is may
    assert may_change(OPERATOR, owner, {"hub"}) is True


@given(codes, st.none() | codes, st.frozensets(codes))
def test_nobody_may_change_anothers_who_does_not_keep_the_directory(
    agency: str, owner: str | None, keepers: frozenset[str]
) -> None:
    assert may_change(Actor("x", agency), owner, keepers) is (agency == owner or agency in keepers)


def test_an_entry_as_a_document_holds_all_that_it_says() -> None:
    facts = ContactFacts(
        "hub",
        "Leeds",
        "early_help_hub",
        "Hub",
        SourceDocument("A guide", "2021"),
        phone=Phone("01632", None, "short"),
        more={"fax": "no"},
        audience=("oak",),
        opening_hours=(Opening(("MO",), "09:00", "17:00"),),
        assured_on=date(2026, 1, 5),
    )
    assert as_document(ContactPoint(ONE, facts, AT, AT)) == {
        "id": str(ONE),
        "ends": "2026-03-02T09:30:00+00:00",
        "facts": {
            "code": "hub",
            "city": "Leeds",
            "kind": "early_help_hub",
            "name": "Hub",
            "document": {"title": "A guide", "as_of": "2021"},
            "phone": {"as_published": "01632", "fault": "short"},
            "more": {"fax": "no"},
            "audience": ["oak"],
            "opening_hours": [{"days": ["MO"], "opens": "09:00", "closes": "17:00"}],
            "assured_on": "2026-01-05",
            "invented": False,
        },
    }
    levels = frozenset({"universal", "early_help"})
    row = as_document(Coverage(ONE, ONE, PlaceKind.WARD, "E05", levels, Interval(AT), AT))
    assert (row["kind"], row["levels"]) == ("ward", ["early_help", "universal"])
    assert row["during"] == {"starts": "2026-03-02T09:30:00+00:00"}
    area = as_document(Area("east", AreaKind.HUB_AREA, "Leeds", "East", Interval(AT), AT))
    assert (area["kind"], area["parts"]) == ("hub_area", [])
