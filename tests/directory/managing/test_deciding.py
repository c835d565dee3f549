"""Drafts, versions and reports: a second person decides, and nothing is lost on the way."""

import re

import pytest

from directory.actions.reports import report_wrong
from directory.queries.records import record
from directory.terms.editing import NewReport, ReportAbout
from directory.terms.records import RecordKind
from tests.directory.managing.conftest import Office
from tests.directory.managing.sending import drafted, sent
from tests.directory.managing.world import FOOD, SLEEP

EDIT = f"/manage/services/{SLEEP}/edit"


def name_of(office: Office) -> object:
    with office.service.parts.database.reading() as session:
        return record(session, RecordKind.SERVICE, SLEEP).document["name"]


def test_nobody_decides_on_a_draft_of_their_own(office: Office) -> None:
    place = drafted(office.ada, EDIT, name="Mine alone")
    page = office.ada.get(place)
    assert "somebody else decides on it" in page
    assert "Approve" not in page
    assert "Reject" not in page
    for act in ("approve", "reject"):
        answer = office.ada.sends(f"{place}/{act}", reason="mine")
        assert answer.status_code == 403
        assert "Ask somebody else" in answer.text
    assert office.ben.sends(f"{place}/withdraw").status_code == 403
    answer = office.ada.sends(f"{place}/withdraw")
    assert answer.status_code == 303
    assert "You have taken your draft back" in office.ada.get(answer.headers["Location"])
    assert office.ben.sends(f"{place}/approve").status_code == 409
    assert name_of(office) != "Mine alone"


def test_a_draft_is_rejected_with_a_reason_that_its_author_reads(office: Office) -> None:
    place = drafted(office.ada, EDIT, name="Not so")
    bare = office.ben.sends(f"{place}/reject", reason="  ")
    assert bare.status_code == 422
    assert "Say why, so that its author knows what to do" in bare.text
    assert office.ben.sends(f"{place}/reject", reason="It is in use").status_code == 303
    assert "It is in use" in office.ada.get(place)
    assert "Not so" in office.ada.get("/manage/drafts?state=decided&whose=all")
    assert "Not so" not in office.ada.get("/manage/drafts")


def test_a_draft_that_the_record_has_left_behind_is_told_and_not_applied(office: Office) -> None:
    first = drafted(office.ada, EDIT, name="First")
    second = drafted(office.ada, EDIT, name="Second")
    assert office.ben.sends(f"{first}/approve").status_code == 303
    answer = office.ben.sends(f"{second}/approve")
    assert answer.status_code == 409
    assert "make a new draft" in answer.text
    assert name_of(office) == "First"


def test_a_draft_waits_in_the_list_with_what_it_is_about(office: Office) -> None:
    place = drafted(office.ada, EDIT, fees="Ten pounds", note="A new price")
    page = office.ben.get("/manage/drafts")
    assert place in page
    assert "A new price" in page
    assert "Drafts waiting" in office.ben.get("/manage")
    assert place in office.ben.get(f"/manage/services/{SLEEP}")
    office.ben.sends(f"{place}/reject", reason="no")


def test_versions_are_told_and_any_can_be_proposed_again(office: Office) -> None:
    before = name_of(office)
    place = drafted(office.ada, EDIT, name="For a while")
    office.ben.sends(f"{place}/approve")
    trail = office.ada.get(f"/manage/services/{SLEEP}/versions")
    numbers = [int(one) for one in re.findall(r"Version (\d+)</a>", trail)]
    assert numbers == sorted(numbers, reverse=True)
    assert "Approved" in trail
    newest = office.ada.get(f"/manage/services/{SLEEP}/versions/{numbers[0]}")
    assert f"{before}" in newest
    assert "For a while" in newest
    assert "Propose version" not in newest
    back = f"/manage/services/{SLEEP}/versions/{numbers[1]}"
    answer = office.ada.sends(f"{back}/restore", note="It was right")
    assert answer.status_code == 303
    again = answer.headers["Location"].partition("?")[0]
    assert "It was right" in office.ben.get(again)
    assert office.ben.sends(f"{again}/approve").status_code == 303
    assert name_of(office) == before
    assert (
        "restored from an earlier version"
        in office.ada.get(f"/manage/services/{SLEEP}/versions").lower()
    )
    unchanged = office.ada.sends(f"{back}/restore")
    assert unchanged.status_code == 422
    assert "Nothing needs doing" in unchanged.text


@pytest.fixture
def reported(office: Office) -> str:
    new = NewReport(
        RecordKind.SERVICE, FOOD, ReportAbout.OPENING_TIMES, "They close <b>earlier</b> now"
    )
    with office.service.parts.database.transaction() as session:
        return f"/manage/reports/{report_wrong(session, new, office.service.clock()).id}"


def test_a_report_waits_until_somebody_says_what_became_of_it(
    office: Office, reported: str
) -> None:
    waiting = office.ada.get("/manage/reports")
    assert "They close &lt;b&gt;earlier&lt;/b&gt; now" in waiting
    assert "the opening times" in waiting
    assert "Reports of something wrong" in office.ada.get("/manage")
    assert reported in office.ada.get(f"/manage/services/{FOOD}")
    bare = sent(office.ada, reported, outcome=None, note="I rang them")
    assert bare.status_code == 422
    assert "Say what became of it" in bare.text
    assert "I rang them" in bare.text
    assert sent(office.ada, reported, outcome="corrected", note="I rang them").status_code == 303
    assert reported not in office.ada.get("/manage/reports")
    assert reported in office.ada.get("/manage/reports?state=closed")
    assert "I rang them" in office.ada.get(reported)
    twice = office.ada.sends(reported, outcome="corrected")
    assert twice.status_code == 409
