"""Reminders: to whoever vouches, once for each stage, with a link that takes one answer."""

import re
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.kernel.mail import Letter
from app.kernel.queue import failed_jobs
from app.worker import WORK, work_for, work_once
from directory.actions.contacts import publish_contact_point
from directory.actions.links import token_for
from directory.actions.records import put_records, put_service
from directory.actions.reminders import MOST_OF_A_LETTER, look_up, press, remind, write_letter
from directory.jobs import LETTER, LetterWriter
from directory.queries.records import versions
from directory.queries.reminding import due, letter_of
from directory.rules.freshness import Stage
from directory.rules.letters import plain
from directory.terms.contacts import ContactFacts, Email, SourceDocument
from directory.terms.records import Origin, RecordKind
from directory.terms.reminding import LinkState, UnknownLink
from tests.directory.editing.builders import BY, SERVICE, a_service, flat, held, on_file, uid
from tests.service import MONDAY, Service, settings_for

VOUCHES = "hub@leeds.example"
ON_FILE = {"assured_date": "2026-03-02", "assurer_email": VOUCHES}


def asked_on(session: Session, days: int) -> list[tuple[str, Stage]]:
    at = MONDAY + timedelta(days=days)
    return [
        (one.address, Stage(one.stage))
        for letter in remind(session, at)
        for one in letter_of(session, letter)
    ]


def test_whoever_vouches_is_asked_once_at_each_stage(session: Session) -> None:
    on_file(session, **ON_FILE)
    asked = {days: found for days in range(400) if (found := asked_on(session, days))}
    dates = {MONDAY.date() + timedelta(days=days): found[0][1] for days, found in asked.items()}
    assert dates == {
        date(2026, 5, 18): Stage.SOON,
        date(2026, 6, 2): Stage.AGEING,
        date(2026, 9, 2): Stage.HALF_A_YEAR,
        date(2027, 3, 2): Stage.STALE,
    }
    assert {address for found in asked.values() for address, _ in found} == {VOUCHES}


def test_a_worker_that_slept_asks_about_the_newest_stage_alone(session: Session) -> None:
    on_file(session, **ON_FILE)
    assert asked_on(session, 500) == [(VOUCHES, Stage.STALE)]
    assert asked_on(session, 501) == []


def test_an_assurance_begins_the_stages_anew(session: Session) -> None:
    on_file(session, **ON_FILE)
    assert asked_on(session, 80) == [(VOUCHES, Stage.SOON)]
    sure = flat(session, assured_date="2026-05-21")
    put_records(session, RecordKind.SERVICE, [sure], BY, MONDAY + timedelta(days=80))
    assert asked_on(session, 81) == []
    assert asked_on(session, 80 + 80) == [(VOUCHES, Stage.SOON)]


def test_what_nobody_vouched_for_ages_from_the_day_it_came(session: Session) -> None:
    on_file(session, assurer_email=VOUCHES, assured_date=None)
    assert asked_on(session, 70) == []
    assert asked_on(session, 80) == [(VOUCHES, Stage.SOON)]


def test_what_has_ended_is_nobodys_to_vouch_for(session: Session) -> None:
    on_file(session, **ON_FILE, status="defunct")
    assert asked_on(session, 400) == []


def organization(**more: Any) -> dict[str, Any]:
    return dict(a_service()["organization"]) | more


def test_else_the_organization_is_asked_and_else_its_owner(session: Session) -> None:
    assured = {"assured_date": "2026-03-02"}
    on_file(session, **assured, assurer_email="at the door")
    assert due(session, date(2026, 7, 1), 9) == []
    source, address = SourceDocument("A guide", "2021"), Email("owner@hub.example")
    hub = ContactFacts("h", "Leeds", "hub", "Hub", source, email=address, agency="eh-hub")
    publish_contact_point(session, hub, MONDAY)
    assert [one.address for one in due(session, date(2026, 7, 1), 9)] == ["owner@hub.example"]
    put_service(session, a_service(organization=organization(email=" Org@A.example ")), BY, MONDAY)
    assert [one.address for one in due(session, date(2026, 7, 1), 9)] == ["org@a.example"]


def test_one_letter_asks_about_so_many_and_the_rest_waits_a_day(session: Session) -> None:
    on_file(session, **ON_FILE)
    for number in range(MOST_OF_A_LETTER + 4):
        put_service(session, a_service(id=uid(100 + number), **ON_FILE), BY, MONDAY)
    (letter,) = remind(session, MONDAY + timedelta(days=80))
    assert len(letter_of(session, letter)) == MOST_OF_A_LETTER
    assert len(asked_on(session, 81)) == 5
    assert asked_on(session, 82) == []


def written(session: Session, days: int = 80) -> Letter:
    at = MONDAY + timedelta(days=days)
    (letter,) = remind(session, at)
    made = write_letter(session, letter, "Leeds", "https://x.example/{}".format, at)
    assert made is not None
    return made


def token_in(letter: Letter) -> str:
    (token,) = re.findall(r"Still right:\s+https://x\.example/(\S+)", letter.text)
    return str(token)


def test_a_letter_says_what_for_whom_and_until_when(session: Session) -> None:
    on_file(session, **ON_FILE, name="Sleep\nclinic")
    letter = written(session)
    assert (letter.to, letter.subject) == (VOUCHES, "Is this still right? Sleep clinic")
    assert "Last checked on 2 March 2026." in letter.text
    assert "until 20 June 2026" in letter.text
    assert f"{token_in(letter)}/wrong" in letter.text
    assert "Holly" not in letter.text


def test_a_letter_about_several_says_how_many(session: Session) -> None:
    on_file(session, assurer_email=VOUCHES, assured_date=None)
    put_service(session, a_service(id=uid(100), **ON_FILE), BY, MONDAY)
    letter = written(session)
    assert letter.subject == "Are these still right? 2 services"
    assert "Nobody has checked it since it came on file on 2 March 2026." in letter.text


def test_a_letter_that_was_answered_before_it_went_is_not_sent(session: Session) -> None:
    on_file(session, **ON_FILE)
    at = MONDAY + timedelta(days=80)
    (letter,) = remind(session, at)
    put_records(session, RecordKind.SERVICE, [flat(session, name="New")], BY, at)
    assert write_letter(session, letter, "Leeds", str, at) is None


def test_a_name_is_kept_short() -> None:
    assert plain("x" * 500) == "x" * 119 + "…"


def test_looking_changes_nothing_and_pressing_vouches_once(session: Session) -> None:
    on_file(session, **ON_FILE)
    token, at = token_in(written(session)), MONDAY + timedelta(days=81)
    for _ in range(3):
        assert look_up(session, token, at).state is LinkState.OPEN
    assert held(session).version == 1

    pressed = press(session, token, at)

    assert (pressed.state, pressed.reminder.used_at) == (LinkState.USED, at)
    (newest, *_) = versions(session, RecordKind.SERVICE, SERVICE)
    assert newest.document["assured_date"] == "2026-05-22"
    assert (newest.by.origin, newest.by.author) == (Origin.CONFIRMED, "still-right-link")
    again = press(session, token, at + timedelta(days=1))
    assert (again.state, again.reminder.used_at) == (LinkState.USED, at)
    assert held(session).version == 2


def test_a_link_works_for_thirty_days(session: Session) -> None:
    on_file(session, **ON_FILE)
    token, sent = token_in(written(session)), MONDAY + timedelta(days=80)
    nearly = sent + timedelta(days=30) - timedelta(seconds=1)
    assert look_up(session, token, nearly).state is LinkState.OPEN
    late = sent + timedelta(days=30)
    assert press(session, token, late).state is LinkState.EXPIRED
    assert held(session).version == 1


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"name": "Other"}, LinkState.CHANGED),
        ({"assured_date": "2026-05-22"}, LinkState.ASSURED),
        ({"status": "defunct"}, LinkState.ENDED),
    ],
)
def test_what_happened_meanwhile_is_said_and_not_confirmed(
    session: Session, more: dict[str, Any], state: LinkState
) -> None:
    on_file(session, **ON_FILE)
    token, at = token_in(written(session)), MONDAY + timedelta(days=81)
    put_records(session, RecordKind.SERVICE, [flat(session, **more)], BY, at)
    assert look_up(session, token, at).state is state
    assert press(session, token, at).state is state
    assert held(session).version == 2


def test_a_link_shows_what_anyone_may_see_and_no_more(session: Session) -> None:
    contacts = [{"id": uid(30), "name": "Sam", "audience": "practitioners"}]
    on_file(session, **ON_FILE, contacts=contacts)
    linked = look_up(session, token_in(written(session)), MONDAY + timedelta(days=81))
    assert linked.seen is not None
    assert "contacts" not in linked.seen


def test_a_link_to_a_hidden_service_tells_its_name_alone(session: Session) -> None:
    on_file(session, **ON_FILE, audience="practitioners")
    linked = look_up(session, token_in(written(session)), MONDAY + timedelta(days=81))
    assert (linked.seen, linked.name, linked.state) == (None, "Sleep clinic", LinkState.OPEN)


def test_a_link_of_ones_own_making_is_none(session: Session) -> None:
    on_file(session, **ON_FILE)
    token = token_in(written(session))
    other = token_for(session, SERVICE, MONDAY)
    for forged in (f"{token[:-2]}xx", f"x{token}", token[:20], "", other):
        with pytest.raises(UnknownLink):
            look_up(session, forged, MONDAY)


class BrokenPost:
    """A mail server that is down for a while."""

    def __init__(self, fails: int) -> None:
        self.left, self.sent = fails, list[Letter]()

    def send(self, letter: Letter) -> None:
        if self.left:
            self.left -= 1
            raise ConnectionRefusedError
        self.sent.append(letter)


def all_work(service: Service, post: Any) -> None:
    work = WORK | {LETTER: LetterWriter(post, "https://x.example", "Leeds").send}
    while work_once(service.parts.database, service.clock, work):
        pass


def test_the_worker_asks_each_day_and_tries_again_what_failed(service: Service) -> None:
    with service.parts.database.transaction() as session:
        on_file(session, **ON_FILE)
    service.clock.passes(days=80)
    post = BrokenPost(fails=2)
    all_work(service, post)
    assert post.sent == []
    for _ in range(4):
        service.clock.passes(minutes=10)
        all_work(service, post)
    assert [letter.to for letter in post.sent] == [VOUCHES]
    with service.parts.database.reading() as session:
        assert failed_jobs(session) == {}


def test_without_a_mail_server_letters_lie_in_a_folder(service: Service, tmp_path: Path) -> None:
    with service.parts.database.transaction() as session:
        on_file(session, **ON_FILE)
    service.clock.passes(days=80)
    work = work_for(settings_for(service.admin_url, tmp_path), service.parts)
    while work_once(service.parts.database, service.clock, work):
        pass
    (letter,) = (tmp_path / "mail").iterdir()
    said = message_from_bytes(letter.read_bytes(), policy=default).get_content()
    (path,) = re.findall(
        r"Still right:\s+http://127\.0\.0\.1:8000(/services/still-right/\S+)", said
    )
    page = service.call("GET", path)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "Is this still right?" in page.get_data(as_text=True)
    assert "Set-Cookie" not in page.headers
