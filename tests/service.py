"""The whole application on a database of its own, with a clock and a caller that tests set."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from werkzeug.test import TestResponse

from app.config import OPEN_GOVERNMENT_LICENCE, Mode, Settings
from app.factory import furnish, make_doors
from app.kernel import auth, outward
from app.kernel.auth import Caller
from app.kernel.db import Database
from app.kernel.vault import KeyRing
from app.parts import Parts, load_vault
from app.people.passwords import Passwords
from sharing.chain.notes import Signer
from sharing.chain.receipts import receipt_key_name

RING = KeyRing("k1", {"k1": bytes(range(32))})
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"
LOG_ORIGIN = "rightshare.test/log"
RECEIPT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHEAP = Passwords(time_cost=1, memory_cost=8, parallelism=1)
ALL_SCOPES = frozenset(
    {
        *("agency.write", "agreement.read", "agreement.write", "client.write", "consent.read"),
        *(
            "consent.write",
            "directory.read",
            "directory.write",
            "disclosure.preview",
            "disclosure.request",
            "echo.read",
            "event.read",
            "log.read",
            "notice.read",
            "notice.send",
            "escalation.read",
            "escalation.write",
            "log.review",
        ),
        *("record.write", "settings.read", "settings.write", "subject.read", "subject.write"),
    }
)


@dataclass
class Clock:
    """A clock that tests set; it stands still otherwise."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


def no_names(host: str, port: int) -> Sequence[str]:
    """Resolve numbers only: a name would be asked of another machine."""
    try:
        ip_address(host)
    except ValueError as error:
        raise OSError("no test asks a name server") from error
    return outward.resolve(host, port)


def settings_for(admin_url: str, home: Path = Path(".local")) -> Settings:
    """Return the settings of a test's application."""
    return Settings(
        mode=Mode.DEMONSTRATION,
        public_url=BASE_URL,
        host="127.0.0.1",
        port=8000,
        home=home,
        database_url=None,
        database_app_url=None,
        database_ig_url=None,
        database_eraser_url=None,
        database_sequencer_url=None,
        pool_size=8,
        postgres_bin=None,
        key_file=None,
        log_origin=LOG_ORIGIN,
        workers=1,
        trusted_proxies=0,
        metrics_open=False,
        prometheus_dir=None,
        dpop_nonces=False,
        log_level="INFO",
        map_tiles_url=None,
        publisher="Rightshare",
        feed_licence=OPEN_GOVERNMENT_LICENCE,
        mail_url=None,
        mail_from=None,
    ).with_database(admin_url)


def parts_on(settings: Settings, clock: Clock) -> Parts:
    """Return parts that connect as the real roles do."""
    assert settings.database_app_url is not None
    assert settings.database_ig_url is not None
    assert settings.database_eraser_url is not None
    vault = load_vault(settings.database_app_url, RING)
    return Parts(
        Database.connect(settings.database_app_url, vault, pool_size=settings.pool_size),
        Database.connect(settings.database_ig_url, vault, pool_size=2),
        Database.connect(settings.database_eraser_url, vault, pool_size=1),
        Signer(receipt_key_name(LOG_ORIGIN), RECEIPT_KEY),
        clock,
        CHEAP,
    )


@cache
def _doors() -> Flask:
    made = make_doors(settings_for("postgresql://"))
    assert made.jinja_env  # templates are compiled once, too
    return made


def app_on(settings: Settings, parts: Parts) -> Flask:
    """Return an application of its own; its routes are those of every other of this process.

    They take half a second to make, longer than most tests take.
    """
    made = copy(_doors())
    made.extensions, made.config = dict(made.extensions), copy(made.config)
    furnish(made, settings, parts)
    return made


@dataclass
class Service:
    """One application. `as_client` says who the next calls come from: OAuth has its own tests."""

    admin_url: str
    clock: Clock = field(default_factory=Clock)
    app: Flask = field(init=False)
    parts: Parts = field(init=False)
    caller: Caller | None = None

    def __post_init__(self) -> None:
        settings = settings_for(self.admin_url)
        self.parts = parts_on(settings, self.clock)
        self.app = app_on(settings, self.parts)
        self.app.extensions[auth.EXTENSION] = self._authenticate
        self.app.extensions[outward.EXTENSION] = outward.Outward(loopback=True, resolver=no_names)

    def _authenticate(self) -> Caller:
        assert self.caller is not None, "say who calls: service.as_client(…)"
        return self.caller

    def as_client(
        self,
        agency: str,
        *,
        scopes: Iterable[str] = ALL_SCOPES,
        purposes: Iterable[str] = ("early_help_support",),
        may_override: bool = False,
        client_id: str | None = None,
    ) -> "Service":
        """Make the next calls come from a client of this agency."""
        self.caller = Caller(
            client_id=client_id or f"{agency}-client",
            agency=agency,
            scopes=frozenset(scopes),
            purposes=frozenset(purposes),
            kinds=frozenset({"content", "pointer"}),
            may_override=may_override,
            token_id="t1",  # noqa: S106  (an id, not the token)
        )
        return self

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """Call the API and return whatever it answers."""
        return self.app.test_client().open(path, method=method, **options)

    def get(self, path: str) -> Any:
        """Read something that must be there."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """Do something that must succeed."""
        answer = self.call("POST", path, json=body)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def close(self) -> None:
        self.parts.database.close()
        self.parts.ig_database.close()
        self.parts.eraser_database.close()
