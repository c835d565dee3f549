"""Signing in: everything must be right, and whatever is wrong is answered alike."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.people.accounts import end_person, reset_person
from app.people.passwords import Passwords
from directory.actions.agencies import suspend
from directory.terms.agencies import Interval
from tests.people.making import Someone, token_in
from tests.service import CHEAP

WRONG = "The user name, password or code is not right."


def said(answer: TestResponse) -> tuple[int, str]:
    """What is told of an answer: its status and its page, but for the token of its form."""
    return answer.status_code, answer.text.replace(token_in(answer), "")


def test_whoever_has_all_three_right_is_in(hart: Someone) -> None:
    answer = hart.signs_in()
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/manage"
    assert hart.is_in()
    assert "The hub" in hart.get("/cookies")


def test_a_name_may_be_typed_in_any_case_and_a_code_in_groups(hart: Someone) -> None:
    grouped = f"{hart.code[:3]} {hart.code[3:]}"
    assert hart.signs_in(username="  M.Hart ", code=grouped).status_code == 303


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "another"},
        {"code": "000000"},
        {"code": "١٢٣٤٥٦"},
        {"password": "x" * 5000},
        {"password": "pass of m.hart\x00"},
    ],
)
def test_whatever_is_wrong_is_answered_alike(hart: Someone, typed: dict[str, Any]) -> None:
    unknown = said(hart.signs_in(username="m.hart", password="wrong", code="1"))  # noqa: S106
    assert unknown[0] == 422
    assert WRONG in unknown[1]
    assert said(hart.signs_in(**typed)) == unknown
    assert not hart.is_in()


@pytest.mark.parametrize("username", ["nobody", "m.hart\x00", "é" * 300, "' or 1=1 --", "\ud7ff"])
def test_a_name_that_nobody_has_is_answered_as_one_that_somebody_has(
    hart: Someone, username: str
) -> None:
    answer = hart.signs_in(username=username)
    assert answer.status_code == 422
    assert WRONG in answer.text


def test_what_was_typed_stays_but_for_secrets(hart: Someone) -> None:
    page = hart.signs_in(password="my secret", code="987654", next="/manage/drafts").text  # noqa: S106
    assert 'value="m.hart"' in page
    assert 'value="/manage/drafts"' in page
    assert "my secret" not in page
    assert "987654" not in page


def test_what_is_missing_is_named_and_counts_as_no_try(hart: Someone) -> None:
    for _ in range(20):
        answer = hart.signs_in(password="", code=" ")
        assert answer.status_code == 422
    assert "Enter your password" in answer.text
    assert "Enter the code" in answer.text
    assert hart.signs_in().status_code == 303


def test_a_code_is_good_once(hart: Someone) -> None:
    code = hart.code
    assert hart.signs_in(code=code).status_code == 303
    other = hart.service.app.test_client()
    assert hart.signs_in(other, code=code).status_code == 422
    hart.service.clock.passes(seconds=30)
    assert hart.signs_in(other, code=code).status_code == 422
    assert hart.signs_in(other).status_code == 303


def test_the_last_code_is_still_good_and_the_one_before_is_not(hart: Someone) -> None:
    code = hart.code
    hart.service.clock.passes(seconds=60)
    assert hart.signs_in(code=code).status_code == 422
    code = hart.code
    hart.service.clock.passes(seconds=30)
    assert hart.signs_in(code=code).status_code == 303


def test_the_code_of_a_step_cannot_be_used_after_that_of_a_later_one(hart: Someone) -> None:
    last = hart.code
    hart.service.clock.passes(seconds=30)
    assert hart.signs_in().status_code == 303
    assert hart.signs_in(hart.service.app.test_client(), code=last).status_code == 422


def test_a_wrong_password_does_not_use_the_code_up(hart: Someone) -> None:
    assert hart.signs_in(password="wrong").status_code == 422  # noqa: S106
    assert hart.signs_in().status_code == 303


def test_an_account_that_ended_opens_nothing(hart: Someone) -> None:
    hart.signs_in()
    with hart.service.parts.database.transaction() as session:
        end_person(session, "m.hart", hart.service.clock())
    assert not hart.is_in()
    hart.service.clock.passes(minutes=1)
    assert hart.signs_in().status_code == 422


def test_a_reset_ends_sessions_and_the_old_password(hart: Someone) -> None:
    hart.signs_in()
    old = hart.credentials
    hart.credentials = type(old)("another password", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    with hart.service.parts.database.transaction() as session:
        reset_person(session, "m.hart", hart.credentials, CHEAP, hart.service.clock())
    assert not hart.is_in()
    assert hart.signs_in(password=old.password).status_code == 422
    assert hart.signs_in().status_code == 303


def test_people_of_an_agency_that_is_suspended_are_out_at_once(hart: Someone) -> None:
    hart.signs_in()
    at = hart.service.clock()
    with hart.service.parts.database.transaction() as session:
        suspend(session, "hub", Interval(at + timedelta(minutes=5)), at)
    assert hart.is_in()
    hart.service.clock.passes(minutes=5)
    assert not hart.is_in()
    assert hart.signs_in().status_code == 422


class Counting(Passwords):
    """Passwords that say how often they were compared with a hash."""

    def matches(self, kept: str | None, password: str) -> bool:
        compared.append(kept is not None)
        return super().matches(kept, password)


compared: list[bool] = []


def test_an_unknown_name_costs_the_same_hash(hart: Someone) -> None:
    hart.service.app.extensions["rightshare.people.passwords"] = Counting(
        CHEAP.time_cost, CHEAP.memory_cost, CHEAP.parallelism
    )
    hart.signs_in(username="nobody")
    hart.signs_in(password="wrong")  # noqa: S106
    assert compared == [False, True]


def test_the_dummy_hash_has_the_parameters_of_the_others() -> None:
    passwords = Passwords()
    assert passwords._dummy.split("$")[:4] == passwords.hash("x").split("$")[:4]  # noqa: SLF001
    assert passwords._dummy.startswith("$argon2id$v=19$m=19456,t=2,p=1$")  # noqa: SLF001
    assert not passwords.matches(None, "x")
    assert not passwords.matches("no hash at all", "x")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "manage",
        "/" + "x" * 600,
        "/a\r\nSet-Cookie: x=1",
    ],
)
def test_nobody_is_led_off_the_site(hart: Someone, address: str) -> None:
    answer = hart.signs_in(next=address)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/manage"
    shown = hart.service.app.test_client().get("/sign-in", query_string={"next": address})
    assert "evil" not in shown.text


def test_whoever_wanted_a_page_gets_it_after_signing_in(hart: Someone) -> None:
    page = hart.browser.get("/sign-in?next=%2Fmanage%2Frecords%3Ffreshness%3Dstale")
    assert 'name="next" value="/manage/records?freshness=stale"' in page.text
    assert hart.signs_in(next="/manage/records?freshness=stale").headers["Location"] == (
        "/manage/records?freshness=stale"
    )


def test_nothing_of_signing_in_may_be_stored(hart: Someone) -> None:
    assert hart.browser.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert hart.signs_in().headers["Cache-Control"] == "no-store"
    page = hart.browser.get("/cookies")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
