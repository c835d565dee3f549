"""What information governance leads see and decide of people's rights, without a script."""

import pytest

from sharing.queries.holds import holds
from tests.make import HUB, Family, ask, overriding
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_access_packs import taken, waits
from tests.sharing.test_erasure import erase, erased
from tests.sharing.test_holds import held


@pytest.fixture
def lead(service: Service, family: Family) -> Someone:
    made = someone(service, "ig.lead", "ig_lead", HUB)
    assert made.signs_in().status_code == 303
    return made


def test_rule_41_a_lead_decides_on_a_pack_with_reason_and_the_childs_wishes(
    service: Service, family: Family, lead: Someone
) -> None:
    path, made = waits(service, family)
    page = lead.get("/ig/access-packs")
    assert "A parent" in page
    assert "2 April 2026" in page
    here = f"/ig/access-packs/{made['id']}"
    assert "passport seen" in lead.get(here)
    empty = lead.sends(here)
    assert empty.status_code == 422
    for said in ("Say what you decide", "Say why", "Say what the child wants"):
        assert said in empty.text
    decision = {"outcome": "release", "reason": "no harm", "wishes": "She agrees"}
    answer = lead.sends(here, leave_out="plan", **decision)
    assert answer.status_code == 303
    assert "The pack is released" in lead.get(answer.headers["Location"])
    assert lead.sends(here, **decision).status_code == 404
    service.as_client(HUB)
    assert service.get(path)["reviewed_by"] == "ig.lead"
    assert service.get(f"{path}/content")["records"] == []


def test_rule_47_a_lead_does_not_decide_on_what_they_took_down(
    service: Service, family: Family, lead: Someone
) -> None:
    who = {"capacity": "parent", "asked_by": family.mother, "taken_by": "ig.lead"}
    made = taken(service, family.child, **who)
    here = f"/ig/access-packs/{made['id']}"
    own = lead.sends(here, outcome="refuse", reason="harm", wishes="none")
    assert own.status_code == 403
    assert "Let another" in own.text


def test_rule_44_a_lead_sees_holds_and_releases_them(
    service: Service, family: Family, lead: Someone
) -> None:
    hold = held(service, subject=family.child)
    assert "stands" in lead.get("/ig/holds")
    assert "an inquiry asks for it" in lead.get(f"/ig/holds/{hold}")
    assert lead.sends(f"/ig/holds/{hold}", reason="over").status_code == 422
    answer = lead.sends(f"/ig/holds/{hold}", reason="over", authority="letter 2")
    assert "The hold is released" in lead.get(answer.headers["Location"])
    assert "letter 2" in lead.get(f"/ig/holds/{hold}")


def test_rule_44_a_lead_sets_a_hold_on_a_person_or_on_an_agencys_period(
    service: Service, family: Family, lead: Someone
) -> None:
    why = {"reason": "an inquiry", "authority": "letter 3"}
    nobody = "01890000-0000-7000-8000-000000000000"
    for wrong, said in (
        ({}, "Name either one person"),
        ({"subject": family.child, "agency": HUB}, "Name either one person"),
        ({"agency": "nowhere"}, "Name either one person"),
        ({"subject": "Amy"}, "Nobody has this id"),
        ({"subject": nobody}, "Nobody has this id"),
        ({"agency": HUB, "starts": "soon"}, "Enter a real day"),
        ({"agency": HUB, "starts": "2026-02-01", "ends": "2026-01-01"}, "must end after"),
        ({"subject": family.child, "ends": "2026-01-01"}, "for an agency alone"),
    ):
        refused = lead.sends("/ig/holds/new", **why, **wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
    assert "There is a problem" not in lead.get("/ig/holds/new")
    answer = lead.sends("/ig/holds/new", subject=family.child, **why)
    assert "The hold stands" in lead.get(answer.headers["Location"])
    assert erase(service, family.child).get_json()["code"] == "legal_hold"
    service.clock.passes(minutes=1)
    lead.sends("/ig/holds/new", agency=HUB, starts="2026-01-01", ends="2027-01-01", **why)
    assert erase(service, family.mother).status_code == 200
    assert "from <time" in lead.get(f"/ig/holds/{service_holds(service)[0]}")


def service_holds(service: Service) -> list[str]:
    """Return the ids of the holds, the newest first."""
    with service.parts.database.reading() as session:
        return [str(one.id) for one in holds(session, after=None, limit=9)]


def test_rule_44_a_lead_sees_what_was_erased_and_what_is_gone_in_silence(
    service: Service, family: Family, lead: Someone, superuser: Rows
) -> None:
    ask(service, overriding())
    assert "Nothing was erased yet" in lead.get("/ig/erasures")
    entry = erased(service, family.child)["entry"]
    page = lead.get("/ig/erasures")
    assert entry in page
    assert "Everything that is gone" in page
    silent = entries(superuser)[-1].id
    superuser.execute("update log_subject set opening = null, salt = null where id = %s", [silent])
    warned = lead.get("/ig/erasures")
    assert "1 entry is not as the log says" in warned
    assert str(silent) in warned


def test_the_pages_are_for_ig_leads_alone(service: Service, family: Family) -> None:
    worker = someone(service, "worker", "practitioner", HUB)
    assert worker.signs_in().status_code == 303
    nobody = "01890000-0000-7000-8000-000000000000"
    for path in (
        "access-packs",
        "holds",
        "holds/new",
        "erasures",
        f"access-packs/{nobody}",
        f"holds/{nobody}",
    ):
        worker.get(f"/ig/{path}", status=403)
    lead = someone(service, "ig.lead", "ig_lead", HUB)
    service.clock.passes(minutes=1)
    assert lead.signs_in().status_code == 303
    for path in (f"access-packs/{nobody}", f"holds/{nobody}"):
        lead.get(f"/ig/{path}", status=404)
