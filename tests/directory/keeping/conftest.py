"""A partnership of two agencies, of which a third keeps the directory for all."""

import pytest

from directory.actions.keeping import appoint
from directory.actions.records import put_service
from directory.terms.keeping import OPERATOR
from directory.terms.records import Authorship, Origin
from tests.directory.editing.builders import a_service, enter, uid
from tests.service import MONDAY, Service

WRITER = frozenset({"directory.read", "directory.write"})
OAKS, ELMS, NOBODYS = uid(101), uid(102), uid(103)


@pytest.fixture
def three(service: Service) -> Service:
    """The application: services of Oak's, of Elm's and of nobody's; the hub keeps the directory."""
    with service.parts.database.transaction() as session:
        enter(session, "oak", "elm", "hub")
        appoint(session, "hub", MONDAY, OPERATOR, MONDAY)
        for one, owner in ((OAKS, "oak"), (ELMS, "elm"), (NOBODYS, None)):
            by = Authorship("importer", Origin.IMPORTED, owner=owner)
            put_service(session, a_service(id=one, name=f"Clinic of {owner}"), by, MONDAY)
    return service.as_client("oak", scopes=WRITER)
