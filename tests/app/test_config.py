from pathlib import Path

import pytest

from app.config import Mode, Settings, SettingsFault, read_settings
from app.kernel.roles import APP, IG_LEAD, role_url

PRODUCTION = {
    "RIGHTSHARE_PUBLIC_URL": "https://rightshare.example",
    "RIGHTSHARE_KEY_FILE": "keys.json",
    "DATABASE_URL": "postgresql://owner:s3cret@db.example:5433/rightshare?sslmode=verify-full",
}
VARIABLES = [
    "RIGHTSHARE_MODE", "RIGHTSHARE_PUBLIC_URL", "RIGHTSHARE_HOST", "PORT", "RIGHTSHARE_HOME",
    "DATABASE_URL", "DATABASE_APP_URL", "DATABASE_IG_URL", "DATABASE_ERASER_URL",
    "RIGHTSHARE_POOL_SIZE", "POSTGRES_BIN",
    "RIGHTSHARE_KEY_FILE", "RIGHTSHARE_LOG_ORIGIN", "RIGHTSHARE_WORKERS",
    "RIGHTSHARE_TRUSTED_PROXIES", "RIGHTSHARE_METRICS_OPEN", "PROMETHEUS_MULTIPROC_DIR",
    "RIGHTSHARE_DPOP_NONCES", "RIGHTSHARE_LOG_LEVEL", "MAP_TILES_URL",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


class Process:
    """An environment, and what a process started in it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def settings(self, mode: Mode | None = None, **variables: str) -> Settings:
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)
        return read_settings(mode)

    def faults(self, mode: Mode | None = None, **variables: str) -> dict[str, str]:
        with pytest.raises(SettingsFault) as fault:
            self.settings(mode, **variables)
        return dict(line.split(": ", 1) for line in fault.value.faults)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    return Process(monkeypatch)


def test_an_empty_environment_names_all_that_production_needs(process: Process) -> None:
    needed = {"DATABASE_URL", "RIGHTSHARE_KEY_FILE", "RIGHTSHARE_PUBLIC_URL"}
    assert process.faults().keys() == needed


def test_all_faults_are_named_at_once_and_each_once(process: Process) -> None:
    faults = process.faults(
        RIGHTSHARE_PUBLIC_URL="http://rightshare.example",
        PORT="http",
        RIGHTSHARE_WORKERS="0",
        RIGHTSHARE_METRICS_OPEN="perhaps",
        RIGHTSHARE_LOG_LEVEL="LOUD",
        DATABASE_URL="mysql://x",
        RIGHTSHARE_LOG_ORIGIN="a b",
    )
    assert faults.keys() == {
        "RIGHTSHARE_PUBLIC_URL", "PORT", "RIGHTSHARE_WORKERS", "RIGHTSHARE_METRICS_OPEN",
        "RIGHTSHARE_LOG_LEVEL", "DATABASE_URL", "RIGHTSHARE_LOG_ORIGIN", "RIGHTSHARE_KEY_FILE",
    }  # fmt: skip
    assert faults["PORT"] == "must be a whole number from 1 to 65535."
    assert "https" in faults["RIGHTSHARE_PUBLIC_URL"]


def test_an_unknown_mode_is_a_fault_and_nothing_is_guessed_from_it(process: Process) -> None:
    assert process.faults(RIGHTSHARE_MODE="demo").keys() == {"RIGHTSHARE_MODE"}


def test_production_fills_in_what_follows(process: Process) -> None:
    settings = process.settings(**PRODUCTION)
    assert settings.production
    assert settings.issuer == "https://rightshare.example"
    assert settings.api_audience == "https://rightshare.example/v1"
    assert settings.log_origin == "rightshare.example/log"
    assert settings.key_file == Path("keys.json")
    assert (settings.workers, settings.port, settings.trusted_proxies) == (2, 8000, 0)
    assert not settings.metrics_open
    assert settings.database_app_url == role_url(PRODUCTION["DATABASE_URL"], APP)
    assert settings.database_ig_url == role_url(PRODUCTION["DATABASE_URL"], IG_LEAD)
    rest = "@db.example:5433/rightshare?sslmode=verify-full"
    assert settings.database_app_url.endswith(rest)
    assert "s3cret" not in settings.database_app_url


def test_a_server_need_not_hold_the_owners_address(process: Process) -> None:
    without = {name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"}
    settings = process.settings(**without, DATABASE_APP_URL="postgresql://app@db.example/r")
    assert settings.database_url is None
    assert settings.database_ig_url is None


def test_the_sequencer_of_its_own_user_needs_no_other_address(process: Process) -> None:
    without = {name: value for name, value in PRODUCTION.items() if name != "DATABASE_URL"}
    settings = process.settings(**without, DATABASE_SEQUENCER_URL="postgresql://s@db.example/r")
    assert settings.database_app_url is None
    assert settings.anchor_file.parent == settings.log_key_file.parent


def test_a_demonstration_needs_nothing(process: Process) -> None:
    settings = process.settings(RIGHTSHARE_MODE="demonstration", PORT="8123", DATABASE_URL="")
    assert settings.mode is Mode.DEMONSTRATION
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.database_url is None
    started = settings.with_database("postgresql://owner@/r?host=%2Frun%2Fa+b")
    assert started.database_app_url == "postgresql+psycopg://rightshare_app@/r?host=%2Frun%2Fa+b"


def test_the_logs_name_stays_when_the_port_changes(process: Process) -> None:
    ports = ("8000", "8123")
    here = [process.settings(RIGHTSHARE_MODE="demonstration", PORT=port) for port in ports]
    assert [settings.log_origin for settings in here] == ["127.0.0.1/log"] * 2


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "rightshare.example"])  # noqa: S104
def test_a_demonstration_stays_on_loopback(process: Process, host: str) -> None:
    assert process.faults(Mode.DEMONSTRATION, RIGHTSHARE_HOST=host).keys() == {"RIGHTSHARE_HOST"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_has_several_names(process: Process, host: str) -> None:
    assert process.settings(Mode.DEMONSTRATION, RIGHTSHARE_HOST=host).host == host


@pytest.mark.parametrize(
    "url",
    [
        "rightshare.example",
        "https://rightshare.example/",
        "https://rightshare.example/app",
        "https://user@rightshare.example",
        "https://rightshare.example:port",
        "ftp://rightshare.example",
        "http://rightshare.example",
        "https://[::1",
    ],
)
def test_the_public_url_is_an_origin_that_callers_can_trust(process: Process, url: str) -> None:
    variables = PRODUCTION | {"RIGHTSHARE_PUBLIC_URL": url}
    assert process.faults(**variables).keys() == {"RIGHTSHARE_PUBLIC_URL"}


def test_production_on_plain_http_is_refused_even_on_loopback(process: Process) -> None:
    variables = PRODUCTION | {"RIGHTSHARE_PUBLIC_URL": "http://127.0.0.1:8000"}
    assert "https" in process.faults(**variables)["RIGHTSHARE_PUBLIC_URL"]


def test_no_secret_is_ever_printed(process: Process) -> None:
    settings = process.settings(**PRODUCTION, MAP_TILES_URL="https://tiles.example/a?key=s3cret")
    assert "s3cret" not in f"{settings!r} {settings}"
    assert "owner@db.example:5433/rightshare" in repr(settings)
    faults = process.faults(**PRODUCTION | {"DATABASE_URL": "mysql://owner:s3cret@db"})
    assert "s3cret" not in str(faults)


def test_a_child_process_reads_the_same_settings(process: Process) -> None:
    settings = process.settings(**PRODUCTION, RIGHTSHARE_METRICS_OPEN="true", POSTGRES_BIN="pg")
    assert process.settings(**settings.environment()) == settings
