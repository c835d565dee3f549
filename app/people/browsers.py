"""What a browser holds: the secret of its session, and a proof of who signed in there before.

A browser is given a cookie when it is first shown a form of ours, and never before: whoever only
reads the public pages is given none. Until somebody signs in, nothing about it is on file: the
token of its forms follows from its secret.
"""

import hmac
import secrets
from typing import Any, Final

from flask import Flask, Request, Response, current_app, g
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.wrappers import Response as AnyResponse

from app.kernel.db import database
from app.people.sessions import new_secret

PROGRAMS: Final = ("/v1/", "/oauth/", "/oruk/", "/log/", "/.well-known/", "/static/", "/healthz")
"""Where programs call, for whom no session is prepared: it cost 3 % of a call."""

KNOWN_FOR_SECONDS: Final = 365 * 24 * 3600
MOST_KNOWN: Final = 5
HTTPS: Final = "rightshare.people.https"
_FORM_TOKEN: Final = "csrf_token"  # noqa: S105  (the name under which flask-wtf keeps it)
_PROOF_LETTERS: Final = 32
_LONGEST_COOKIE: Final = 512


class BrowserSession(dict[str, Any], SessionMixin):
    """What flask-wtf reads the token of forms from; nothing else is ever kept in it."""

    def __init__(self, secret: str, *, new: bool) -> None:
        token = database().vault.blind_index("form token", secret).hex()
        super().__init__({_FORM_TOKEN: token})
        self.secret = secret
        self.new = new
        self.shown = False
        self.ended = False

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  (a dict's own)
        """Return a value, and remember that the browser must come back with its secret."""
        self.shown = True
        return super().__getitem__(name)


class BrowserSessions(SessionInterface):
    """Flask's sessions, by a cookie that holds a random secret and nothing else."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Return what the browser brought, or a secret that it may be given."""
        if request.path.startswith(PROGRAMS):
            return self.make_null_session(app)
        brought = request.cookies.get(cookie_name("session"), "")
        if 0 < len(brought) <= _LONGEST_COOKIE:
            return BrowserSession(brought, new=False)
        return BrowserSession(new_secret(), new=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002  (Flask's signature)
        """Give the browser its secret where it was shown a form, and take it back at the end."""
        if not isinstance(session, BrowserSession):
            return
        if session.ended:
            response.delete_cookie(cookie_name("session"), secure=_https(), httponly=True)
        elif session.new and session.shown:
            _set(response, "session", session.secret)
        if session.shown or "person" in g:
            response.vary.add("Cookie")


def present() -> BrowserSession | None:
    """Return the session of the browser that asks; None where a program does."""
    found = flask_session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  (werkzeug's documented way)
    return found if isinstance(found, BrowserSession) else None


def renew(browser: BrowserSession, secret: str) -> None:
    """Have the browser hold another secret: what it held before the sign-in opens nothing."""
    browser.secret, browser.new, browser.shown = secret, True, True


def forget(browser: BrowserSession) -> None:
    """Have the browser forget its secret."""
    browser.ended = True


def cookie_name(what: str) -> str:
    """Return a cookie's name: on https one that only this host can have set, for every path."""
    return f"__Host-{what}" if _https() else f"rightshare_{what}"


def known_browser(cookies: Any, username: str) -> str | None:  # noqa: ANN401  (werkzeug's cookies)
    """Return the id of a browser in which this person has signed in; None for any other."""
    browser, proofs = _known(cookies)
    ours = _proof(browser, username)
    return browser if any(hmac.compare_digest(ours, one) for one in proofs) else None


def remember(response: AnyResponse, cookies: Any, username: str) -> None:  # noqa: ANN401  (werkzeug's cookies)
    """Have the browser prove from now on that this person has signed in there."""
    browser, proofs = _known(cookies)
    browser = browser or secrets.token_hex(16)
    ours = _proof(browser, username)
    kept = [ours, *(one for one in proofs if one != ours)][:MOST_KNOWN]
    _set(response, "browser", ".".join([browser, *kept]), KNOWN_FOR_SECONDS)


def _known(cookies: Any) -> tuple[str, list[str]]:  # noqa: ANN401  (werkzeug's cookies)
    held = cookies.get(cookie_name("browser"), "")
    if not held.isascii() or len(held) > _LONGEST_COOKIE:
        return "", []
    browser, *proofs = held.split(".")
    return browser, proofs


def _proof(browser: str, username: str) -> str:
    return database().vault.blind_index("known browser", browser, username).hex()[:_PROOF_LETTERS]


def _set(response: AnyResponse, what: str, value: str, seconds: int | None = None) -> None:
    response.set_cookie(
        cookie_name(what), value, seconds, secure=_https(), httponly=True, samesite="Lax", path="/"
    )


def _https() -> bool:
    return bool(current_app.config[HTTPS])
