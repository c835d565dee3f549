"""The demonstration's offers and pledges: something to read for anyone, and more for partners."""

import pytest

from app.kernel.db import Database
from directory.queries.offers import agency_offers
from directory.terms.records import ANYONE, Viewer
from tests.demo.conftest import AT

pytestmark = pytest.mark.long


def test_anyone_reads_offers_with_services_and_kept_pledges(seeded: Database) -> None:
    with seeded.reading() as session:
        told = {one.agency: one for one in agency_offers(session, ANYONE, AT.date())}
    assert set(told) == {"eh-hub", "oak-school", "family-vcs"}
    assert {code: one.kept for code, one in told.items()} == {
        "eh-hub": 5,
        "oak-school": 3,
        "family-vcs": 1,
    }
    assert told["eh-hub"].offers[0].services
    assert {line.designated_lead for one in told.values() for line in one.pledges} == {None}


def test_partners_read_more(seeded: Database) -> None:
    with seeded.reading() as session:
        told = {one.agency: one for one in agency_offers(session, Viewer("police"), AT.date())}
    assert "housing" in told
    assert told["eh-hub"].pledges[0].designated_lead == "Ines Harker"
