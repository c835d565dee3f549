"""The pages by which people sign in and out, and `init_people`, by which an application gets them.

A view that is `for_people` takes no form but one of ours: the check stands before all of them, so
that none can be forgotten.
"""

import math
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from app.kernel.auth import PEOPLE_EXTENSION, NotSignedIn, Person, access_of, public
from app.kernel.clock import now
from app.kernel.db import database, transaction
from app.people import browsers, sessions
from app.people.accounts import tidied
from app.people.passwords import Passwords
from app.people.paths import page_of_ours
from app.people.signing_in import Attempt, SignedIn, sign_in
from app.people.tries import TooManyTries

LONGEST: Final = 1000
_PASSWORDS: Final = "rightshare.people.passwords"
_FIELDS: Final = {
    "username": "Enter your user name",
    "password": "Enter your password",
    "code": "Enter the code that your authenticator shows",
}
_WRONG: Final = (
    "The user name, password or code is not right. Check all three: each code works once, and for"
    " a minute at most"
)
_NOT_OURS: Final = (
    "This form did not come back as it was shown to you. Sign in again here: your browser must"
    " accept the cookie of this site"
)

blueprint = Blueprint("people", __name__)


class FormNotOurs(Exception):
    """A form that this service did not give to this browser, or gave to an earlier session."""

    def __init__(self) -> None:
        super().__init__(
            "The form did not come back as it was shown to you, so nothing was changed. Go back,"
            " open the page again, and send it once more."
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What the sign-in form shows: what was typed, but for secrets, and what is wrong with it."""

    username: str = ""
    after: str | None = None
    lost: bool = False
    message: str | None = None
    errors: dict[str, str] | None = None


def init_people(app: Flask, *, https: bool) -> None:
    """Let people sign in to an application; `https` says that nothing else is ever used here."""
    app.config |= {
        browsers.HTTPS: https,
        "WTF_CSRF_TIME_LIMIT": None,  # a form is good for as long as its session
        "WTF_CSRF_CHECK_DEFAULT": False,  # `check_forms` does, where a person's word counts
    }
    app.session_interface = browsers.BrowserSessions()
    app.extensions[PEOPLE_EXTENSION] = find_person
    CSRFProtect(app)
    app.before_request(check_forms)
    app.after_request(keep_to_one_reader)
    app.register_error_handler(NotSignedIn, ask_to_sign_in)
    app.register_blueprint(blueprint)


def furnish_people(app: Flask, passwords: Passwords) -> None:
    """Give an application what it checks passwords and forms with; it has its secret key."""
    app.extensions[_PASSWORDS] = passwords
    app.config["WTF_CSRF_SECRET_KEY"] = app.secret_key


def find_person() -> Person | None:
    """Return who is signed in in the browser that asks."""
    browser = browsers.present()
    if browser is None or browser.new:
        return None
    with database().autocommit() as connection:
        return sessions.person_of(connection, browser.secret, now())


def check_forms() -> None:
    """Refuse a form for people that another site had their browser send (CSRF)."""
    rule = request.url_rule
    if rule is None or request.method == "OPTIONS":
        return
    if not access_of(current_app, rule, request.method).for_people:
        return
    if not _form_is_ours():
        raise FormNotOurs


def keep_to_one_reader(response: Response) -> Response:
    """Let no cache keep what was made for somebody who is signed in."""
    if g.get("person") is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def ask_to_sign_in(_: NotSignedIn) -> AnyResponse:
    """Lead to the sign-in form, and from there back to the page that was wanted."""
    if request.method not in {"GET", "HEAD"}:
        return redirect(url_for("people.show_form", lost=1), 303)
    wanted = page_of_ours(request.full_path.removesuffix("?"))
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    return redirect(url_for("people.show_form") + query, 303)


@blueprint.get("/sign-in")
@public("whoever is to be let in must first say who they are")
def show_form() -> Response:
    """Ask for name, password and code."""
    after = page_of_ours(request.args.get("next", ""))
    return _form(Shown(after=after, lost="lost" in request.args))


@blueprint.post("/sign-in")
@public("whoever is to be let in must first say who they are")
def take_form() -> AnyResponse:
    """Sign in, or say in one voice that something is wrong."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in _FIELDS}
    shown = Shown(typed["username"], page_of_ours(request.form.get("next", "")))
    if not _form_is_ours():
        return _form(_with(shown, _NOT_OURS), 400)
    missing = {name: said for name, said in _FIELDS.items() if not typed[name].strip()}
    if missing:
        return _form(_with(shown, None, missing), 422)
    try:
        done = sign_in(database(), current_app.extensions[_PASSWORDS], _attempt(typed), now())
    except TooManyTries as error:
        return _too_many(shown, error)
    return _form(_with(shown, _WRONG), 422) if done is None else _let_in(done, shown.after)


@blueprint.post("/sign-out")
@public("whoever is signed in may leave; anyone else has nothing to end")
def sign_out() -> AnyResponse:
    """End the session, in the database and in the browser."""
    browser = browsers.present()
    if browser is not None and _form_is_ours():
        with transaction() as session:
            sessions.end(session, browser.secret)
        browsers.forget(browser)
    answer = redirect(url_for("people.show_form"), 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _attempt(typed: dict[str, str]) -> Attempt:
    username = tidied(typed["username"])
    known = browsers.known_browser(request.cookies, username)
    return Attempt(username, typed["password"], typed["code"], request.remote_addr or "", known)


def _let_in(done: SignedIn, after: str | None) -> AnyResponse:
    browser = browsers.present()
    if browser is None:
        raise FormNotOurs
    if not browser.new:
        with transaction() as session:
            sessions.end(session, browser.secret)  # whoever was signed in here before
    browsers.renew(browser, done.secret)
    answer = redirect(after or start_page(done.person), 303)
    browsers.remember(answer, request.cookies, done.person.username)
    return answer


def start_page(person: Person) -> str:
    """Return where somebody begins who asked for no page."""
    if person.may("directory.write"):
        return "/manage"
    if person.may("disclosure.preview"):
        return "/ig"
    return "/agreements/to-sign" if person.may("agreement.sign") else "/"


def _too_many(shown: Shown, error: TooManyTries) -> Response:
    seconds = max(1, math.ceil((error.until - now()).total_seconds()))
    minutes = math.ceil(seconds / 60)
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    said = f"Too many sign-ins went wrong. Try again in {wait}"
    answer = _form(_with(shown, said), 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _with(shown: Shown, message: str | None, errors: dict[str, str] | None = None) -> Shown:
    return replace(shown, message=message, errors=errors)


def _form(shown: Shown, status: int = 200) -> Response:
    return make_response(render_template("sign_in.html", shown=shown), status)


def _form_is_ours() -> bool:
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return False
    return True
