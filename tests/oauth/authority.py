"""An application with nothing but the authorization server and its doors, for these tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from app.kernel import auth
from app.kernel.clock import EXTENSION as CLOCK
from app.kernel.db import EXTENSION as DB
from app.kernel.db import Database
from app.kernel.problem import Api, register_problems
from app.kernel.vault import KeyRing, Vault, WrappedKey
from app.kernel.wire import guard_wire
from app.oauth.api import blueprint
from app.oauth.endpoints import furnish_oauth, init_oauth
from app.oauth.settings import OAuthSettings

RING = KeyRing("k1", {"k1": bytes(range(32))})
BASE_URL = "https://rightshare.test"
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that tests set; it stands still otherwise."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Authority:
    """One instance of the service: several may share a database and a clock."""

    url: str
    clock: Clock = field(default_factory=Clock)
    settings: OAuthSettings = field(default_factory=lambda: OAuthSettings(BASE_URL))
    app: Flask = field(init=False)
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = Database.connect(self.url, vault_of(self.url), pool_size=10)
        self.app = Flask("app")
        self.app.extensions |= {DB: self.database, CLOCK: self.clock}
        self.app.config.update(API_TITLE="t", API_VERSION="1", OPENAPI_VERSION="3.1.0")
        register_problems(self.app)
        self.app.before_request(auth.guard)
        guard_wire(self.app)
        api = Api(self.app)
        api.register_blueprint(blueprint)
        init_oauth(self.app)
        furnish_oauth(self.app, self.settings)

    @property
    def http(self) -> FlaskClient:
        return self.app.test_client()

    def another(self, **changes: object) -> "Authority":
        """Start another instance on the same database, by the same clock."""
        settings = OAuthSettings(**{"base_url": BASE_URL} | changes)
        return Authority(self.url, self.clock, settings)

    def close(self) -> None:
        self.database.close()


Another = Callable[..., Authority]


def vault_of(url: str) -> Vault:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(text("select name, key_id, wrapped from vault_key")).all()
    engine.dispose()
    return Vault(RING, {name: WrappedKey(key_id, wrapped) for name, key_id, wrapped in rows})
