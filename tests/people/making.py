"""People who sign in to a test's service, as they would with a browser."""

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.auth import Person
from app.people.accounts import Credentials, add_person
from directory.actions.agencies import register_agency
from directory.terms.agencies import Agency, Interval
from tests.service import CHEAP, MONDAY, Service

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HTML = {"Accept": "text/html"}


@dataclass
class Someone:
    """A person with an account, and the browser they use."""

    service: Service
    person: Person
    credentials: Credentials
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.service.app.test_client()

    @property
    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(self.credentials.totp_secret).at(self.service.clock())

    def signs_in(self, browser: FlaskClient | None = None, **typed: Any) -> TestResponse:
        """Fill in the form, right but for what is given."""
        browser = browser or self.browser
        asked = typed.pop("query", "")
        address = typed.pop("address", "127.0.0.1")
        form = {
            "username": self.person.username,
            "password": self.credentials.password,
            "code": self.code,
            "csrf_token": token_in(browser.get(f"/sign-in{asked}", headers=HTML)),
            **typed,
        }
        environ = {"REMOTE_ADDR": address}
        return browser.post("/sign-in", data=form, headers=HTML, environ_base=environ)

    def is_in(self, browser: FlaskClient | None = None) -> bool:
        """Say whether the pages know them; the clock must be where it is to be asked."""
        page = (browser or self.browser).get("/cookies", headers=HTML).text
        return f"<strong>{self.person.username}</strong>" in page

    def get(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(path, headers=HTML)
        assert answer.status_code == status, answer.text
        return answer.text

    def sends(self, path: str, **form: Any) -> TestResponse:
        """Send a form of the pages, with the token that they show."""
        token = token_in(self.browser.get("/cookies", headers=HTML))
        return self.browser.post(path, data={"csrf_token": token, **form}, headers=HTML)


def token_in(page: TestResponse) -> str:
    found = _TOKEN.search(page.text)
    assert found is not None, page.text
    return found[1]


def an_agency(service: Service, code: str) -> None:
    """Have an agency take part, from before anybody signs in."""
    agency = Agency(code, f"The {code}", "partner", MONDAY, active=(Interval(MONDAY),))
    with service.parts.database.transaction() as session:
        register_agency(session, agency)


def someone(
    service: Service, username: str = "m.hart", role: str = "cluster_manager", agency: str = "hub"
) -> Someone:
    """A person with an account; their agency must take part."""
    person = Person(username, role, agency)
    credentials = Credentials(f"pass of {username}", pyotp.random_base32())
    with service.parts.database.transaction() as session:
        add_person(session, person, credentials, CHEAP, MONDAY)
    return Someone(service, person, credentials)
