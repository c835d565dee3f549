"""Brings a database and the files beside it to the state that the demonstration starts from.

A comment on `alembic_version` says how far the seeding came, so that one that was cut short is
made again, and a database that holds anything else is never touched.
"""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import import_key
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.orm import Session

from app.config import Settings
from app.demo.files import DemoPerson, new_people, people_json
from app.demo.people import open_accounts
from app.demo.world.charter import PlannedClient
from app.demo.world.plan import plan
from app.demo.world.stories import subjects
from app.kernel.db import Database
from app.kernel.roles import OWNER, driver_url
from app.kernel.signing import create_key
from app.kernel.vault import KeyRing
from app.oauth import clients
from app.oauth.client_files import (
    client_file,
    give_new_key,
    register_with_new_key,
    write_client_file,
)
from app.oauth.clients import Registration, register_client
from app.oauth.settings import OAuthSettings
from sharing.chain.notes import Signer, format_vkey
from sharing.chain.receipts import receipt_key_name

BEGUN: Final = "demonstration: begun"
COMPLETE: Final = "demonstration: complete"


class NotADemonstration(RuntimeError):
    """The database holds something that the demonstration did not put there."""


def make_keys(settings: Settings) -> KeyRing:
    """Return the wrapping keys, making them and the signing keys where there are none yet."""
    create_key(settings.receipt_key_file)
    create_key(settings.log_key_file)
    return KeyRing.create(settings.vault_file, demonstration=True)


def stage(admin_url: str) -> str | None:
    """Return how far the seeding came: None where nothing is on file. Changes nothing.

    `NotADemonstration` if there is something in the database that no seeding began.
    """
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        said = connection.scalar(text("select obj_description(to_regclass('alembic_version'))"))
        ours = connection.scalar(text("select to_regclass('agency') is not null"))
        filled = ours and connection.scalar(text("select exists (select from agency)"))
        foreign = not ours and _holds_tables(connection)
    engine.dispose()
    if (filled or foreign) and said not in {BEGUN, COMPLETE}:
        raise NotADemonstration(
            "DATABASE_URL names a database that holds something else than the demonstration. "
            "Name an empty one, or leave DATABASE_URL out."
        )
    return str(said) if filled else None


def _holds_tables(connection: Connection) -> bool:
    """Say whether there is any table or view that belongs neither to PostgreSQL nor to a module."""
    found = text(
        "select exists (select from pg_class where relkind in ('r', 'p', 'v', 'm', 'f')"
        " and relnamespace not in (select oid from pg_namespace"
        "  where nspname ~ '^pg_' or nspname = 'information_schema')"
        " and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e'))"
    )
    return bool(connection.scalar(found))


def mark(admin_url: str, words: str) -> None:
    """Say in the database how far the seeding came: `BEGUN` or `COMPLETE`."""
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"set role {OWNER}"))
        connection.execute(text(f"comment on table alembic_version is '{words}'"))
    engine.dispose()


def forget_other_log(settings: Settings, database: Database) -> None:
    """Have the sequencer start afresh on a database other than the one of the last start.

    It would take the new one's log for the old one's, cut short, and halt.
    """
    with database.reading() as session:
        found = text("select encode(sha256(wrapped), 'hex') from vault_key where name = 'log'")
        mine = str(session.scalar(found))
    noted = settings.anchor_file.with_suffix(".of")
    if not noted.exists() or noted.read_text() != mine:
        settings.anchor_file.unlink(missing_ok=True)
        noted.write_text(mine)


def write_files(settings: Settings, database: Database, at: datetime) -> None:
    """Write what people and programs need to try the demonstration; keys are this checkout's."""
    folder = settings.home / "demo"
    (folder / "clients").mkdir(parents=True, exist_ok=True, mode=0o700)
    world = plan(at)
    oauth = OAuthSettings(settings.public_url)
    for planned in world.clients:
        _write_client(folder / "clients", planned, database, oauth, at)
    _write(folder / "server.json", _server(settings))
    people = new_people(read_people(settings))
    _write(folder / "people.json", people_json(people))
    open_accounts(database, people, at)
    _write(folder / "subjects.json", subjects(world))


def read_people(settings: Settings) -> list[DemoPerson]:
    """Return those who can sign in to this checkout's demonstration; none before it was made."""
    path = settings.home / "demo" / "people.json"
    return [DemoPerson(**one) for one in json.loads(path.read_text())] if path.exists() else []


def _write_client(
    folder: Path, planned: PlannedClient, database: Database, oauth: OAuthSettings, at: datetime
) -> None:
    """Write a client's file; one that is there keeps its key, and learns a new address."""
    path = folder / f"{planned.client_id}.json"
    kept = json.loads(path.read_text())["private_jwk"] if path.exists() else None
    with database.transaction() as session:
        client = _registered(session, planned.client_id)
        if client is not None and kept is not None and _holds(client, kept["kid"]):
            content = client_file(client, kept, oauth)
        elif client is not None:
            content = give_new_key(session, planned.client_id, "ES256", oauth)
        elif kept is not None:
            public = import_key(kept).as_dict(private=False)
            known = replace(_registration(planned), jwks={"keys": [public]})
            content = client_file(register_client(session, known, at), kept, oauth)
        else:
            asked = _registration(planned)
            content = register_with_new_key(session, asked, "ES256", oauth, at)
        write_client_file(path, content)


def _registered(session: Session, client_id: str) -> Registration | None:
    try:
        return clients.client(session, client_id)
    except clients.UnknownClient:
        return None


def _holds(client: Registration, kid: str) -> bool:
    return any(key["kid"] == kid for key in client.jwks["keys"])


def _registration(planned: PlannedClient) -> Registration:
    return Registration(
        planned.client_id,
        planned.agency,
        jwks={},
        scopes=frozenset(planned.scopes),
        purposes=frozenset(planned.purposes),
        kinds=frozenset(planned.kinds),
        may_override=planned.may_override,
    )


def _server(settings: Settings) -> dict[str, Any]:
    origin = settings.log_origin
    log = Signer(origin, create_key(settings.log_key_file))
    receipt = Signer(receipt_key_name(origin), create_key(settings.receipt_key_file))
    return {
        "base_url": settings.public_url,
        "issuer": settings.issuer,
        "log_origin": origin,
        "log_vkey": format_vkey(log.verifier()),
        "receipt_vkey": format_vkey(receipt.verifier()),
    }


def _write(path: Path, content: object) -> None:
    draft = path.with_name(f".{path.name}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=1, default=str) + "\n")
    draft.replace(path)
