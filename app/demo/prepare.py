"""Brings a database and the files beside it to the state that the demonstration starts from.

A comment on `alembic_version` says how far the seeding came, so that one that was cut short is
made again, and a database that holds anything else is never touched.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from app.config import Settings
from app.demo.files import new_people, people_json
from app.demo.seed import seed
from app.demo.world.charter import PlannedClient
from app.demo.world.plan import plan
from app.demo.world.stories import subjects
from app.demo.world.terms import World
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
from app.oauth.clients import Registration
from app.oauth.settings import OAuthSettings
from consent.actions.partners import Partners
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
    return KeyRing.create(settings.vault_file)


def stage(admin_url: str) -> str | None:
    """Return how far the seeding came: None where nothing is on file.

    `NotADemonstration` if there is something on file that no seeding began.
    """
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.connect() as connection:
        said = connection.scalar(text("select obj_description('alembic_version'::regclass)"))
        filled = connection.scalar(text("select exists (select from agency)"))
    engine.dispose()
    if filled and said not in {BEGUN, COMPLETE}:
        raise NotADemonstration(
            "DATABASE_URL names a database that holds something else than the demonstration. "
            "Name an empty one, or leave DATABASE_URL out."
        )
    return str(said) if filled else None


def fill(admin_url: str, database: Database, world: World, partners: Partners) -> None:
    """Put the plan on file, and say so in the database when all of it is there."""
    _mark(admin_url, BEGUN)
    seed(database, world, partners)
    _mark(admin_url, COMPLETE)


def write_files(settings: Settings, database: Database, at: datetime) -> None:
    """Write what people and programs need to try the demonstration; keys are this checkout's."""
    folder = settings.home / "demo"
    (folder / "clients").mkdir(parents=True, exist_ok=True, mode=0o700)
    world = plan(at)
    oauth = OAuthSettings(settings.public_url)
    for planned in world.clients:
        _write_client(folder / "clients", planned, database, oauth, at)
    _write(folder / "server.json", _server(settings))
    if not (folder / "people.json").exists():
        _write(folder / "people.json", people_json(new_people()))
    _write(folder / "subjects.json", subjects(world))


def _write_client(
    folder: Path, planned: PlannedClient, database: Database, oauth: OAuthSettings, at: datetime
) -> None:
    """Write a client's file; one that is there keeps its key, and learns a new address."""
    path = folder / f"{planned.client_id}.json"
    with database.transaction() as session:
        registered = _registered(session, planned.client_id)
        kept = json.loads(path.read_text()) if path.exists() else None
        if registered is None:
            asked = _registration(planned)
            content = register_with_new_key(session, asked, "ES256", oauth, at)
        elif kept is not None and _holds(registered, kept["private_jwk"]["kid"]):
            content = client_file(registered, kept["private_jwk"], oauth)
        else:
            content = give_new_key(session, planned.client_id, "ES256", oauth)
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


def _mark(admin_url: str, words: str) -> None:
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"set role {OWNER}"))
        connection.execute(text(f"comment on table alembic_version is '{words}'"))
    engine.dispose()
