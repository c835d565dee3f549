"""Documents of the directory, with pencil and paper: what is missing, and what names a person."""

from directory.rules.audience import seen_by
from directory.rules.documents import Shelf, compose
from directory.rules.tabular import Column, _cell
from directory.terms.records import ANYONE, Viewer

SERVICE = {"id": "s", "name": "Sleep", "status": "active", "organization_id": "o"}


def test_an_assurers_own_mailbox_is_for_practitioners_and_a_roles_for_anyone() -> None:
    own = SERVICE | {"assurer_email": "ann.other@example.org"}
    assert "assurer_email" not in (seen_by(own, ANYONE) or {})
    assert seen_by(own, Viewer("oak-school")) == own
    role = SERVICE | {"assurer_email": "assurance@example.org"}
    assert seen_by(role, ANYONE) == role


def test_an_organization_that_is_nowhere_stays_named_by_its_id() -> None:
    assert compose(SERVICE, Shelf()) == SERVICE


def test_what_is_no_number_leaves_a_cell_of_numbers_empty() -> None:
    assert [_cell(Column("age", number=True), one) for one in (7, True, "7")] == ["7", "", ""]
