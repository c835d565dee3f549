"""How many sign-ins may go wrong: by name, by known browser, by address."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.people.jobs import forget_past
from app.people.signing_in import Attempt, sign_in
from app.people.tries import TooManyTries, allowances
from tests.people.making import Someone, someone
from tests.service import CHEAP

WRONG = "not the password"


def tried(who: Someone, attempt: Attempt) -> int:
    """What the form answers to a try, without the form."""
    at = who.service.clock()
    try:
        done = sign_in(who.service.parts.database, CHEAP, attempt, at)
    except TooManyTries:
        return 429
    return 422 if done is None else 303


def fails(
    who: Someone, times: int, address: str = "192.0.2.1", username: str = "m.hart"
) -> list[int]:
    """The answers to so many wrong tries, each from a browser that never signed anybody in."""
    return [tried(who, Attempt(username, WRONG, "000000", address)) for _ in range(times)]


@pytest.mark.parametrize("username", ["m.hart", "nobody"])
def test_ten_wrong_tries_close_a_name_for_browsers_that_never_signed_it_in(
    hart: Someone, username: str
) -> None:
    assert fails(hart, 10, username=username) == [422] * 10
    hart.service.clock.passes(minutes=5)
    answer = hart.signs_in(username=username, address="192.0.2.9")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert "Try again in 10 minutes" in answer.text
    assert 'value="m.hart"' in hart.signs_in(address="192.0.2.9").text or username == "nobody"


def test_the_right_password_is_not_even_looked_at_meanwhile_and_opens_again_after(
    hart: Someone,
) -> None:
    fails(hart, 10)
    hart.service.clock.passes(minutes=14, seconds=59)
    assert hart.signs_in().status_code == 429
    hart.service.clock.passes(seconds=1)
    assert hart.signs_in().status_code == 303


def test_tries_count_for_fifteen_minutes_each(hart: Someone) -> None:
    fails(hart, 5)
    hart.service.clock.passes(minutes=10)
    fails(hart, 5)
    assert fails(hart, 1) == [429]
    hart.service.clock.passes(minutes=5)
    assert fails(hart, 6) == [422] * 5 + [429]


def test_nobody_can_lock_out_a_browser_in_which_a_person_signed_in_before(hart: Someone) -> None:
    assert hart.signs_in().status_code == 303
    hart.sends("/sign-out")
    fails(hart, 11)
    hart.service.clock.passes(minutes=1)
    assert hart.signs_in(hart.service.app.test_client()).status_code == 429
    assert hart.signs_in().status_code == 303


def test_a_known_browser_has_ten_wrong_tries_of_its_own(hart: Someone) -> None:
    hart.signs_in()
    hart.service.clock.passes(minutes=1)
    wrong = [hart.signs_in(password="wrong").status_code for _ in range(11)]  # noqa: S106
    assert wrong == [422] * 10 + [429]
    assert hart.signs_in(hart.service.app.test_client()).status_code == 303


def test_a_browser_is_known_for_those_alone_who_signed_in_there(hart: Someone) -> None:
    other = someone(hart.service, "k.osei")
    hart.signs_in()
    fails(other, 10, username="k.osei")
    assert other.signs_in(hart.browser).status_code == 429


@pytest.mark.parametrize("forged", ["{browser}", "{browser}.", "x.{proof}", ".{proof}", "é.ü"])
def test_what_a_browser_makes_up_makes_it_known_to_nobody(hart: Someone, forged: str) -> None:
    hart.signs_in()
    held = hart.browser.get_cookie("rightshare_browser")
    assert held is not None
    browser, proof = held.value.split(".")
    fails(hart, 10)
    stranger = hart.service.app.test_client()
    stranger.set_cookie("rightshare_browser", forged.format(browser=browser, proof=proof))
    assert hart.signs_in(stranger).status_code == 429


def test_fifty_wrong_tries_close_an_address_whatever_the_names(hart: Someone) -> None:
    answers = [fails(hart, 1, username=f"name-{number}")[0] for number in range(51)]
    assert answers == [422] * 50 + [429]
    assert hart.signs_in(address="192.0.2.1").status_code == 429
    assert hart.signs_in(address="192.0.2.2").status_code == 303


def test_successes_do_not_count(hart: Someone) -> None:
    for _ in range(51):
        right = Attempt("m.hart", hart.credentials.password, hart.code, "192.0.2.1")
        assert tried(hart, right) == 303
        hart.service.clock.passes(seconds=30)
    assert fails(hart, 10) == [422] * 10


def test_what_is_refused_for_being_too_much_is_not_counted_again(hart: Someone) -> None:
    fails(hart, 40)
    hart.service.clock.passes(minutes=15)
    assert fails(hart, 10) == [422] * 10


def test_one_customer_of_a_network_counts_as_one(hart: Someone) -> None:
    vault = hart.service.parts.database.vault
    keys = {
        one.key
        for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2")
        for one in allowances(vault, "m.hart", address, None)
    }
    assert len(keys) == 2
    assert keys != {one.key for one in allowances(vault, "m.hart", "2001:db8:0:2::1", None)}


@pytest.mark.long
def test_many_tries_at_once_do_not_slip_through_together(hart: Someone) -> None:
    def attempt(number: int) -> int:
        return tried(hart, Attempt("m.hart", WRONG, "000000", f"192.0.2.{number}"))

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(40)))
    assert sorted(outcomes) == [422] * 10 + [429] * 30


@pytest.mark.long
def test_of_one_code_sent_many_times_at_once_one_signs_in(hart: Someone) -> None:
    code = hart.code

    def attempt(number: int) -> bool:
        right = Attempt("m.hart", hart.credentials.password, code, f"192.0.2.{number}")
        return tried(hart, right) == 303

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1


def test_what_no_longer_counts_is_forgotten(hart: Someone) -> None:
    hart.signs_in()
    fails(hart, 3)
    hart.service.clock.passes(hours=1)
    with hart.service.parts.database.transaction() as session:
        forget_past(session, hart.service.clock())
        for table in ("wrong_sign_in", "person_session"):
            assert session.connection().exec_driver_sql(f"select * from {table}").all() == []  # noqa: S608  (a constant)
