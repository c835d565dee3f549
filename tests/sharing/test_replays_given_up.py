"""A replay that cannot be done is not left as if somebody were still at work on it."""

import json

import pytest

from app.kernel.queue import MOST_ATTEMPTS, run_one
from sharing.jobs import keeping
from tests.make import (
    HUB,
    Family,
)
from tests.people.making import someone
from tests.service import Service
from tests.sharing.replaying import (
    a_draft,
    begun,
    result,
)
from tests.sharing.seeing import Rows


def test_a_replay_that_fails_for_good_says_so_and_what_to_do(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert family
    a_draft(service)
    place = begun(service).headers["Location"]
    superuser.execute("update agreement_preview set content = 'no document'")
    for _ in range(MOST_ATTEMPTS):
        assert service.get(place)["state"] == "running"
        with pytest.raises(json.JSONDecodeError):
            run_one(service.parts.database, keeping.WORK, service.clock(), keeping.GIVEN_UP)
        service.clock.passes(hours=2)
    gone = service.get(place)
    assert (gone["state"], gone["ended_at"]) == ("failed", None)
    assert gone["failed_at"] is not None
    assert "the last time with JSONDecodeError, and was given up." in gone["failure"]
    assert "Ask for it again" in gone["failure"]
    lead = someone(service, "ig-lead", "ig_lead", HUB)
    lead.signs_in()
    page = lead.get(f"/ig{place.removeprefix('/v1')}")
    assert "This replay has failed." in page
    assert "Still at work" not in page
    done, _ = result(service)
    assert (done["state"], done["failed_at"], done["failure"]) == ("done", None, None)
