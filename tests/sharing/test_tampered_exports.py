"""What whoever hands an export on can do to its files, and how the auditor's program answers."""

import hashlib
import json
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from sharing.chain.encoding import write_base64
from sharing.chain.notes import Note, format_note, sign
from tests.service import LOG_ORIGIN, MONDAY
from tests.sharing.keeping import RECEIPTS, Judged, judge, taken_out

Files = dict[str, bytes]
TILE, BUNDLE, OPENINGS = "tile/0/000.p/7", "tile/entries/000.p/7", "openings/000000"
CHECKPOINTS = "checkpoints/000000"
DEEP = b"[" * 100_000


@pytest.fixture
def files(log: Connection, tmp_path: Path) -> Files:
    """The files of an export, in their order, without the list of them."""
    with tarfile.open(taken_out(log, tmp_path)) as archive:
        held = {one.name: _content(archive, one) for one in archive}
    return {path: held[path] for path in held if path not in {"MANIFEST", "manifest.note"}}


def _content(archive: tarfile.TarFile, one: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(one)
    assert file is not None
    return file.read()


def signed(files: Files, listing: bytes | None = None) -> list[tuple[str, bytes]]:
    """Files, listed and signed for by who holds the key of receipts, perhaps with another list."""
    if listing is None:
        listing = b"".join(
            f"{hashlib.sha256(content).hexdigest()}  {path}\n".encode()
            for path, content in files.items()
        )
    digest = write_base64(hashlib.sha256(listing).digest())
    said = f"{LOG_ORIGIN} export v2\n{MONDAY.isoformat()}\npeople\n{digest}\n".encode()
    note = format_note(Note(said, (sign(said, RECEIPTS),)))
    return [*files.items(), ("MANIFEST", listing), ("manifest.note", note)]


def packed(path: Path, held: list[tuple[str, bytes]], link: str | None = None) -> Path:
    """A tar of these files, one of them perhaps a link."""
    with tarfile.open(path, "w") as archive:
        for name, content in held:
            one = tarfile.TarInfo(name)
            if name == link:
                one.type, one.linkname = tarfile.SYMTYPE, "MANIFEST"
            else:
                one.size = len(content)
            archive.addfile(one, BytesIO(content))
    return path


def test_files_in_another_order_are_the_same_export(files: Files, tmp_path: Path) -> None:
    found = judge(packed(tmp_path / "log.tar", signed(files)[::-1]))

    assert found.code == 0, found.lines


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_is_there_twice_was_put_in(
    files: Files, tmp_path: Path, *, first: bool
) -> None:
    twice = [(BUNDLE, b"something else")]
    held = [*twice, *signed(files)] if first else [*signed(files), *twice]
    found = judge(packed(tmp_path / "log.tar", held))

    assert found.says(f"tampering: {BUNDLE}: put in after the export was signed")
    assert found.code == 1


def test_a_file_beside_those_signed_for_was_put_in_and_its_name_stays_one_line(
    files: Files, tmp_path: Path
) -> None:
    found = judge(packed(tmp_path / "log.tar", [*signed(files), ("a\nsound: 7", b"")]))

    assert "tampering: a?sound: 7: put in after the export was signed\n" in found.lines
    assert found.code == 1


def test_a_link_is_no_file_of_an_export(files: Files, tmp_path: Path) -> None:
    found = judge(packed(tmp_path / "log.tar", signed(files), link=CHECKPOINTS))

    assert found.says(f"incomplete: {CHECKPOINTS}: it is not there")
    assert found.code == 1  # the newest checkpoint is not among those of the log


def _swapped(openings: bytes) -> bytes:
    lines = openings.split(b"\n")
    lines[0], lines[2] = lines[2], lines[0]
    return b"\n".join(lines)


FAULTS: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "half a hash after a tile": (TILE, lambda it: it + bytes(16), f"{TILE}: it holds 7.5, not 7"),
    "a hash more in a tile": (TILE, lambda it: it + bytes(32), f"{TILE}: it holds 8, not 7"),
    "a byte after a bundle": (BUNDLE, lambda it: it + b"\0", f"{BUNDLE}: it holds 8, not 7"),
    "an entry more in a bundle": (
        *(BUNDLE, lambda it: it + b"\0\1x", f"{BUNDLE}: it holds 8, not 7"),
    ),
    "openings swapped": (OPENINGS, _swapped, "entry 2: its facts are not those"),
    "an opening more": (OPENINGS, lambda it: it + b"{}\n", f"{OPENINGS}: it holds 8, not 7"),
    "something after an opening": (
        *(OPENINGS, lambda it: it.replace(b"\n", b"\tx\n", 1)),
        "entry 0: its personal half is not the one",
    ),
    "a name twice": (
        *(OPENINGS, lambda it: it.replace(b"{", b'{"outcome":"deny",', 1)),
        "entry 0: a name stands twice",
    ),
    "no number": (
        *(OPENINGS, lambda it: it.replace(b"{", b'{"n":NaN,', 1)),
        "entry 0: NaN is no number",
    ),
    "another id": (
        *(OPENINGS, lambda it: it.replace(b'"id":"0', b'"id":"1', 1)),
        "entry 0: filed under another id or time",
    ),
    "an opening too deep": (OPENINGS, lambda it: DEEP + it, "entry 0: what opens it"),
    "the newest checkpoint dropped": (
        *(CHECKPOINTS, lambda it: b"".join(it.splitlines(keepends=True)[:-1])),
        "size 7: the log signed this checkpoint, and has it no longer",
    ),
    "checkpoints twice": (
        CHECKPOINTS,
        lambda it: it + it,
        f"{CHECKPOINTS}: one of 3 entries comes",
    ),
    "a checkpoint that is none": (
        *(CHECKPOINTS, lambda it: it + b'{"note":1}\n' + DEEP),
        f"{CHECKPOINTS}: 'int' object",
    ),
    "what waits cannot be read": ("pending", lambda _: DEEP, "pending: cannot be read"),
}


@pytest.mark.parametrize(("path", "change", "finding"), FAULTS.values(), ids=FAULTS)
def test_what_was_signed_with_something_odd_in_it_is_named(
    files: Files, tmp_path: Path, path: str, change: Callable[[bytes], bytes], finding: str
) -> None:
    found = judge(packed(tmp_path / "log.tar", signed(files | {path: change(files[path])})))

    assert found.says(f"tampering: {finding}"), found.lines
    assert found.code == 1


def test_what_no_export_holds_is_named_and_what_each_holds_is_missed(
    files: Files, tmp_path: Path
) -> None:
    more = judge(packed(tmp_path / "more.tar", signed(files | {"tile/0/000.p/3": bytes(96)})))
    less = dict(files)
    del less["pending"]
    fewer = judge(packed(tmp_path / "less.tar", signed(less)))
    listing = dict(signed(files))["MANIFEST"] + b"0  pending\n"
    twice = judge(packed(tmp_path / "twice.tar", signed(files, listing)))

    assert more.says("tampering: tile/0/000.p/3: it has no place in the export of such a log")
    assert fewer.says("incomplete: pending: it is not there")
    assert twice.says("MANIFEST lists a file twice")
    assert (more.code, fewer.code, twice.code) == (1, 2, 2)


@pytest.mark.parametrize("size", [2**62, 2**63, 10**30])
def test_a_file_of_a_size_that_cannot_be_is_no_export(
    files: Files, tmp_path: Path, size: int
) -> None:
    whole = packed(tmp_path / "log.tar", signed(files))
    enormous = tarfile.TarInfo("checkpoint")
    enormous.size = size
    whole.write_bytes(enormous.tobuf(tarfile.PAX_FORMAT) + whole.read_bytes())
    found = judge(whole)

    assert (found.code, found.says("cannot be judged")) == (2, True)


@pytest.mark.parametrize(
    "odd",
    [
        *({"log_keys": [{"vkey": 5}]}, {"log_keys": None}, {"witnesses": [5]}, {"witnesses": 5}),
        *({"quorum": float("inf")}, {"quorum": 0.5}, {"quorum": "1"}, {"quorum": -1}),
        *({"quorom": 1}, {"openings": 5}, {"formerly": [5]}, {"log_keys": []}),
        {"log_keys": [{"vkey": "x", "from": "y"}]},
    ],
)
def test_a_policy_that_says_something_odd_is_not_guessed_at(
    files: Files, tmp_path: Path, kept: Path, odd: dict[str, Any]
) -> None:
    whole = packed(tmp_path / "log.tar", signed(files))
    found: Judged = judge(whole, checkpoints=[kept / "checkpoint-7"], **odd)

    assert (found.code, found.says("cannot be judged")) == (2, True), json.dumps(odd)
