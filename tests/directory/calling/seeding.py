"""What is entered of the three cities for a test: all of it but most postcodes."""

from app.demo.contacts import published
from app.demo.coverage import seed_coverage
from app.kernel.db import Database
from directory.actions.agencies import register_agency
from directory.actions.contacts import publish_contact_point
from directory.actions.keeping import appoint
from directory.actions.places import load_places
from directory.terms.agencies import Agency
from directory.terms.keeping import OPERATOR
from tests.service import MONDAY

AGENCIES = ("eh-hub", "elm-school", "oak-school")
KEEPER = "elm-school"
SOME = ("LS81", "LS85", "LS101", "LE11", "YO17")


def fill(database: Database) -> None:
    """Enter agencies, some postcodes, contact points, and who answers for what."""
    with database.transaction() as session:
        for code in AGENCIES:
            register_agency(session, Agency(code, code, "school", MONDAY))
        appoint(session, KEEPER, MONDAY, OPERATOR, MONDAY)
        load_places(session, MONDAY, lambda one: one.postcode.startswith(SOME))
        contacts = {one.code: publish_contact_point(session, one, MONDAY) for one in published()}
        seed_coverage(session, contacts, MONDAY, MONDAY)
