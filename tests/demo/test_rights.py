"""The demonstration's information governance lead has a pack to look at and a hold to see."""

import pytest

from app.kernel.db import Database
from sharing.queries.holds import holds
from sharing.queries.packs import waiting
from sharing.queries.retention import in_force
from sharing.terms.access import Capacity, Caution
from sharing.terms.rights import RetentionCode
from tests.demo.conftest import AT

pytestmark = pytest.mark.long


def test_a_parents_request_waits_a_hold_stands_and_periods_are_signed(seeded: Database) -> None:
    with seeded.reading() as session:
        (pack,) = waiting(session)
        (hold,) = holds(session, after=None, limit=10)
        signed = {one.code for one in in_force(session, AT)}
    assert (pack.capacity, Caution.PARENT_ASKS in pack.cautions) == (Capacity.PARENT, True)
    assert pack.due > AT.date()
    assert hold.released_at is None
    assert hold.subject not in {None, pack.subject}
    assert signed == set(RetentionCode)
