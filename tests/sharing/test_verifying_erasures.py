"""What an auditor makes of a log from which somebody was really erased, or only said to be."""

from pathlib import Path
from uuid import UUID

import pytest

from app import verifier
from app.kernel.db import Database
from app.kernel.roles import IG_LEAD, role_url
from app.parts import load_vault
from sharing.chain.leaves import EntryKind, Leaf, leaf_bytes, parse_leaf
from tests.make import Family, ask
from tests.service import RING, Service
from tests.sharing.keeping import Judged, exported, judge, sequencing
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_erasure import erased, told
from tests.sharing.test_retention import a_day_passes, signed

PLACE = "select leaf_index from log_leaf where entry_id = %s"


def audited(service: Service, folder: Path) -> Judged:
    """Give the log's entries their places, take the log out, and check it."""
    with sequencing(service.admin_url, folder / "anchor.json") as sequencer:
        sequencer.step()
    address = role_url(service.admin_url, IG_LEAD)
    database = Database.connect(address, load_vault(address, RING))
    with database.reading() as session:
        taken = exported(session, folder / "log.tar")
    database.close()
    return judge(taken)


def place(superuser: Rows, entry: UUID | str) -> int:
    ((found,),) = superuser.execute(PLACE, [entry]).fetchall()
    return int(found)


def test_rule_44_of_an_erased_person_the_auditor_hears_which_entry_erased_them(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    told(service, family)
    by = erased(service, family.child)["entry"]
    found = audited(service, tmp_path)

    assert found.code == 0, found.lines
    said = f"its personal half was erased by entry {place(superuser, by)}"
    about = [one for one in entries(superuser) if str(one.id) != by]
    assert len(about) == 3
    for one in about:
        assert found.says(f"note: entry {place(superuser, one.id)}", said)


def test_rule_44_what_retention_let_go_is_told_in_the_same_way(
    service: Service, family: Family, tmp_path: Path
) -> None:
    ask(service)
    signed(service, "disclosure_opening", 1)
    a_day_passes(service, 40)
    found = audited(service, tmp_path)

    assert found.code == 0, found.lines
    assert found.says("note: entry 0: its personal half was erased by entry 1")


def test_an_opening_that_went_without_an_entry_is_tampering(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    told(service, family)
    one = entries(superuser)[0].id
    superuser.execute("update log_subject set opening = null, salt = null where id = %s", [one])
    found = audited(service, tmp_path)

    assert found.code == 1
    said = "its personal half is gone, and no entry says that it was erased"
    assert found.says(f"tampering: entry {place(superuser, one)}", said)


@pytest.mark.parametrize("left", ["opening", "salt"])
def test_an_opening_that_is_still_there_after_its_erasure_is_tampering(
    service: Service, family: Family, superuser: Rows, tmp_path: Path, left: str
) -> None:
    told(service, family)
    one = entries(superuser)[0].id
    ((opening, salt),) = superuser.execute(
        "select opening, salt from log_subject where id = %s", [one]
    ).fetchall()
    by = erased(service, family.child)["entry"]
    superuser.execute(
        "update log_subject set opening = %s, salt = %s where id = %s",
        [opening if left == "opening" else None, salt, one],
    )
    found = audited(service, tmp_path)

    assert found.code == 1
    assert found.says(
        f"tampering: entry {place(superuser, by)}: {one} was erased, it says, and something"
    )


@pytest.mark.parametrize("kind", EntryKind)
def test_the_auditors_program_reads_the_leaf_of_every_kind(kind: EntryKind) -> None:
    raw = leaf_bytes(Leaf(UUID("01890000-0000-7000-8000-000000000000"), kind, b"f" * 32, b"s" * 32))

    assert parse_leaf(raw).kind is kind
    read = verifier.LEAF.fullmatch(raw)
    assert read is not None
    assert read[2].decode() == kind
