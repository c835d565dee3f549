"""`rightshare person …`: accounts are opened, reset and closed by an operator."""

import re

import pytest
from click.testing import CliRunner, Result

from app.kernel.auth import Person
from app.people.accounts import Credentials
from app.people.cli import person_commands
from tests.people.making import Someone
from tests.service import Service


@pytest.fixture
def hub(one_service: Service, hart: Someone) -> Service:
    return one_service


def run(service: Service, *words: str) -> Result:
    with service.app.app_context():
        return CliRunner().invoke(person_commands, words)


def told(service: Service, said: Result, username: str) -> Someone:
    """Whoever was given what the command printed."""
    password = re.search(r"password +(\S+)", said.output)
    secret = re.search(r"otpauth://totp/Rightshare:\S+secret=([A-Z2-7]+)", said.output)
    assert password is not None
    assert secret is not None
    person = Person(username, "practitioner", "hub")
    return Someone(service, person, Credentials(password[1], secret[1]))


ADD = ("add", "j.ali", "--agency", "hub", "--role", "practitioner")


def test_an_account_opens_with_what_is_printed_once(hub: Service) -> None:
    said = run(hub, *ADD)
    assert said.exit_code == 0
    ali = told(hub, said, "j.ali")
    answer = ali.signs_in()
    assert answer.headers["Location"] == "/"
    assert ali.is_in()
    again = run(hub, *ADD)
    assert again.exit_code == 1
    assert "a name is one person's for ever" in again.output


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("add", "J Ali", "--agency", "hub", "--role", "practitioner"), "is no user name"),
        (("add", "j.ali", "--agency", "nowhere", "--role", "practitioner"), "no agency nowhere"),
        (("add", "j.ali", "--agency", "hub", "--role", "king"), "'king' is not one of"),
        (("reset", "nobody"), "nobody has an account of the name nobody"),
        (("end", "nobody"), "nobody has an account of the name nobody"),
    ],
)
def test_what_cannot_be_done_is_told(hub: Service, words: tuple[str, ...], expected: str) -> None:
    said = run(hub, *words)
    assert said.exit_code != 0
    assert expected in said.output


def test_a_reset_gives_new_credentials_and_an_end_is_for_good(hub: Service) -> None:
    first = told(hub, run(hub, *ADD), "j.ali")
    assert first.signs_in().status_code == 303
    second = told(hub, run(hub, "reset", "j.ali"), "j.ali")
    assert not first.is_in()
    assert first.signs_in().status_code == 422
    assert second.signs_in().status_code == 303
    assert run(hub, "end", "j.ali").exit_code == 0
    assert not second.is_in()
    assert run(hub, "reset", "j.ali").exit_code == 1
    assert run(hub, *ADD).exit_code == 1
