"""What lies in the database's files: nothing that names a person or says what is held of one."""

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from app.kernel.named import NotAvailable
from app.kernel.roles import APP, role_url
from app.kernel.vault import DataKey, KeyRing, Vault, VaultError, WrappedKey
from app.migrations.run import NAMED_KEYS
from app.parts import load_vault
from sharing.actions.records import subject_of
from sharing.terms.asking import Identifier
from tests.make import (
    CHILD,
    HUB,
    Family,
    a_record,
    ask,
    overriding,
    request,
    said,
    statutory,
)
from tests.service import RING, Service
from tests.sharing.personal import BORN, NHS_NUMBER, SEALED, everything_personal
from tests.sharing.seeing import Rows, entries


def bytes_at_rest(superuser: Rows) -> Iterator[tuple[str, bytes]]:
    """Yield what the server has written: its files if they can be seen, else every table."""
    superuser.execute("checkpoint")
    ((folder, oid),) = superuser.execute(
        "select current_setting('data_directory'), oid::text from pg_database"
        " where datname = current_database()"
    ).fetchall()
    data = Path(folder)
    if not (data / "base" / oid).is_dir():
        yield from rows_as_text(superuser)
        return
    for part in (data / "base" / oid, data / "pg_wal", data / "log"):
        for path in sorted(part.rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()


def rows_as_text(superuser: Rows) -> Iterator[tuple[str, bytes]]:
    tables = superuser.execute(
        "select oid::regclass::text from pg_class where relkind = 'r'"
        " and relnamespace = 'public'::regnamespace order by 1"
    )
    for (table,) in tables.fetchall():
        with superuser.cursor().copy(f"copy {table} to stdout (format binary)") as copied:
            yield table, b"".join(bytes(block) for block in copied)


def spelled(word: str) -> list[bytes]:
    """Return a word as it might lie somewhere: plain, in hex, in base64, in UTF-16."""
    raw = word.encode()
    return [
        raw,
        raw.hex().encode(),
        base64.b64encode(raw).rstrip(b"=")[:-1],
        word.encode("utf-16-le"),
    ]


@pytest.mark.long
def test_nothing_personal_can_be_read_in_the_servers_files(
    service: Service, family: Family, superuser: Rows
) -> None:
    mark = everything_personal(service, family)
    assert len(mark.made) > 20

    looked_at = 0
    for place, raw in bytes_at_rest(superuser):
        looked_at += len(raw)
        for what, word in (mark.made | {"born": BORN, "number": NHS_NUMBER}).items():
            for spelling in spelled(word):
                assert spelling not in raw, f"{what} lies in {place}"

    assert looked_at > 100_000


def test_the_search_would_find_what_is_written_in_plain(service: Service, superuser: Rows) -> None:
    word = secrets.token_hex(12)
    superuser.execute("create table plain (t text)")
    superuser.execute("insert into plain values (%s)", [word])

    assert any(word.encode() in raw for _, raw in bytes_at_rest(superuser))
    assert any(word.encode() in raw for _, raw in rows_as_text(superuser))


def test_log_lines_name_nobody(
    service: Service, family: Family, logged: list[dict[str, object]]
) -> None:
    mark = everything_personal(service, family)

    lines = json.dumps(logged, default=str)
    assert len(logged) > 10
    for what, word in mark.made.items():
        assert word not in lines, what


def test_nothing_sealed_is_kept_twice_alike(
    service: Service, family: Family, superuser: Rows
) -> None:
    for _ in range(2):
        a_record(service, "contact", {"phone": "07700 900000"})

    sealed = superuser.execute("select content from record where category = 'contact'").fetchall()
    assert len({bytes(content) for (content,) in sealed}) == 2


def key_of(superuser: Rows, vault: Vault, subject: str) -> DataKey:
    ((key_id, wrapped),) = superuser.execute(
        "select key_id, wrapped_key from subject where id = %s", [subject]
    ).fetchall()
    return vault.data_key(WrappedKey(key_id, wrapped))


def test_what_is_sealed_opens_in_its_own_place_alone(
    service: Service, family: Family, superuser: Rows
) -> None:
    other = a_record(service, "contact", {"phone": "1"})
    key = key_of(superuser, service.parts.database.vault, family.child)
    ((sealed,),) = superuser.execute(
        "select content from record where id = %s", [family.plan]
    ).fetchall()

    assert json.loads(key.open(sealed, "record", UUID(family.plan), "content"))
    for place in (
        ("record", UUID(other), "content"),
        ("record", UUID(family.plan), "starts"),
        ("withhold_subject", UUID(family.plan), "content"),
        ("record", UUID(family.plan)),
    ):
        with pytest.raises(VaultError):
            key.open(sealed, *place)


def test_a_record_moved_into_anothers_row_is_never_told(
    service: Service, family: Family, superuser: Rows
) -> None:
    other = a_record(service, "assessment", {"phone": "1"})
    superuser.execute(
        "update record set content = (select content from record where id = %s) where id = %s",
        [family.plan, other],
    )

    answer = ask(service, statutory())

    assert answer.status_code == 500
    assert [seen.said["code"] for seen in entries(superuser)] == ["fault"]


def test_one_subjects_key_opens_nothing_of_anothers(
    service: Service, family: Family, superuser: Rows
) -> None:
    vault = service.parts.database.vault
    ((names,),) = superuser.execute(
        "select names from subject where id = %s", [family.child]
    ).fetchall()

    assert key_of(superuser, vault, family.child).open(
        names, "subject", UUID(family.child), "names"
    )
    with pytest.raises(VaultError):
        key_of(superuser, vault, family.mother).open(names, "subject", UUID(family.child), "names")


def test_without_its_key_a_subject_is_a_child_nobody_knows(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_record(service, "assessment", {"level": 3})
    said(service, family)
    assert ask(service, statutory()).status_code == 200
    superuser.execute("update subject set wrapped_key = null where id = %s", [family.child])

    for body in (request(), statutory(), overriding()):
        assert ask(service, body).get_json()["code"] == "not_available"
    assert entries(superuser)[-1].said["ground"] == "no_record"
    assert entries(superuser)[-1].subject is None
    service.as_client(HUB)
    lookup = service.call("POST", "/v1/subjects/lookup", json={"identifiers": [CHILD]})
    assert lookup.status_code == 404
    with service.parts.database.transaction() as session, pytest.raises(NotAvailable):
        subject_of(session, (Identifier(**CHILD),))


def test_no_key_of_the_service_opens_what_a_lost_key_sealed(
    service: Service, family: Family, superuser: Rows
) -> None:
    everything_personal(service, family)
    vault = service.parts.database.vault
    others = [vault.named(name) for name in NAMED_KEYS]
    others.append(key_of(superuser, vault, family.mother))
    held = superuser.execute(
        "select id, content from record where subject_id = %s", [family.child]
    ).fetchall()
    assert len(held) == 2

    for record, content in held:
        for key in others:
            with pytest.raises(VaultError):
                key.open(content, "record", record, "content")


def test_wrapped_keys_are_nothing_without_the_key_file(superuser: Rows) -> None:
    stored = superuser.execute("select key_id, wrapped from vault_key order by name").fetchall()
    other = KeyRing("k1", {"k1": secrets.token_bytes(32)})

    assert len(stored) == len(NAMED_KEYS)
    for key_id, wrapped in stored:
        assert len(RING.unwrap(key_id, wrapped)) == 32
        with pytest.raises(VaultError, match="was not wrapped by the key it names"):
            other.unwrap(key_id, wrapped)
        assert RING.unwrap(key_id, wrapped) not in bytes(wrapped)


def test_the_wrong_key_file_is_named_at_the_start(service: Service) -> None:
    url = role_url(service.admin_url, APP)

    for ring, message in (
        (KeyRing("k1", {"k1": secrets.token_bytes(32)}), "was not wrapped by the key it names"),
        (KeyRing("k2", {"k2": RING.keys["k1"]}), "'k1' is not in the key file"),
    ):
        with pytest.raises(VaultError, match=message):
            load_vault(url, ring)


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "{}",
        "not json",
        '{"current": "k1", "keys": {"k1": "c2hvcnQ="}}',
        '{"current": "k2", "keys": {"k1": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}',
        '["k1"]',
    ],
)
def test_a_key_file_that_is_missing_or_malformed_is_said_to_be(
    tmp_path: Path, written: str | None
) -> None:
    path = tmp_path / "keys.json"
    if written is not None:
        path.write_text(written, encoding="ascii")

    with pytest.raises(VaultError, match=r"key file|current key"):
        KeyRing.read(path)


def test_what_is_changed_by_a_bit_does_not_open() -> None:
    key = DataKey(secrets.token_bytes(32))
    sealed = key.seal(b"words", "record", 1, "content")

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(VaultError):
            key.open(bytes(changed), "record", 1, "content")


def test_every_sealed_column_holds_sealed_values(
    service: Service, family: Family, superuser: Rows
) -> None:
    everything_personal(service, family)

    for table, columns in SEALED.items():
        for column in columns:
            name = psycopg.sql.Identifier
            found = superuser.execute(
                psycopg.sql.SQL("select {} from {} where {} is not null").format(
                    name(column), name(table), name(column)
                )
            ).fetchall()
            assert found, f"{table}.{column} is never written"
            assert all(bytes(value)[:1] == b"\x01" for (value,) in found)
