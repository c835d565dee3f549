"""Commands for operators; they run inside an application context, which `app.cli` opens."""

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app

from app.kernel.clock import now
from app.kernel.db import transaction
from app.oauth import clients, keys
from app.oauth.assertions import CODE
from app.oauth.client_files import (
    KEY_ALGORITHMS,
    new_client_key,
    programs,
    register_with_new_key,
    with_key,
    write_client_file,
)
from app.oauth.clients import Registration
from app.oauth.registered import CLIENT_CREDENTIALS, GRANTS
from app.oauth.state import oauth
from directory.terms.agencies import UnknownAgency
from sharing.actions import keyring
from sharing.actions.exporting import SERVICE
from sharing.actions.keyring import WhichKey

_FILE = click.Path(dir_okay=False, path_type=Path)
_KEYS = click.Choice(["oauth", *(one.value for one in WhichKey)])
_ALG_OF = {"EC": "ES256", "RSA": "PS256", "OKP": "EdDSA"}


@click.group("client")
def client_commands() -> None:
    """Register clients and change their keys."""


@client_commands.command("register")
@click.option("--agency", required=True, help="Code of the agency that the client speaks for.")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given again.")
@click.option("--purpose", "purposes", multiple=True, help="May be given again.")
@click.option("--kind", "kinds", multiple=True, help="May be given again.")
@click.option("--may-override", is_flag=True, help="May ask to override, with a justification.")
@click.option("--redirect-uri", "redirect_uris", multiple=True)
@click.option("--grant", "grants", multiple=True, type=click.Choice(sorted(GRANTS)))
@click.option("--alg", type=click.Choice(KEY_ALGORITHMS), default="ES256", show_default=True)
@click.option("--client-id", help="By default the name of the file.")
@click.option("--out", type=_FILE, required=True, help="Where to write the client's file.")
def register(out: Path, client_id: str | None, alg: str, **asked: Any) -> None:  # noqa: ANN401  (click's own)
    """Make a key, register its public half, and print programs that use the client's file."""
    named = client_id or out.stem
    if not CODE.fullmatch(named):
        raise click.BadParameter(f"{named!r} is no client id: letters, digits, _ and - only")
    if out.exists():
        raise click.BadParameter(f"{out} exists: name another file, or use rotate-key")
    registration = _asked(named, asked)
    try:
        with transaction() as session:
            content = register_with_new_key(session, registration, alg, oauth().settings, now())
            write_client_file(out, content)  # inside, so that no client is left without its key
    except clients.ClientExists as error:
        raise click.ClickException(f"the client id {named} is taken") from error
    except UnknownAgency as error:
        raise click.ClickException(f"there is no agency {asked['agency']}") from error
    _show(out)


def _asked(client_id: str, asked: dict[str, Any]) -> Registration:
    return Registration(
        client_id,
        asked["agency"],
        jwks={},
        scopes=frozenset(asked["scopes"]),
        purposes=frozenset(asked["purposes"]),
        kinds=frozenset(asked["kinds"]),
        may_override=asked["may_override"],
        grants=frozenset(asked["grants"]) or frozenset({CLIENT_CREDENTIALS}),
        redirect_uris=asked["redirect_uris"],
    )


@client_commands.command("rotate-key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def rotate_key(file: Path) -> None:
    """Give the client of FILE a new key: added first, then written, then the old one dropped."""
    content = json.loads(file.read_text(encoding="utf-8"))
    client_id, old = content["client_id"], content["private_jwk"]
    key = new_client_key(_ALG_OF[old["kty"]])
    try:
        with transaction() as session:
            _drop_others(session, client_id, old["kid"])
            clients.add_client_key(session, client_id, key.as_dict(private=False))
        write_client_file(file, with_key(content, key.as_dict(private=True)))
        with transaction() as session:
            clients.drop_client_key(session, client_id, old["kid"])
    except clients.UnknownClient as error:
        raise click.ClickException(f"there is no client {client_id}, or it has ended") from error
    click.echo(f"{file} holds the new key {key.kid}; the old one no longer works")


def _drop_others(session: Any, client_id: str, kid: str) -> None:  # noqa: ANN401  (a session)
    """Forget what a rotation that was cut short has left."""
    for jwk in clients.client(session, client_id).jwks["keys"]:
        if jwk["kid"] != kid:
            clients.drop_client_key(session, client_id, jwk["kid"])


@click.group("keys")
def keys_commands() -> None:
    """Change the service's own keys."""


@keys_commands.command("rotate")
@click.argument("which", type=_KEYS, default="oauth")
@click.option("--finish", is_flag=True, help="End the overlap: the old key counts no longer.")
def rotate(which: str, *, finish: bool) -> None:
    """Replace the key that signs tokens (oauth), checkpoints (log) or receipts (receipt).

    Of oauth, the next key is published already, and the present one for ten minutes more. Of the
    others, both keys count until --finish.
    """
    if which != "oauth":
        _finish(WhichKey(which)) if finish else _begin(WhichKey(which))
    elif finish:
        raise click.BadParameter("tokens live five minutes: that rotation finishes by itself")
    else:
        with transaction() as session:
            kid = keys.rotate(session, now())
        click.echo(f"{kid} signs from now on")


def _begin(which: WhichKey) -> None:
    files: keyring.KeyFiles = current_app.extensions[keyring.EXTENSION]
    at = now()
    with transaction(speaking_for=SERVICE) as session:
        vkey = keyring.announce(session, files, which, at)
        since = keyring.extent(session, which, at)
    keyring.take_over(files, which, vkey, since)
    process = "worker" if which is WhichKey.LOG else "web server"
    click.echo(f"{vkey} signs once the {process} is started again, beside the key before.")
    click.echo(f"When whoever checks has it: rightshare keys rotate {which} --finish")


def _finish(which: WhichKey) -> None:
    files: keyring.KeyFiles = current_app.extensions[keyring.EXTENSION]
    at = now()
    with transaction(speaking_for=SERVICE) as session:
        vkey = keyring.announce_end(session, files, which, at)
        until = keyring.extent(session, which, at)
    keyring.drop(files, which, vkey, until)
    click.echo(f"{vkey} is destroyed. Start the service again, and give auditors the new list:")
    click.echo("rightshare log trust")


def _show(out: Path) -> None:
    """Print the programs, each under its name."""
    click.echo(f"# {out} holds the private key: keep it as you keep passwords.")
    for name, text in programs(out).items():
        click.echo(f"\n# ---- {name}\n{text}")
