"""The pages of IG leads: what an agency would see, and what a draft would change."""

import json
import re
from html import unescape

import pytest

from tests.make import CHILD, ELM, HUB, OAK, SUPPORT, Family, ask, request, said, shielded
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.replaying import a_draft, without, worked
from tests.sharing.seeing import Rows, entries, latest
from tests.sharing.test_entries import opened

HOME, PREVIEW = "/ig", "/ig/preview"
ISA = "/ig/agreements/EH-ISA"
WHY = "The head asked why nothing came"


@pytest.fixture
def lead(service: Service, family: Family) -> Someone:
    """The partnership's IG lead, signed in."""
    made = someone(service, "ig-lead", "ig_lead", HUB)
    assert made.signs_in().headers["Location"] == HOME
    return made


def form(**typed: str) -> dict[str, str]:
    return {
        "recipient": OAK,
        "scheme": CHILD["scheme"],
        "value": CHILD["value"],
        "reason": WHY,
    } | typed


def looks(who: Someone, status: int = 200, **typed: str) -> str:
    answer = who.sends(PREVIEW, **form(**typed))
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return read(answer.text)


def read(page: str) -> str:
    """What is left of a page as a person reads it: tags end words."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_look_shows_what_is_told_and_what_is_stopped_and_by_what(
    service: Service, family: Family, lead: Someone, superuser: Rows
) -> None:
    said(service, family)
    page = looks(lead, purpose=SUPPORT, source=HUB, kind="content")
    assert "Would be told: 1" in page
    assert "The family has agreed to be helped." in page
    assert "plan of EH-ISA version 1, public task" in page
    shielded(service, family.child)
    page = looks(lead, purpose=SUPPORT)
    assert "Would be told: 0" in page
    assert "A shield protects this person from this agency." in page

    entry = latest(superuser)
    assert (entry.said["client"], entry.said["by_a_person"]) == (None, True)
    assert str(entry.id) in page
    about = json.loads(opened(service, entry))
    assert (about["person"], about["reason"]) == ("ig-lead", WHY)
    assert b"ig-lead" not in entry.facts


def test_whom_it_is_about_stands_in_no_address(lead: Someone) -> None:
    page = lead.get(PREVIEW)
    found = re.search(r'<form method="(\w+)" action="/ig/preview"', page)
    assert found is not None
    assert found[1] == "post"
    assert lead.browser.get(f"{PREVIEW}?value={CHILD['value']}").text.count(CHILD["value"]) == 0


WRONG: list[tuple[dict[str, str], str]] = [
    ({"recipient": ""}, "Choose the agency whose view you want"),
    ({"scheme": ""}, "Choose which number it is"),
    ({"value": ""}, "Enter the number"),
    ({"value": "12"}, "An NHS number is ten digits."),
    ({"reason": " "}, "Say why you look"),
    ({"recipient": "nobody"}, "No agency has this code."),
    ({"purpose": "gossip"}, "The partnership does not know this purpose."),
    ({"kind": "gossip"}, "This must be one of"),
    ({"practitioner": "x" * 100}, "This must be 64 characters or fewer."),
]


def test_what_is_wrong_is_said_beside_what_was_typed_and_nothing_is_logged(
    lead: Someone, superuser: Rows
) -> None:
    for typed, said_of_it in WRONG:
        page = lead.sends(PREVIEW, **form(**typed))
        assert page.status_code == 422, typed
        assert said_of_it in unescape(page.text)
        assert re.search(r"<title>\s*Error: ", page.text)
    assert entries(superuser) == []


def test_the_ig_lead_of_an_agency_sees_its_own_part(service: Service, family: Family) -> None:
    said(service, family)
    school = someone(service, "oak-lead", "agency_ig_lead", OAK)
    school.signs_in()
    page = looks(school, purpose=SUPPORT)
    assert "You are shown what concerns your own agency." in page
    assert "Would be told: 1" in page
    assert "Nobody who may decide has said yes." not in page
    assert "preview_not_yours" not in page
    refused = looks(school, 403, recipient=ELM, source=HUB)
    assert "An agency's IG lead previews what that agency would disclose or receive" in refused


def test_other_people_are_turned_away(service: Service, family: Family) -> None:
    other = someone(service, "m.hart", "practitioner", HUB)
    assert other.get(PREVIEW, 303) is not None
    other.signs_in()
    for path in (HOME, PREVIEW, "/ig/agreements", ISA):
        other.get(path, 403)
    assert "What would change" not in other.get("/agreements")


def test_the_desk_leads_to_every_page_and_says_what_waits(
    service: Service, family: Family, lead: Someone
) -> None:
    page = read(lead.get(HOME))
    assert "Packs to look at None waits." in page
    assert "None stands: nothing that a hold covers is erased." in page
    assert "Nothing is to be signed, reviewed or renewed." in page
    asking = {"capacity": "parent", "asked_by": family.mother, "identity_check": "passport seen"}
    path = f"/v1/subjects/{family.child}/access-packs"
    service.as_client(HUB).post(path, asking | {"taken_by": "staff-1"})
    hold = {"subject": family.child, "reason": "an enquiry", "authority": "head of legal"}
    service.post("/v1/legal-holds", hold | {"set_by": "staff-1"})
    a_draft(service)
    page = read(lead.get(HOME))
    assert "1 waits for you. The first is due 2 April 2026 ." in page
    assert "1 stands: nothing that a hold covers is erased." in page
    assert "EH-ISA, version 2: to be signed" in page
    service.clock.passes(days=40)
    lead.signs_in()
    assert "1 waits for you, 1 overdue ." in read(lead.get(HOME))
    for path in re.findall(r'href="(/ig[^"]*)"', lead.get(HOME)):
        lead.get(path)

    own = someone(service, "elm-lead", "agency_ig_lead", ELM)
    own.signs_in()
    seen = read(own.get(HOME))
    assert "Packs to look at" not in seen
    assert "EH-ISA, version 2: to be signed" in seen


def test_a_draft_is_replayed_by_its_button_and_the_result_is_kept_with_it(
    service: Service, family: Family, lead: Someone
) -> None:
    said(service, family)
    ask(service, request())
    service.clock.passes(minutes=1)
    a_draft(service, flows=without("plan"))

    assert f'href="{ISA}"' in lead.get("/agreements")
    assert ISA in lead.get("/ig/agreements")
    assert "What would change?" in lead.get(ISA)
    answer = lead.sends(f"{ISA}/versions/2/preview", reason=WHY, days="30")
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert "Still at work" in lead.get(place)
    worked(service)
    page = re.sub(r"\s+", " ", lead.get(place))
    assert "Still at work" not in page
    assert "<dt>Permitted before, refused after</dt><dd>1</dd>" in page
    assert "Agreements are in force, but no flow of theirs opens this." in page
    assert place in lead.get(ISA)
    school = someone(service, "elm-lead", "agency_ig_lead", ELM)
    school.signs_in()
    seen_by_another = re.sub(r"\s+", " ", school.get(place))
    assert "<dt>Permitted before, refused after</dt><dd>1</dd>" in seen_by_another
    assert "you are shown what concerns your own agency" in seen_by_another
    assert "There are none that you may see" in seen_by_another
    assert "Next differences" not in page
    assert "There are none that you may see" in re.sub(r"\s+", " ", lead.get(f"{place}?after=99"))


def test_a_form_that_makes_no_sense_comes_back(service: Service, lead: Someone) -> None:
    a_draft(service)
    wrong = [{"reason": ""}, {"reason": "x" * 1001}, *({"days": one} for one in ("0", "½", "366"))]
    for typed in wrong:
        answer = lead.sends(f"{ISA}/versions/2/preview", **{"reason": WHY, "days": "90"} | typed)
        assert answer.status_code == 422, typed
        assert "There is a problem" in answer.text


def test_what_there_is_not_is_said_by_a_page(service: Service, lead: Someone) -> None:
    for path in (
        "/ig/agreements/NO",
        f"{ISA}/versions/1/preview/{'0' * 8}-0000-7000-8000-{'0' * 12}",
    ):
        lead.get(path, 404)
    assert lead.sends(f"{ISA}/versions/1/preview", reason=WHY).status_code == 409
    assert "No version is a draft" in lead.get(ISA)
    stranger = someone(service, "elm-lead", "agency_ig_lead", ELM)
    stranger.signs_in()
    service.as_client(HUB).post("/v1/agreements/EH-ISA/members/elm-school/departure", {})
    service.clock.passes(minutes=1)
    stranger.get(ISA, 403)
    service.as_client(HUB).post("/v1/agreements/EH-ISA/termination", {})
    assert "EH-ISA, ended" in lead.get(ISA)
