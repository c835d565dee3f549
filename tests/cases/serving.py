"""The real service on loopback, on one database after another, by a clock that tests set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Thread
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.config import Settings
from app.factory import Parts, create_app
from app.kernel import db
from app.kernel.db import transaction
from app.oauth.client_example import Rightshare
from app.oauth.client_files import client_file, new_client_key, register_with_new_key
from app.oauth.clients import Rates, Registration
from app.oauth.settings import OAuthSettings
from app.oauth.state import oauth
from directory.actions import agencies as directory
from directory.terms.agencies import Agency, Interval
from tests.service import ALL_SCOPES, Clock, parts_on, settings_for

OFFICE = "partnership-office"
OPERATOR = "case-operator"
IG_LEAD = "case-ig-lead"
FAST = Rates(token_rate=10_000, token_burst=100_000, api_rate=10_000, api_burst=100_000)
SECONDS = 60


class Silent(WSGIRequestHandler):
    """Says nothing of the requests it answers."""

    def log_request(self, *_: object) -> None:
        pass


@dataclass
class Live:
    """One address, and behind it whichever application was opened last."""

    clock: Clock = field(default_factory=Clock)
    app: Flask | None = None
    url: str = ""
    http: requests.Session = field(default_factory=requests.Session)
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[tuple[str, datetime], Rightshare] = field(default_factory=dict)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)

    @contextmanager
    def founding(self, admin_url: str) -> Iterator["Live"]:
        """Serve this database by a new application, which its copies are served by as well."""
        settings = self._settings(admin_url)
        parts = parts_on(settings, self.clock)
        self.app = create_app(settings, parts)
        with self._serving(parts):
            yield self

    @contextmanager
    def on(self, admin_url: str) -> Iterator["Live"]:
        """Serve a copy of the database that was founded, for as long as the block lasts.

        Making an application takes longer than most cases.
        """
        assert self.app is not None
        parts = parts_on(self._settings(admin_url), self.clock)
        self.app.extensions |= {
            db.EXTENSION: parts.database,
            db.IG_EXTENSION: parts.ig_database,
            db.ERASER_EXTENSION: parts.eraser_database,
        }
        with self._serving(parts):
            yield self

    def _settings(self, admin_url: str) -> Settings:
        return replace(settings_for(admin_url), public_url=self.url, log_level="ERROR")

    @contextmanager
    def _serving(self, parts: Parts) -> Iterator[None]:
        self.tokens.clear()
        try:
            yield
        finally:
            parts.database.close()
            parts.ig_database.close()
            parts.eraser_database.close()

    def call(self, client: str, method: str, path: str, body: object = None) -> requests.Response:
        """Call the API as a registered client, with a token of this instant."""
        at = self.clock.at
        if (client, at) not in self.tokens:
            self.tokens[client, at] = Rightshare(self.clients[client], at.timestamp)
        return self.http.request(
            method, self.url + path, json=body, auth=self.tokens[client, at], timeout=SECONDS
        )

    def register_operator(self) -> None:
        """Register the first client, as the command line does: there is nobody yet to ask."""
        assert self.app is not None
        at = self.clock.at
        office = Agency(OFFICE, "Office", "council", recorded_at=at, active=(Interval(at),))
        asked = Registration(OPERATOR, OFFICE, {}, ALL_SCOPES, rates=FAST)
        with self.app.app_context(), transaction() as session:
            directory.register_agency(session, office)
            settings = oauth().settings
            made = register_with_new_key(session, asked, "EdDSA", settings, at)
        self.clients[OPERATOR] = made

    def register(self, client_id: str, agency: str, scopes: list[str], **more: Any) -> None:
        """Register a client through the API; its private key stays with us."""
        key = new_client_key("EdDSA")
        body = {
            "client_id": client_id,
            "agency": agency,
            "jwks": {"keys": [key.as_dict(private=False)]},
            "scopes": scopes,
            "rates": {"api_rate": 10_000, "api_burst": 100_000},
            **more,
        }
        answer = self.call(OPERATOR, "POST", "/v1/clients", body)
        assert answer.status_code == 201, answer.text
        registered = Registration(client_id, agency, {}, frozenset(scopes))
        settings = OAuthSettings(self.url)
        self.clients[client_id] = client_file(registered, key.as_dict(private=True), settings)


@contextmanager
def live() -> Iterator[Live]:
    """Have the service's address up for as long as the block lasts."""
    made = Live()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=Silent)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.http.close()
        server.shutdown()
        thread.join()
        server.server_close()
