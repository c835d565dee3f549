"""The pages of a letter's links and of reports: without a session, and by one press alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from directory.actions.records import put_records
from directory.actions.reminders import remind, write_letter
from directory.actions.reports import forget_senders
from directory.models.editing import ReportRow
from directory.queries.reports import ReportSearch, reports
from directory.terms.editing import Report
from directory.terms.records import RecordKind, Viewer
from tests.directory.editing.builders import (
    BY,
    SERVICE,
    address,
    flat,
    held,
    location,
    on_file,
    uid,
)
from tests.service import MONDAY, Service

VOUCHES = {"assured_date": "2026-03-02", "assurer_email": "hub@leeds.example"}
REPORT = f"/services/{SERVICE}/report"
SAID = {"about": "cost", "text": "It is free by now."}


def link(service: Service, **more: Any) -> str:
    """Put a service on file and return the path of the link about it, eighty days later."""
    service.clock.passes(days=80)
    at = service.clock()
    with service.parts.database.transaction() as session:
        on_file(session, **(VOUCHES | more))
        (letter,) = remind(session, at)
        written = write_letter(session, letter, "Leeds", "/services/still-right/{}".format, at)
    assert written is not None
    (path,) = re.findall(r"Still right:\s+(\S+)", written.text)
    return str(path)


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def version(service: Service) -> int:
    with service.parts.database.reading() as session:
        return held(session).version


def waiting(service: Service, agency: str = "eh-hub") -> list[Report]:
    with service.parts.database.reading() as session:
        return reports(session, ReportSearch(), Viewer(agency))


def test_opening_a_link_changes_nothing_and_pressing_does(service: Service) -> None:
    path = link(service)
    for method in ("GET", "HEAD", "GET"):
        page = service.call(method, path)
        assert page.status_code == 200
    assert version(service) == 1
    assert "Is this still right?" in text(page)
    assert "Lantern House" in text(page)

    thanks = service.call("POST", path)

    assert "Thank you: this is confirmed" in text(thanks)
    assert "21 May 2026" in text(thanks)
    assert version(service) == 2
    for one in (page, thanks):
        assert "Set-Cookie" not in one.headers
        assert one.headers["Cache-Control"] == "no-store"
        assert one.headers["X-Robots-Tag"] == "noindex"
    service.clock.passes(minutes=1)
    again = service.call("POST", path)
    assert "You have answered this already" in text(again)
    assert version(service) == 2


def test_a_link_that_no_longer_counts_says_why_and_what_to_do(service: Service) -> None:
    path = link(service)
    service.clock.passes(days=31)
    assert "This link has expired" in text(service.call("GET", path))
    assert "We write again" in text(service.call("POST", path))
    assert version(service) == 1
    service.clock.at -= timedelta(days=31)
    with service.parts.database.transaction() as session:
        changed = flat(session, name="Other")
        put_records(session, RecordKind.SERVICE, [changed], BY, service.clock())
    page = text(service.call("POST", path))
    assert "This has changed since we wrote to you" in page
    assert "See what it says now" in page


def test_a_link_that_is_not_ours_is_a_kind_page(service: Service) -> None:
    for path in ("/services/still-right/x", "/services/still-right/x/wrong"):
        for method in ("GET", "POST"):
            answer = service.call(method, path)
            assert answer.status_code == 404
            assert "This link does not work" in text(answer)


def test_a_link_never_shows_what_is_hidden(service: Service) -> None:
    secret = location(addresses=[address(audience=["refuge"])])
    path = link(service, service_at_locations=[{"id": uid(5), "location": secret}])
    page = text(service.call("GET", path))
    assert "Sleep clinic" in page
    for hidden in ("Holly Walk", "LS8 5NG", "Lantern House", "hub@leeds.example"):
        assert hidden not in page


def test_of_a_hidden_service_a_link_tells_the_name_alone(service: Service) -> None:
    path = link(service, audience="practitioners")
    page = text(service.call("GET", path))
    assert "Sleep clinic" in page
    assert "Parents of babies" not in page
    assert service.call("GET", REPORT).status_code == 404
    filled = service.call("POST", f"{path}/wrong", data=SAID | {"instead": "Free"})
    assert filled.status_code == 200
    (report,) = waiting(service)
    assert (report.text, report.draft) == ("It is free by now.\n\nIt should say: Free", None)


def test_anybody_says_what_is_wrong_and_an_editor_finds_it(service: Service) -> None:
    link(service)
    form = service.call("GET", REPORT)
    assert "What is wrong with Sleep clinic?" in text(form)
    assert "nothing about a child" in text(form)
    sent = service.call("POST", REPORT, data=SAID | {"reply_to": "me@home.example"})
    assert "Thank you: somebody will look at it" in text(sent)
    (report,) = waiting(service)
    assert (report.about, report.reply_to, report.draft) == ("cost", "me@home.example", None)
    assert "Set-Cookie" not in sent.headers


def test_a_correction_waits_as_a_draft(service: Service) -> None:
    link(service)
    service.call("POST", REPORT, data=SAID | {"instead": "Free"})
    (report,) = waiting(service)
    assert report.draft is not None
    service.as_client("eh-hub", scopes={"directory.write"})
    draft = service.get(f"/v1/directory/drafts/{report.draft}")
    assert draft["author"] == "anybody"
    assert [one["pointer"] for one in draft["differences"][0]["changes"]] == ["/fees"]
    service.post(f"/v1/directory/drafts/{report.draft}/approval", {})
    with service.parts.database.reading() as session:
        assert held(session).document["fees"] == "Free"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose what is wrong."),
        (SAID | {"about": "weather"}, "Choose one of the answers."),
        (SAID | {"text": ""}, "Say what is wrong."),
        (SAID | {"text": "x" * 3000}, "This must be 1400 characters or fewer."),
        (SAID | {"reply_to": "me"}, "Enter an e-mail address"),
        (SAID | {"about": "name", "instead": "Sleep clinic"}, "This is what it says now."),
        (SAID | {"text": "a\x00b"}, "NUL"),
    ],
)
def test_a_form_says_what_is_wrong_with_it_and_keeps_what_was_typed(
    service: Service, data: dict[str, str], said: str
) -> None:
    link(service)
    answer = service.call("POST", REPORT, data=data | {"about_you": "ignored"})
    assert answer.status_code == 422
    assert said in text(answer)
    assert "There is a problem" in text(answer)
    if data.get("text") == SAID["text"]:
        assert SAID["text"] in text(answer)
    assert waiting(service) == []


def test_a_correction_never_tells_a_hidden_address(service: Service) -> None:
    secret = location(addresses=[address(audience=["refuge"])])
    link(service, service_at_locations=[{"id": uid(5), "location": secret}])
    asked = SAID | {"about": "description", "instead": "Go to 12 Holly Walk."}
    answer = service.call("POST", REPORT, data=asked)
    assert answer.status_code == 422
    assert "repeats an address" in text(answer)


def test_one_sender_sends_five_an_hour(service: Service) -> None:
    link(service)
    for _ in range(5):
        assert service.call("POST", REPORT, data=SAID).status_code == 200
    refused = service.call("POST", REPORT, data=SAID, headers={"Accept": "text/html"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert "Wait an hour" in text(refused)
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    assert service.call("POST", REPORT, data=SAID, environ_base=elsewhere).status_code == 200


def test_senders_are_forgotten_after_a_day(service: Service) -> None:
    link(service)
    service.call("POST", REPORT, data=SAID)
    with service.parts.database.transaction() as session:
        forget_senders(session, service.clock() + timedelta(hours=25))
    with service.parts.database.reading() as session:
        (row,) = session.query(ReportRow).all()
        assert row.sender is None
        assert row.recorded_at == MONDAY + timedelta(days=80)


def test_what_may_not_be_seen_cannot_be_reported(service: Service) -> None:
    link(service, audience="practitioners")
    assert service.call("POST", REPORT, data=SAID).status_code == 404
    assert service.call("GET", f"/services/{uid(9)}/report").status_code == 404
