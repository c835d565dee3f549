"""The application, put together: the one place that knows every storey."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from app import headers
from app.config import Settings
from app.doors import API, PAGES
from app.errors import register_errors
from app.kernel import auth, clock, db, outward
from app.kernel.db import Database, reading, speak_for
from app.kernel.idempotency import ERRORS as IDEMPOTENCY_ERRORS
from app.kernel.idempotency import PROBLEMS as IDEMPOTENCY_PROBLEMS
from app.kernel.named import ERRORS as SHARED_ERRORS
from app.kernel.named import PROBLEMS as SHARED_PROBLEMS
from app.kernel.problem import Api, register_problems
from app.kernel.vault import KeyRing, Vault, new_wrapped_key
from app.kernel.wire import guard_wire
from app.migrations.run import head
from app.oauth.countersigning import RegisteredKeys
from app.oauth.endpoints import furnish_oauth, init_oauth
from app.oauth.settings import OAuthSettings
from app.observe import health, logs, metrics, trace
from app.pages.drawing import Looks, error_page
from app.pages.site import init_pages
from app.parts import Parts, key_files, parts_for
from app.people.pages import FormNotOurs, furnish_people, init_people
from consent.actions import partners
from consent.actions.errors import ERRORS as CONSENT_ERRORS
from consent.actions.errors import PROBLEMS as CONSENT_PROBLEMS
from consent.terms import Scope
from directory.actions import packaging
from directory.actions.errors import ERRORS as DIRECTORY_ERRORS
from directory.actions.errors import PROBLEMS as DIRECTORY_PROBLEMS
from directory.api.oruk import Publication, furnish_feed
from directory.queries.agencies import names_of, unknown_codes
from sharing.actions import keyring, log, signers
from sharing.actions.disclosing import LogStopped
from sharing.actions.errors import ERRORS as SHARING_ERRORS
from sharing.actions.errors import PROBLEMS as SHARING_PROBLEMS
from sharing.actions.review_errors import ERRORS as REVIEW_ERRORS
from sharing.actions.review_errors import PROBLEMS as REVIEW_PROBLEMS
from sharing.actions.rights_errors import ERRORS as RIGHTS_ERRORS
from sharing.actions.rights_errors import PROBLEMS as RIGHTS_PROBLEMS
from sharing.api.disclosures import NotLogged
from sharing.chain.notes import Signer
from sharing.chain.receipts import receipt_key_name
from sharing.queries.agreements import members_at
from sharing.queries.needing import answer_matters
from sharing.queries.seeing import helps

VERSION: Final = "0.1.0"


class Application(Flask):
    """Flask without coroutines: looking for them in every view, hook and decorator cost 2 %."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none here is asynchronous."""
        return func


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """Return the application; `auth.UndeclaredAccess` if a route does not say who may call it."""
    made = make_doors(settings)
    furnish(made, settings, parts or parts_for(settings))
    return made


def make_doors(settings: Settings) -> Flask:
    """Return an application that has every route and nothing yet to answer from."""
    made = Application(__name__)
    _add_doors(made, settings)
    for _ in auth.routes(made):
        pass  # every route has said who may call it, or this has raised
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        made.wsgi_app = ProxyFix(made.wsgi_app, hops, hops, hops, 0, 0)  # type: ignore[method-assign]  # Flask's documented way
    return made


def furnish(made: Flask, settings: Settings, parts: Parts) -> None:
    """Give an application all that it answers from and keeps, in place of what it had."""
    made.extensions |= {
        clock.EXTENSION: parts.clock,
        db.EXTENSION: parts.database,
        db.IG_EXTENSION: parts.ig_database,
        db.ERASER_EXTENSION: parts.eraser_database,
        partners.EXTENSION: Partnership(),
        signers.EXTENSION: RegisteredKeys(),
        outward.EXTENSION: outward.Outward(loopback=not settings.production),
        log.RECEIPTS: parts.receipts,
        log.ORIGIN: settings.log_origin,
        keyring.EXTENSION: key_files(settings),
        packaging.PUBLICATION: packaging.Publication(settings.publisher, settings.feed_licence),
    }
    made.secret_key = parts.database.vault.blind_index("cursors")
    publication = Publication(settings.public_url, settings.publisher, settings.feed_licence)
    furnish_feed(made, publication, edition=VERSION, workers=settings.workers)
    furnish_oauth(made, OAuthSettings(settings.public_url, settings.dpop_nonces, settings.workers))
    furnish_people(made, parts.passwords)


def app_to_describe(settings: Settings) -> Flask:
    """Return an application that says what it takes and gives, and has nothing to answer from."""
    ring = KeyRing("unused", {"unused": token_bytes(32)})
    vault = Vault(ring, {"blind_index": new_wrapped_key(ring)})
    nowhere = Database.connect("postgresql://", vault)
    receipts = Signer(receipt_key_name(settings.log_origin), Ed25519PrivateKey.generate())
    return create_app(settings, Parts(nowhere, nowhere, nowhere, receipts))


class Partnership:
    """What consent must know of agencies and agreements, which it does not see itself."""

    def members_of(self, session: Session, agreement: str, at: datetime) -> frozenset[str] | None:
        """Return an agreement's members at an instant; None if there is no such agreement."""
        return members_at(session, agreement, at)

    def unknown(self, session: Session, codes: frozenset[str]) -> frozenset[str]:
        """Return those of these codes that no agency has."""
        return unknown_codes(session, codes)

    def answer_matters(self, session: Session, scope: Scope, at: datetime) -> bool:
        """Say whether some flow in force at an instant waits for a yes to any of this."""
        return answer_matters(session, scope, at)

    def names(self, session: Session, codes: frozenset[str]) -> dict[str, str]:
        """Return what those of these agencies that there are are called, by code."""
        return names_of(session, codes)

    def works_with(self, session: Session, agency: str, subject: UUID, at: datetime) -> bool:
        """Say whether an agency registered this subject, or holds something of theirs now."""
        speak_for(session, agency)
        return helps(session, agency, subject, at)


_PROBLEMS: Final = (
    SHARED_PROBLEMS,
    CONSENT_PROBLEMS,
    SHARING_PROBLEMS,
    RIGHTS_PROBLEMS,
    REVIEW_PROBLEMS,
    DIRECTORY_PROBLEMS,
    IDEMPOTENCY_PROBLEMS,
)
_ERRORS: Final = (
    SHARED_ERRORS,
    CONSENT_ERRORS,
    SHARING_ERRORS,
    RIGHTS_ERRORS,
    REVIEW_ERRORS,
    DIRECTORY_ERRORS,
    IDEMPOTENCY_ERRORS,
    {
        NotLogged: (503, "unavailable"),
        LogStopped: (503, "unavailable"),
        auth.RoleLacksScope: (403, "not_permitted"),
        FormNotOurs: (400, "bad_request"),
    },
)


def _add_doors(made: Flask, settings: Settings) -> None:
    made.config |= {
        "API_TITLE": "Rightshare",
        "API_VERSION": VERSION,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    register_problems(made, *_PROBLEMS)
    trace.install(made)
    logs.install(made)
    metrics.install(made, folder=settings.prometheus_dir, open_to_all=settings.metrics_open)
    made.before_request(auth.guard)
    guard_wire(made)
    api = Api(made)
    for blueprint in API:
        api.register_blueprint(blueprint)
    register_errors(made, *_ERRORS, page=error_page)
    init_oauth(made)
    for pages in PAGES:
        made.register_blueprint(pages)
    init_pages(made, _looks(settings))
    init_people(made, https=urlsplit(settings.public_url).scheme == "https")
    headers.install(made, https=settings.production, map_tiles_url=settings.map_tiles_url)
    health.install(made, {"database": _database_answers, "log": _log_runs})


def _looks(settings: Settings) -> Looks:
    return Looks(
        settings.public_url,
        demonstration=not settings.production,
        publisher=settings.publisher,
        feed_licence=settings.feed_licence,
        map_tiles_url=settings.map_tiles_url,
    )


def _database_answers() -> str | None:
    try:
        with reading() as session:
            at = session.scalar(text("select version_num from alembic_version"))
    except SQLAlchemyError as error:
        return f"The database does not answer ({type(error).__name__}). Is it running?"
    wanted = head()
    return None if at == wanted else f"The schema is at {at}, not {wanted}: run db upgrade"


def _log_runs() -> str | None:
    with reading() as session:
        found = session.execute(text("select halted_because, origin from log_state")).one()
    if found.halted_because is not None:
        return f"The disclosure log is halted: {found.halted_because}"
    told = current_app.extensions[log.ORIGIN]
    same = found.origin in {None, told}
    return None if same else f"The log is called {found.origin}, and this process says {told}"
