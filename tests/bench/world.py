"""What is on file while we measure: a partnership, and families whose plans may be told.

It is put there by the application itself, on PostgreSQL with everything that makes a commit last.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from joserfc.jwk import ECKey, Key

from app.config import Settings
from app.demo.postgres import Server, running
from app.demo.prepare import make_keys
from app.factory import create_app
from app.kernel import auth
from app.kernel.auth import Caller
from app.kernel.db import transaction
from app.migrations.run import upgrade
from app.oauth.clients import Rates, Registration, register_client
from app.observe import logs
from tests.make import a_member, kept, wording
from tests.postgres import folder_for_a_server, libpq
from tests.service import ALL_SCOPES, settings_for

FAMILIES = 120
HUB, SCHOOL, PURPOSE = "eh-hub", "oak-school", "early_help_support"
CLIENT = "oak-mis"
YEAR_AGO = (datetime.now(UTC) - timedelta(days=365)).isoformat()
_PARAGRAPH = (
    "What the family wants, who helps them with it, by when, and how everybody will know that it "
    "worked. Written with them at the table, in words that they would use themselves. "
)


@dataclass(frozen=True, slots=True)
class World:
    """The database, where the service will run, and whom one may ask about."""

    server: Server
    settings: Settings
    client_key: Key
    children: tuple[str, ...]

    @property
    def url(self) -> str:
        """The database as its administrator's driver takes it."""
        return libpq(str(self.settings.database_url))

    def plan(self, child: str) -> dict[str, Any]:
        """Return what the hub deposited about a child: about 3.4 KB of JSON."""
        aims = [{"aim": f"{child}-{number}", "text": _PARAGRAPH} for number in range(15)]
        return {"aims": aims, "review": "2027-01-01"}

    def count(self, table: str) -> int:
        with psycopg.connect(self.url) as connection:
            return int(connection.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608


@contextmanager
def made(port: int) -> Iterator[World]:
    """Have a world for as long as the block lasts; the service is to listen on this port."""
    with (
        folder_for_a_server("rightshare-bench-") as folder,
        running(folder / "pg", folder / "run") as server,
    ):
        with psycopg.connect(libpq(server.url("postgres")), autocommit=True) as connection:
            connection.execute("create database bench")
        settings = _settings(server, folder, port)
        ring = make_keys(settings)
        upgrade(str(settings.database_url), ring)
        key = ECKey.generate_key("P-256", auto_kid=True)
        children = tuple(f"{500_000 + number}" for number in range(FAMILIES))
        world = World(server, settings, key, children)
        _fill(world)
        yield world


def _settings(server: Server, folder: Path, port: int) -> Settings:
    home = folder / "home"
    (home / "metrics").mkdir(parents=True)
    usual = settings_for(server.url("bench"), home)
    return replace(
        usual,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        workers=2,
        pool_size=4,
        prometheus_dir=home / "metrics",
    )


def _fill(world: World) -> None:
    app = create_app(replace(world.settings, prometheus_dir=None))
    logs.set_up("WARNING")
    agency = _Agency(app)
    agency.speaks_as(HUB)
    for code, kind in ((HUB, "council"), (SCHOOL, "school")):
        agency.post("agencies", code=code, name=code, kind=kind, starts=YEAR_AGO)
    agency.post("purposes", code=PURPOSE, title=PURPOSE)
    for code in ("plan", "contact", "household"):
        agency.post("categories", code=code, title=code, sensitive=False)
    notice = {"version": "2026-1", "language": "en", "title": "How we share", "approved_by": "A"}
    agency.post("consents/notices", **notice, text="We tell each other what is needed.")
    agency.post("agreements", **_agreement())
    _sign(agency)
    agency.post("agreements/EH-ISA/versions/1/activation")
    for child in world.children:
        _family(agency, child, world.plan(child))
    with app.app_context(), transaction() as session:
        register_client(session, for_measuring(world.client_key), datetime.now(UTC))
    with psycopg.connect(world.url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


@dataclass
class _Agency:
    """A client of the application that is believed whoever it says it is."""

    app: Flask

    def speaks_as(self, agency: str) -> None:
        caller = Caller(
            f"{agency}-client",
            agency,
            ALL_SCOPES,
            frozenset({PURPOSE}),
            frozenset({"content"}),
            may_override=False,
            token_id="t1",  # noqa: S106  (an id, not the token)
        )
        self.app.extensions[auth.EXTENSION] = lambda: caller

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.app.test_client().post(f"/v1/{path}", json=body)
        if answer.status_code >= 300:
            raise RuntimeError(f"{path}: {answer.get_data(as_text=True)}")
        return answer.get_json()


def _sign(agency: _Agency) -> None:
    """Have both members sign the agreement on paper, today."""
    path = "agreements/EH-ISA/versions/1"
    content = agency.app.test_client().get(f"/v1/{path}/content").data
    paper = {
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "signatory": {"name": "Ada Official", "role": "director"},
        "signed_on": datetime.now(UTC).date().isoformat(),
        "reference": "cabinet 4",
    }
    for member in (SCHOOL, HUB):
        agency.speaks_as(member)
        agency.post(f"{path}/signatures", paper=paper)


def _family(agency: _Agency, child: str, plan: dict[str, Any]) -> None:
    """Put a child, a mother, what she refused, what she agreed to, and a plan on file."""
    known = {"scheme": "mosaic", "value": child}
    subject = agency.post("subjects", identifiers=[known], born="2018-05-01")["id"]
    mother = agency.post("subjects", identifiers=[], adult=True)["id"]
    whose = {"person": mother, "kind": "mother", "parental_responsibility": True}
    agency.post(f"subjects/{subject}/relationships", **whose)
    said = {
        "kind": "family_agreement",
        "subjects": [subject],
        "given_by": mother,
        "capacity": "parental_responsibility",
        "method": "written",
        "recipients": [SCHOOL],
        "purposes": [PURPOSE],
        "notice": {"version": "2026-1", "language": "en"},
        "recorder": {"id": "staff-1", "role": "family_support_worker"},
    }
    agency.post("consents", **said, answer="refused", categories=["contact"])
    agency.post("consents", **said, answer="given", categories=["*"])
    agency.post("records", subject={"identifiers": [known]}, category="plan", content=plan)


def _agreement() -> dict[str, Any]:
    flow = {
        "from": [HUB],
        "to": [SCHOOL],
        "purposes": [PURPOSE],
        "basis": "public_task",
        "law": "Children Act 2004, section 10",
        "special_condition": "9(2)(g)",
        "requires": "family_agreement",
    }
    return {
        "code": "EH-ISA",
        "title": "Early help",
        "members": [a_member(one, joined=YEAR_AGO) for one in (HUB, SCHOOL)],
        "effective_from": YEAR_AGO,
        "review_due": (datetime.now(UTC) + timedelta(days=365)).isoformat(),
        "retention": kept("plan", "contact", "household"),
        **wording(),
        "flows": [
            flow | {"code": "plan", "categories": ["plan", "household"]},
            flow | {"code": "contact", "categories": ["contact"], "requires": "data_consent"},
        ],
    }


def for_measuring(key: Key) -> Registration:
    """Return a client whose buckets do not run dry: we measure work, not refusals."""
    many = 1_000_000
    return Registration(
        CLIENT,
        SCHOOL,
        jwks={"keys": [key.as_dict(private=False)]},
        scopes=frozenset({"disclosure.request", "directory.read", "echo.read"}),
        purposes=frozenset({PURPOSE}),
        kinds=frozenset({"content"}),
        rates=Rates(many, many, many, many),
    )


def asked_about(child: str) -> bytes:
    """Return the body of a request for a child's plan."""
    return json.dumps(
        {
            "subject": {"identifiers": [{"scheme": "mosaic", "value": child}]},
            "source": HUB,
            "purpose": PURPOSE,
            "lawful_basis": "public_task",
            "categories": ["plan"],
            "practitioner": {"id": "teacher-7", "role": "designated_safeguarding_lead"},
        }
    ).encode()
