"""The settings of a process: the one place that reads the environment, once, at start-up.

| variable | setting | meaning |
|---|---|---|
| `RIGHTSHARE_MODE` | `mode` | `production` (default) or `demonstration` |
| `RIGHTSHARE_PUBLIC_URL` | `public_url` | where callers reach the service, such as `https://rightshare.example`; required in production, and https there |
| `RIGHTSHARE_HOST`, `PORT` | `host`, `port` | where it listens: `127.0.0.1` and 8000; a demonstration listens on loopback only |
| `RIGHTSHARE_HOME` | `home` | folder of its state, `.local` |
| `DATABASE_URL` | `database_url` | PostgreSQL as the owner, who migrates; a demonstration without one starts its own |
| `DATABASE_APP_URL` | `database_app_url` | the same as `rightshare_app`, who serves; derived from `DATABASE_URL` otherwise |
| `DATABASE_IG_URL` | `database_ig_url` | the same as `rightshare_ig_lead`, who reads the disclosure log; derived likewise |
| `DATABASE_ERASER_URL` | `database_eraser_url` | the same as `rightshare_eraser`, who erases people and what is past its retention; derived likewise |
| `DATABASE_SEQUENCER_URL` | `database_sequencer_url` | the same as `rightshare_sequencer`, who alone gives entries of that log their place; derived likewise |
| `RIGHTSHARE_POOL_SIZE` | `pool_size` | database connections of each web worker, 4 |
| `POSTGRES_BIN` | `postgres_bin` | folder of the `postgres` to start in a demonstration |
| `RIGHTSHARE_KEY_FILE` | `key_file` | file of the key that wraps all other keys; required in production |
| `RIGHTSHARE_LOG_ORIGIN` | `log_origin` | name of the transparency log, by default the public URL's host and `/log`; never changed later |
| `RIGHTSHARE_WITNESSES` | `witnesses_file` | file `{"witnesses": [{"url", "vkey"}], "quorum"}` of those who cosign the log; nobody if left out |
| `RIGHTSHARE_WORKING_HOURS` | `working_hours` | what a reviewer of the log counts as working hours, by clocks in England: `08:00-18:00` |
| `RIGHTSHARE_WORKERS` | `workers` | web workers, 2 |
| `RIGHTSHARE_TRUSTED_PROXIES` | `trusted_proxies` | how many proxies in front set X-Forwarded-…, 0; one too many lets callers forge their address |
| `RIGHTSHARE_METRICS_OPEN` | `metrics_open` | whether `/metrics` answers callers off loopback, false |
| `PROMETHEUS_MULTIPROC_DIR` | `prometheus_dir` | folder where web workers put their numbers together |
| `RIGHTSHARE_DPOP_NONCES` | `dpop_nonces` | whether DPoP proofs must hold a nonce of ours, false |
| `RIGHTSHARE_LOG_LEVEL` | `log_level` | `DEBUG`, `INFO` (default), `WARNING` or `ERROR` |
| `MAP_TILES_URL` | `map_tiles_url` | tile server of the directory's maps; without it they have no tiles |
| `RIGHTSHARE_PUBLISHER` | `publisher` | who publishes the directory, by name; `Rightshare` if left out |
| `RIGHTSHARE_FEED_LICENCE` | `feed_licence` | address of the licence of the public directory; by default the Open Government Licence 3.0 |
| `MAIL_URL` | `mail_url` | mail server, such as `smtp://user:password@mail.example:587` or `smtps://…`; without it mails are put into `RIGHTSHARE_HOME`/mail |
| `RIGHTSHARE_MAIL_FROM` | `mail_from` | address that mails come from; required with `MAIL_URL` |
"""  # noqa: E501  (a table)

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from environs import Env, EnvValidationError, ValidationError, validate

from app.kernel.roles import APP, ERASER, IG_LEAD, SEQUENCER, role_url

OPEN_GOVERNMENT_LICENCE = (
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Mode(StrEnum):
    """What the service is run for. Only a demonstration may hold invented people and keys."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"


class SettingsFault(Exception):
    """The environment does not make a service: every fault at once, and what to do about each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n  ".join(["The settings are not complete:", *faults]))
        self.faults = faults


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Settings:
    """What a process was told at start-up; what each setting means stands above."""

    mode: Mode
    public_url: str
    host: str
    port: int
    home: Path
    database_url: str | None
    database_app_url: str | None
    database_ig_url: str | None
    database_eraser_url: str | None
    database_sequencer_url: str | None
    pool_size: int
    postgres_bin: Path | None
    key_file: Path | None
    log_origin: str
    workers: int
    trusted_proxies: int
    metrics_open: bool
    prometheus_dir: Path | None
    dpop_nonces: bool
    log_level: str
    map_tiles_url: str | None
    publisher: str
    feed_licence: str
    mail_url: str | None
    mail_from: str | None
    witnesses_file: Path | None = None
    working_hours: tuple[time, time] = (time(8), time(18))

    @property
    def production(self) -> bool:
        """Whether this serves real families."""
        return self.mode is Mode.PRODUCTION

    @property
    def issuer(self) -> str:
        """Who signs tokens: the public URL, as RFC 8414 wants it, without a slash at its end."""
        return self.public_url

    @property
    def api_audience(self) -> str:
        """Whom access tokens are for."""
        return f"{self.public_url}/v1"

    @property
    def vault_file(self) -> Path:
        """The file of the keys that wrap all others."""
        return self.key_file or self.home / "keys" / "vault.json"

    @property
    def receipt_key_file(self) -> Path:
        """The file of the key that signs receipts; the web processes read it."""
        return self.vault_file.with_name("receipt.pem")

    @property
    def log_key_file(self) -> Path:
        """The file of the log's own key; the sequencer alone reads it."""
        return self.vault_file.with_name("log.pem")

    @property
    def log_keys_file(self) -> Path:
        """What anyone may know of the log's keys, past and present."""
        return self.vault_file.with_name("log-keys.json")

    @property
    def anchor_file(self) -> Path:
        """Where the sequencer remembers the newest signed head, outside the database."""
        return self.vault_file.with_name("anchor.json")

    def with_database(self, owner_url: str) -> "Settings":
        """Return these settings on a database that was only now started."""
        return replace(
            self,
            database_url=owner_url,
            database_app_url=self.database_app_url or role_url(owner_url, APP),
            database_ig_url=self.database_ig_url or role_url(owner_url, IG_LEAD),
            database_eraser_url=self.database_eraser_url or role_url(owner_url, ERASER),
            database_sequencer_url=self.database_sequencer_url or role_url(owner_url, SEQUENCER),
        )

    def environment(self) -> dict[str, str]:
        """Return the environment from which a child process reads the same settings."""
        written = {name: getattr(self, setting) for setting, name in _VARIABLES.items()}
        return {name: str(value) for name, value in written.items() if value is not None}

    def __repr__(self) -> str:
        shown = ((f.name, getattr(self, f.name)) for f in fields(self))
        return f"Settings({', '.join(f'{name}={_hidden(value)!r}' for name, value in shown)})"


_VARIABLES = {
    "mode": "RIGHTSHARE_MODE",
    "public_url": "RIGHTSHARE_PUBLIC_URL",
    "host": "RIGHTSHARE_HOST",
    "port": "PORT",
    "home": "RIGHTSHARE_HOME",
    "database_url": "DATABASE_URL",
    "database_app_url": "DATABASE_APP_URL",
    "database_ig_url": "DATABASE_IG_URL",
    "database_eraser_url": "DATABASE_ERASER_URL",
    "database_sequencer_url": "DATABASE_SEQUENCER_URL",
    "pool_size": "RIGHTSHARE_POOL_SIZE",
    "postgres_bin": "POSTGRES_BIN",
    "key_file": "RIGHTSHARE_KEY_FILE",
    "log_origin": "RIGHTSHARE_LOG_ORIGIN",
    "witnesses_file": "RIGHTSHARE_WITNESSES",
    "workers": "RIGHTSHARE_WORKERS",
    "trusted_proxies": "RIGHTSHARE_TRUSTED_PROXIES",
    "metrics_open": "RIGHTSHARE_METRICS_OPEN",
    "prometheus_dir": "PROMETHEUS_MULTIPROC_DIR",
    "dpop_nonces": "RIGHTSHARE_DPOP_NONCES",
    "log_level": "RIGHTSHARE_LOG_LEVEL",
    "map_tiles_url": "MAP_TILES_URL",
    "publisher": "RIGHTSHARE_PUBLISHER",
    "feed_licence": "RIGHTSHARE_FEED_LICENCE",
    "mail_url": "MAIL_URL",
    "mail_from": "RIGHTSHARE_MAIL_FROM",
}


def environment_for(settings: Settings) -> dict[str, str]:
    """Return this process's environment, with these settings in it, for a process it starts."""
    return dict(os.environ) | settings.environment()


def read_settings(mode: Mode | None = None) -> Settings:
    """Return the settings of this process's environment; `SettingsFault` names all that is wrong.

    `mode` is given by commands that are for one mode only, such as `rightshare demo run`.
    """
    env = _parsers()
    found = _read(env)
    unread: dict[str, str] = {}
    try:
        env.seal()
    except EnvValidationError as error:
        said = cast("Mapping[str, list[str]]", error.error_messages)  # by name, when it seals
        unread = {name: " ".join(messages) for name, messages in said.items()}
    if mode is not None:
        found["mode"] = mode
    # What could not be read is named once, as that: the rules would only repeat it.
    faults = dict(_faults(found)) | unread
    if faults:
        raise SettingsFault([f"{name}: {what}" for name, what in sorted(faults.items())])
    return _completed(found)


def _read(env: Env) -> dict[str, Any]:
    """Return each setting as it is read, None where it was left out or cannot be read."""
    return {
        "mode": env.mode("RIGHTSHARE_MODE", "production"),
        "public_url": _text(env, "RIGHTSHARE_PUBLIC_URL"),
        "host": env.str("RIGHTSHARE_HOST", "127.0.0.1"),
        "port": env.number("PORT", "8000", least=1, most=65535),
        "home": Path(env.str("RIGHTSHARE_HOME", ".local") or ".local"),
        "database_url": _text(env, "DATABASE_URL"),
        "database_app_url": _text(env, "DATABASE_APP_URL"),
        "database_ig_url": _text(env, "DATABASE_IG_URL"),
        "database_eraser_url": _text(env, "DATABASE_ERASER_URL"),
        "database_sequencer_url": _text(env, "DATABASE_SEQUENCER_URL"),
        "pool_size": env.number("RIGHTSHARE_POOL_SIZE", "4", least=1, most=100),
        "postgres_bin": _path(env, "POSTGRES_BIN"),
        "key_file": _path(env, "RIGHTSHARE_KEY_FILE"),
        "log_origin": _text(env, "RIGHTSHARE_LOG_ORIGIN"),
        "witnesses_file": _path(env, "RIGHTSHARE_WITNESSES"),
        "workers": env.number("RIGHTSHARE_WORKERS", "2", least=1, most=64),
        "trusted_proxies": env.number("RIGHTSHARE_TRUSTED_PROXIES", "0", least=0, most=5),
        "metrics_open": env.switch("RIGHTSHARE_METRICS_OPEN", "false"),
        "prometheus_dir": _path(env, "PROMETHEUS_MULTIPROC_DIR"),
        "dpop_nonces": env.switch("RIGHTSHARE_DPOP_NONCES", "false"),
        "log_level": env.str("RIGHTSHARE_LOG_LEVEL", "INFO", validate=validate.OneOf(LOG_LEVELS)),
        "map_tiles_url": _text(env, "MAP_TILES_URL"),
        "publisher": env.str("RIGHTSHARE_PUBLISHER", "Rightshare"),
        "feed_licence": env.str("RIGHTSHARE_FEED_LICENCE", OPEN_GOVERNMENT_LICENCE),
        "mail_url": _text(env, "MAIL_URL"),
        "mail_from": _text(env, "RIGHTSHARE_MAIL_FROM"),
        "working_hours": env.hours("RIGHTSHARE_WORKING_HOURS", "08:00-18:00"),
    }


def _text(env: Env, name: str) -> str | None:
    """Return a variable, or None where it is missing or empty, as compose files leave it."""
    return env.str(name, "") or None


def _path(env: Env, name: str) -> Path | None:
    written = _text(env, name)
    return None if written is None else Path(written)


def _parsers() -> Env:
    """Return a reader whose refusals say what to do."""
    env = Env(eager=False)
    env.add_parser("mode", _mode)
    env.add_parser("switch", _switch)
    env.add_parser("number", _number)
    env.add_parser("hours", _hours)
    return env


def _mode(written: str) -> Mode:
    try:
        return Mode(written)
    except ValueError as error:
        said = "must be production or demonstration. Leave it out for production."
        raise ValidationError(said) from error


def _switch(written: str) -> bool:
    if written.lower() not in {"true", "false"}:
        raise ValidationError("must be true or false. Leave it out for false.")
    return written.lower() == "true"


def _number(written: str, *, least: int, most: int) -> int:
    if not written.isascii() or not written.isdigit() or not least <= int(written[:9]) <= most:
        raise ValidationError(f"must be a whole number from {least} to {most}.")
    return int(written)


def _hours(written: str) -> tuple[time, time]:
    opens, _, closes = written.partition("-")
    try:
        hours = (time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError:
        hours = (time.max, time.min)
    if hours[0].tzinfo or hours[1].tzinfo or hours[0] >= hours[1]:
        raise ValidationError("must be two times of day in their order, such as 08:00-18:00.")
    return hours


def _faults(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with settings that could each be read, and what to do."""
    yield from _faults_of_production(found) if found["mode"] is Mode.PRODUCTION else ()
    if found["mode"] is Mode.DEMONSTRATION and not _is_loopback(found["host"]):
        yield (
            "RIGHTSHARE_HOST",
            "a demonstration listens on loopback only. Leave it out, or run in production mode.",
        )
    if found["public_url"] and (wrong := _wrong_public_url(found["public_url"], found["mode"])):
        yield "RIGHTSHARE_PUBLIC_URL", wrong
    for setting in _DATABASES:
        if found[setting] and urlsplit(found[setting]).scheme not in _SCHEMES:
            yield _VARIABLES[setting], "must begin with postgresql://."
    if found["log_origin"] and set(found["log_origin"]) & set("+ \t\n"):
        yield "RIGHTSHARE_LOG_ORIGIN", "must hold no space and no +, which end a name in a note."
    if found["mail_url"] and urlsplit(found["mail_url"]).scheme not in {"smtp", "smtps"}:
        yield "MAIL_URL", "must begin with smtp:// or smtps://."
    if found["mail_url"] and found["mail_from"] is None:
        yield "RIGHTSHARE_MAIL_FROM", "set it to the address that mails come from."


_DATABASES = (
    "database_url",
    "database_app_url",
    "database_ig_url",
    "database_eraser_url",
    "database_sequencer_url",
)
_SCHEMES = {"postgresql", "postgresql+psycopg"}


def _faults_of_production(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if found["public_url"] is None:
        yield (
            "RIGHTSHARE_PUBLIC_URL",
            "set it to where callers reach the service, such as https://rightshare.example.",
        )
    if found["key_file"] is None:
        yield (
            "RIGHTSHARE_KEY_FILE",
            "set it to the file of the key that wraps all others, outside the checkout.",
        )
    needed = ("database_url", "database_app_url", "database_sequencer_url")
    if all(found[setting] is None for setting in needed):
        yield (
            "DATABASE_URL",
            "set it (to migrate), or the address of a role. To look around first: make run.",
        )


def _wrong_public_url(url: str, mode: Mode | None) -> str | None:
    parts = _split(url)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        return "must be an address such as https://rightshare.example."
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return "must end after the host and port: no slash, no path, no user name."
    enough = mode is Mode.DEMONSTRATION and _is_loopback(parts.hostname)
    if parts.scheme == "http" and not enough:
        return "must begin with https://. Only for a demonstration on loopback is http enough."
    return None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _completed(found: dict[str, Any]) -> Settings:
    """Return the settings with what follows from others filled in."""
    url = found["public_url"] or f"http://127.0.0.1:{found['port']}"
    origin = found["log_origin"] or f"{urlsplit(url).hostname}/log"  # whatever the port is
    settings = Settings(**{**found, "public_url": url, "log_origin": origin})
    return settings.with_database(settings.database_url) if settings.database_url else settings


def _hidden(value: object) -> object:
    """Return a setting as it may be shown: an address without its password and its query."""
    if not isinstance(value, str) or "://" not in value:
        return value
    parts = urlsplit(value)
    user = f"{parts.username}@" if parts.username else ""
    return f"{parts.scheme}://{user}{parts.netloc.rpartition('@')[2]}{parts.path}"
