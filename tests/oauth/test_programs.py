"""Programs from outside drive the server: ours as printed, and libraries unmodified."""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from threading import Thread
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result
from requests_oauth2client import DPoPKey, OAuth2Client, OAuth2ClientCredentialsAuth, PrivateKeyJwt
from werkzeug.serving import make_server

from app.kernel.clock import system_clock
from app.oauth.cli import client_commands, keys_commands
from app.oauth.client_example import Rightshare
from app.oauth.client_files import programs
from app.oauth.settings import OAuthSettings
from tests.oauth.authority import Authority

CHECKOUT = Path(__file__).parents[2]


@contextmanager
def serving(url: str, **settings: Any) -> Iterator[Authority]:
    """Serve on loopback, by the real clock."""
    with socket(AF_INET, SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        authority = Authority(url, system_clock, OAuthSettings(base_url, **settings))
        server = make_server("127.0.0.1", 0, authority.app, threaded=True, fd=listening.fileno())
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            authority.close()


@pytest.fixture(scope="module")
def live(url: str) -> Iterator[Authority]:
    with serving(url) as authority:
        yield authority


@pytest.fixture
def careful(url: str) -> Iterator[Authority]:
    """The same, demanding nonces."""
    with serving(url, nonces=True) as authority:
        yield authority


def command(authority: Authority, group: Any, *arguments: str) -> Result:
    with authority.app.app_context():
        return CliRunner().invoke(group, arguments)


Registered = Callable[..., Path]


@pytest.fixture
def registered(tmp_path: Path) -> Registered:
    """Registers a client by the command and returns its file."""

    def register(authority: Authority, name: str, *more: str) -> Path:
        out = tmp_path / f"{name}.json"
        required = ("--agency", "oak", "--scope", "echo.read", "--out", str(out))
        result = command(authority, client_commands, "register", *required, *more)
        assert result.exit_code == 0, result.output
        for program in programs(out):
            assert program in result.output
        return out

    return register


def written(file: Path) -> dict[str, Path]:
    """Write the programs beside the client's file."""
    found = {}
    for name, text in programs(file).items():
        found[name] = file.parent / name
        found[name].write_text(text, encoding="utf-8")
    return found


def run(*arguments: str | Path, folder: Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  (our own programs)
        arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_file_of_a_client_is_what_interfaces_promise(
    live: Authority, registered: Registered
) -> None:
    more = ("--purpose", "early_help_support", "--kind", "content", "--may-override")
    file = registered(live, "oak-file", *more)
    content = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert content.pop("private_jwk")["d"]
    base_url = live.settings.base_url
    assert content == {
        "client_id": "oak-file",
        "agency": "oak",
        "issuer": base_url,
        "token_endpoint": f"{base_url}/oauth/token",
        "scopes": ["echo.read"],
        "purposes": ["early_help_support"],
        "kinds": ["content"],
        "may_override": True,
        "redirect_uris": [],
    }


@pytest.mark.long
@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
def test_the_python_program_works_as_printed(
    live: Authority, registered: Registered, alg: str
) -> None:
    file = registered(live, f"oak-py-{alg}", "--alg", alg)
    program = written(file)["rightshare_client.py"]
    echo = f"{live.settings.base_url}/v1/echo"
    answer = run(sys.executable, program, "GET", echo, folder=file.parent)
    assert answer["client_id"] == f"oak-py-{alg}"


@pytest.mark.long
def test_curl_works_with_headers_from_the_python_program(
    live: Authority, registered: Registered
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("this machine has no curl")
    file = registered(live, "oak-curl")
    script = written(file)["rightshare_client.sh"]
    line = script.read_text().replace("python3", sys.executable)
    answer = run("sh", "-c", line, folder=file.parent)
    assert answer.get("client_id") == "oak-curl", answer


@pytest.mark.long
@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
def test_the_node_program_works_as_printed(
    live: Authority, registered: Registered, alg: str
) -> None:
    modules = CHECKOUT / "node_modules"
    node = shutil.which("node")
    if node is None or not (modules / "oauth4webapi").exists():
        pytest.skip("needs node, and oauth4webapi by `make assets`")
    file = registered(live, f"oak-node-{alg}", "--alg", alg)
    (file.parent / "node_modules").symlink_to(modules)
    program = written(file)["rightshare_client.mjs"]
    assert run(node, program, folder=file.parent)["client_id"] == f"oak-node-{alg}"


def test_the_auth_class_serves_requests_and_learns_nonces(
    careful: Authority, registered: Registered
) -> None:
    auth = Rightshare(json.loads(registered(careful, "oak-careful").read_text()))
    for _ in range(2):
        answer = requests.get(f"{careful.settings.base_url}/v1/echo", auth=auth, timeout=10)
        assert answer.json()["client_id"] == "oak-careful"


@pytest.mark.parametrize("nonces", [False, True])
def test_requests_oauth2client_works_unmodified(
    url: str, registered: Registered, nonces: object
) -> None:
    with serving(url, nonces=bool(nonces)) as authority:
        file = registered(authority, f"oak-library-{nonces}".lower())
        content = json.loads(file.read_text())
        client = OAuth2Client.from_discovery_endpoint(
            f"{content['issuer']}/.well-known/oauth-authorization-server",
            issuer=content["issuer"],
            auth=PrivateKeyJwt(content["client_id"], content["private_jwk"], aud=content["issuer"]),
            dpop_bound_access_tokens=True,
            testing=True,
        )
        auth = OAuth2ClientCredentialsAuth(client, scope="echo.read", dpop_key=DPoPKey.generate())
        answer = requests.get(f"{content['issuer']}/v1/echo", auth=auth, timeout=10)
        assert answer.status_code == 200, answer.text
        assert answer.json()["client_id"] == content["client_id"]
        token = client.client_credentials(scope="echo.read")
        assert client.introspect_token(token)["active"] is True
        assert client.revoke_access_token(token) is True
        assert client.introspect_token(token) == {"active": False}


def test_a_key_is_rotated_and_the_old_one_stops(live: Authority, registered: Registered) -> None:
    file = registered(live, "oak-rotated")
    old = json.loads(file.read_text())
    result = command(live, client_commands, "rotate-key", str(file))
    assert result.exit_code == 0, result.output
    new = json.loads(file.read_text())
    assert new["private_jwk"]["kid"] != old["private_jwk"]["kid"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    echo = f"{live.settings.base_url}/v1/echo"
    assert requests.get(echo, auth=Rightshare(new), timeout=10).status_code == 200
    with pytest.raises(SystemExit, match="invalid_client"):
        Rightshare(old).headers("GET", echo)


def test_the_services_own_keys_are_rotated(live: Authority) -> None:
    before = requests.get(f"{live.settings.base_url}/oauth/jwks", timeout=10).json()["keys"]
    result = command(live, keys_commands, "rotate")
    assert result.output == f"{before[1]['kid']} signs from now on\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--agency", "nowhere"), "there is no agency nowhere"),
        (("--agency", "oak", "--client-id", "a b"), "is no client id"),
        (("--agency", "oak", "--client-id", "oak-twice"), "is taken"),
    ],
)
def test_a_registration_is_refused_in_words(
    live: Authority, registered: Registered, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    if "oak-twice" in arguments:
        file = registered(live, "oak-twice")
        again = command(
            live, client_commands, "register", *arguments, "--scope", "a.b", "--out", str(file)
        )
        assert "exists" in again.output
    out = tmp_path / "new.json"
    result = command(
        live, client_commands, "register", *arguments, "--scope", "a.b", "--out", str(out)
    )
    assert result.exit_code != 0
    assert said in result.output
    assert not out.exists()


def test_the_key_of_an_unknown_client_is_not_rotated(live: Authority, tmp_path: Path) -> None:
    file = tmp_path / "gone.json"
    file.write_text(json.dumps({"client_id": "gone", "private_jwk": {"kty": "EC", "kid": "x"}}))
    assert (
        "there is no client gone" in command(live, client_commands, "rotate-key", str(file)).output
    )
