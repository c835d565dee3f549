"""The form of a service, from the page to a draft; what was typed survives whatever is wrong."""

from typing import Any

import pytest

from directory.queries.records import record
from directory.terms.records import RecordKind
from tests.directory.managing.conftest import Office
from tests.directory.managing.sending import drafted, fields_of, sent
from tests.directory.managing.world import FOOD, OTHER_TERM, REFUGE, SLEEP, STREET, uid
from tests.people.making import HTML

EDIT = f"/manage/services/{SLEEP}/edit"


def document(office: Office, service: Any = SLEEP) -> Any:
    with office.service.parts.database.reading() as session:
        return record(session, RecordKind.SERVICE, service).document


def test_services_are_listed_with_what_they_lack_the_oldest_first(office: Office) -> None:
    page = office.ada.get("/manage")
    places = [page.index(name) for name in ("Food clinic", "Refuge clinic", "Sleep clinic")]
    assert places == sorted(places)
    assert "never" in page
    assert "a contact that works" in page
    for freshness, names in (("fresh", "Sleep"), ("ageing", "Refuge"), ("stale", "Food")):
        shown = office.ada.get(f"/manage?freshness={freshness}")
        assert [name for name in ("Sleep", "Refuge", "Food") if f"{name} clinic" in shown] == [
            names
        ]


def test_one_service_says_how_it_is_kept_and_what_it_says(office: Office) -> None:
    page = office.ada.get(f"/manage/services/{FOOD}")
    for text in ("nobody has vouched for it", "missing: a contact that works", "an invented list"):
        assert text in page
    assert "Sleep" in page  # the name of the topic, not its id
    assert uid("term", 1) not in page


def test_a_service_that_is_still_right_is_fresh_at_once(office: Office) -> None:
    answer = office.ada.sends(f"/manage/services/{FOOD}/confirm")
    assert answer.status_code == 303
    assert "You have said that this is still right" in office.ada.get(answer.headers["Location"])
    assert document(office, FOOD)["assured_date"] == office.service.clock().date().isoformat()


def test_a_form_that_is_sent_as_it_came_changes_nothing_and_says_so(office: Office) -> None:
    answer = sent(office.ada, EDIT)
    assert answer.status_code == 422
    assert "You have not changed anything yet" in answer.text


def test_what_is_typed_becomes_a_draft_and_counts_only_when_approved(office: Office) -> None:
    place = drafted(
        office.ada,
        EDIT,
        name="Sleep & settling",
        phones__0__number="0113 496 0009",
        phones__1__number="0113 496 0010",
        phones__1__audience="practitioners",
        schedules__1__MO="on",
        schedules__1__opens_at="09:30",
        attributes__2__term=None,
        attributes__1__drop="on",
        note="They have moved",
    )
    assert document(office)["name"] == "Sleep clinic"
    page = office.ben.get(place)
    for text in (
        "Sleep &amp; settling",
        "0113 496 0009",
        "They have moved",
        "Days: Monday",
        "Food",
    ):
        assert text in page
    assert office.ben.sends(f"{place}/approve").status_code == 303
    held = document(office)
    assert held["name"] == "Sleep & settling"
    assert [one["number"] for one in held["phones"]] == ["0113 496 0009", "0113 496 0010"]
    assert held["phones"][1]["audience"] == "practitioners"
    assert held["schedules"][0]["byday"] == "1MO"
    assert held["schedules"][1]["opens_at"] == "09:30"
    assert [one["taxonomy_term_id"] for one in held["attributes"]] == [uid("term", 1)]


def test_what_is_wrong_is_named_at_its_field_and_all_that_was_typed_stays(office: Office) -> None:
    answer = sent(
        office.ada,
        EDIT,
        name="",
        description="What I typed & more",
        minimum_age="seven",
        phones__0__number="",
        contacts__0__email="not an address",
        contacts__0__audience="public",
        note="because",
    )
    assert answer.status_code == 422
    for text in ("Enter the name of the service", "Enter an age in years", "Enter the number"):
        assert text in answer.text
    for name in ("name", "minimum_age", "phones.0.number"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
    shown = fields_of(answer.text)
    assert shown["description"] == "What I typed & more"
    assert shown["minimum_age"] == "seven"
    assert shown["contacts.0.email"] == "not an address"
    assert shown["contacts.0.audience"] == "public"
    assert shown["note"] == "because"


def test_what_the_standard_refuses_is_named_at_its_field_too(office: Office) -> None:
    answer = sent(office.ada, EDIT, email="not an address", status="asleep")
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#status"' in answer.text


@pytest.mark.parametrize("text", ["a\x00b", "c\ud800d"])
def test_what_cannot_be_kept_is_asked_for_again(office: Office, text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    fields = fields_of(office.ada.get(EDIT)) | {"description": raw}
    answer = office.ada.browser.post(EDIT, data=fields, headers=HTML)
    assert answer.status_code in {303, 422}


def test_a_form_that_was_opened_before_another_change_is_not_taken_blindly(office: Office) -> None:
    old = fields_of(office.ada.get(f"/manage/services/{FOOD}/edit"))
    office.ben.sends(f"/manage/services/{FOOD}/confirm")
    office.service.clock.passes(hours=5, minutes=1)  # signed in since, another day it is not yet
    for one in (office.ada, office.ben, office.sam):
        one.signs_in()
    place = drafted(office.ada, f"/manage/services/{FOOD}/edit", fees="Free")
    assert office.ben.sends(f"{place}/approve").status_code == 303
    token = fields_of(office.ada.get(f"/manage/services/{FOOD}/edit"))["csrf_token"]
    stale = old | {"name": "Food bank", "csrf_token": token}
    path = f"/manage/services/{FOOD}/edit"
    answer = office.ada.browser.post(path, data=stale, headers=HTML)
    assert answer.status_code == 422
    assert "Somebody changed this service after you opened the form" in answer.text
    assert 'value="Food bank"' in answer.text
    again = office.ada.browser.post(path, data=fields_of(answer.text), headers=HTML)
    assert again.status_code == 303


def test_what_an_editor_may_not_see_stays_and_is_shown_nowhere(office: Office) -> None:
    for path in ("", "/edit", "/versions"):
        assert STREET not in office.ada.get(f"/manage/services/{REFUGE}{path}")
    place = drafted(office.ada, f"/manage/services/{REFUGE}/edit", fees="Small charge")
    assert STREET not in office.ben.get(place)
    refused = office.ben.sends(f"{place}/approve")
    assert STREET not in refused.text
    assert document(office, REFUGE)["service_at_locations"][0]["id"] == uid("place")


def test_markup_that_is_typed_stays_text(office: Office) -> None:
    place = drafted(office.ada, EDIT, alert="<script>alert(1)</script>")
    page = office.ben.get(place)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_topic_is_chosen_by_its_name(office: Office) -> None:
    page = office.ada.get(EDIT)
    assert f'<option value="{OTHER_TERM}">Food (topics)</option>' in page
    assert "Write nothing about a child" in page
