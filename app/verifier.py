"""Checks an export of a disclosure log, and trusts nothing that the log's server says.

This is the whole program: Python 3.11 and the package `cryptography`, nothing else of the service.
Copy it, read it, run it:

    python verifier.py EXPORT --policy TRUST [--previous OLD]... [--receipts FILE or FOLDER]...

EXPORT is the tar of `rightshare log export`. TRUST lists the keys that you trust: have it from
people you asked, not from the log you check. OLD are checkpoints, and FILE receipts, that you kept.

One line a finding. Exit 0: sound. 1: evidence of tampering. 2: not enough to say.
Formats: RFC 6962; C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles.
"""

import argparse
import json
import re
import sys
import tarfile
from base64 import b64decode, b64encode
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTE, COSIGNATURE = 1, 4  # how a key signs
FULL, HASH = 256, 32  # hashes in a full tile, bytes in a hash
LARGEST = 2**63 - 1
LEVELS = ("none", "facts", "people")  # how much of what opens the commitments an export holds
CLOCKS_DIFFER, LONGEST_WAIT = 5 * 60, 4 * 3600  # seconds
HEAD = re.compile(rb"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]{44})\n")
LEAF = re.compile(
    rb'\{"v":1,"id":"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21})","kind":"([a-z]+)",'
    rb'"facts":"([^"]{44})","subject":"([^"]{44})"\}'
)
SIGNED = re.compile("\N{EM DASH} ([^ +]+) ([A-Za-z0-9+/=]+)".encode())
READ = json.JSONDecoder().raw_decode
TELLING = {b"erasure", b"retention", b"key", b"restore"}  # entries that speak of the log itself


class Refused(Exception):
    """Something is not what it must be; the message says what."""


def must(holds: object, otherwise: str) -> None:
    """Raise `Refused` with this message unless it holds."""
    if not holds:
        raise Refused(otherwise)


# ---- signed notes, and whom you trust ----


class Key(NamedTuple):
    """A public key, and the sizes (of a receipt's: POSIX seconds) at which it is trusted."""

    name: str
    id: bytes
    kind: int
    public: bytes
    first: int
    last: int


class Head(NamedTuple):
    """What a checkpoint says, and when (POSIX seconds) witnesses cosigned it."""

    origin: str
    size: int
    root: bytes
    raw: bytes
    cosigned: tuple[int, ...] = ()


class Promise(NamedTuple):
    """A receipt: that a leaf will be in the tree by an instant."""

    leaf_hash: bytes
    by: datetime
    raw: bytes


def unbase64(text: str | bytes) -> bytes:
    """Return what standard base64 stands for; it has one spelling only."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        found = b64decode(raw, validate=True)
    except ValueError as error:
        raise Refused("not base64") from error
    must(b64encode(found) == raw, "not the one spelling of base64")
    return found


def parse_key(vkey: str, first: int | None = None, last: int | None = None) -> Key:
    """Return the key that `name+id+base64` stands for."""
    name, written_id, coded, *_ = (*vkey.split("+", 2), "", "")
    raw = unbase64(coded)
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
    must(name and len(raw) == 1 + HASH and raw[0] in (NOTE, COSIGNATURE), f"not a key: {vkey!r}")
    must(key_id.hex() == written_id, f"its id is not the key's own: {vkey!r}")
    return Key(name, key_id, raw[0], raw[1:], first or 0, LARGEST if last is None else last)


def parse_checkpoint(raw: bytes) -> Head:
    """Return what a checkpoint says, nothing of it believed."""
    found = HEAD.match(raw)
    if found is None:
        raise Refused("not a checkpoint")
    return Head(found[1].decode("utf-8", "replace"), int(found[2]), unbase64(found[3]), raw)


def open_note(raw: bytes, keys: Iterable[Key]) -> tuple[bytes, dict[Key, int | None]]:
    """Return a note's text, and which of these keys signed it, with the time if it states one."""
    body, parted, tail = raw.rpartition(b"\n\n")
    lines = tail.split(b"\n")
    must(parted and not lines.pop() and lines, "not a signed note")
    text, seen, signed = body + b"\n", set(), {}
    for line in lines:
        found = SIGNED.fullmatch(line)
        if found is None:
            raise Refused("not a signature line")
        name, made = found[1], unbase64(found[2])
        must((name, made[:4]) not in seen, "two signatures of one key")
        seen.add((name, made[:4]))
        for key in keys:
            if (key.name.encode(), key.id) == (name, made[:4]):
                signed[key] = check_signature(text, made[4:], key)
    return text, signed


def check_signature(text: bytes, made: bytes, key: Key) -> int | None:
    """Return the time that a cosignature states, None of a plain one; `Refused` if it is false."""
    at = None
    if key.kind == COSIGNATURE:
        at = int.from_bytes(made[:8], "big")
        made, text = made[8:], b"cosignature/v1\ntime %d\n" % at + text
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(made, text)
    except InvalidSignature as error:
        raise Refused(f"the signature of {key.name} does not hold") from error
    return at


def seconds(instant: str | None) -> int | None:
    """Return an instant of RFC 3339 in POSIX seconds."""
    return None if instant is None else int(datetime.fromisoformat(instant).timestamp())


class Trust:
    """Whom you trust: the keys of one log, of its receipts and of its witnesses.

    `{"origin", "log_keys": [{"vkey", "from", "to"}], "receipt_keys": [{"vkey", "from", "to"}],
    "witnesses": [vkey], "quorum", "openings"}`: from and to are sizes, for receipts instants.
    """

    def __init__(self, raw: bytes) -> None:
        said = json.loads(raw)
        self.origin, self.quorum = str(said["origin"]), int(said.get("quorum", 0))
        self.log = [parse_key(k["vkey"], k.get("from"), k.get("to")) for k in said["log_keys"]]
        self.receipts = [
            parse_key(k["vkey"], seconds(k.get("from")), seconds(k.get("to")))
            for k in said["receipt_keys"]
        ]
        self.witnesses = [parse_key(vkey) for vkey in said.get("witnesses", [])]
        self.openings = said.get("openings", LEVELS[0])
        there = range(len(self.witnesses) + 1)
        must(self.quorum in there, "more witnesses must sign than there are")
        must(self.openings in LEVELS, f"openings are one of: {', '.join(LEVELS)}")

    def accept(self, raw: bytes) -> Head:
        """Return a checkpoint that the log signed, and who cosigned it."""
        said = parse_checkpoint(raw)
        must(said.origin == self.origin, f"it is of another log, {said.origin!r}")
        _, signed = open_note(raw, (*self.log, *self.witnesses))
        own = [key for key in signed if key in self.log and key.name == self.origin]
        must(own, "no key that you trust signed it")
        in_force = any(key.first <= said.size <= key.last for key in own)
        must(in_force, f"its key is not one that you trust at size {said.size}")
        cosigned = {key.name: at for key, at in signed.items() if at is not None}
        return said._replace(cosigned=tuple(cosigned.values()))

    def accept_receipt(self, raw: bytes) -> tuple[str, Promise]:
        """Return the entry that a receipt is for, and what it promises."""
        text, signed = open_note(raw, self.receipts)
        title, *lines = text.decode("utf-8", "replace").split("\n")
        must(title == f"{self.origin} receipt v1", "not a receipt of this log")
        entry, leaf_hash, at, by, _ = lines
        in_force = any(key.first <= (seconds(at) or 0) <= key.last for key in signed)
        must(in_force, "no key that you trust signed it")
        return entry, Promise(unbase64(leaf_hash), datetime.fromisoformat(by), raw)


# ---- the tree (RFC 6962, section 2.1; C2SP tlog-tiles) ----


class Tree:
    """A tree that grows leaf by leaf; `rows` are the hashes of the tiles above the lowest."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, list[bytes]()
        self.rows: dict[int, list[bytes]] = {}

    def add(self, hashed: bytes) -> None:
        """Append the hash of a leaf."""
        height, at = 0, self.size
        self.size += 1
        while at & 1:
            hashed = sha256(b"\x01" + self.peaks.pop() + hashed).digest()
            height, at = height + 1, at >> 1
            if not height & 7:
                self.rows.setdefault(height >> 3, []).append(hashed)
        self.peaks.append(hashed)

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        held = self.peaks[-1] if self.peaks else sha256(b"").digest()
        for peak in reversed(self.peaks[:-1]):
            held = sha256(b"\x01" + peak + held).digest()
        return held


def commits(commitment: bytes, salt: str, content: bytes) -> bool:
    """Say whether a commitment of a leaf was made from this salt and content."""
    made = sha256(b"\x02" + a2b_base64(salt) + content).digest()
    return b2a_base64(made, newline=False) == commitment


def tile_path(level: int | str, index: int, width: int) -> str:
    """Return where a tile, or a bundle of entries, is found."""
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}}"
    groups = [f"x{digits[n : n + 3]}/" for n in range(0, len(digits) - 3, 3)]
    return f"tile/{level}/{''.join(groups)}{digits[-3:]}" + ("" if width == FULL else f".p/{width}")


def parse_bundle(raw: bytes) -> Iterator[bytes]:
    """Yield the leaves of an entry bundle; an empty one stands for an entry that is gone."""
    at = 0
    while at < len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        yield raw[at + 2 : end]
        at = end


# ---- the audit ----


class Audit:
    """One check of one log, from its newest checkpoint down to what opens each entry."""

    def __init__(self, trust: Trust, tar: tarfile.TarFile, write: Callable[[str], object]) -> None:
        self.trust, self.tar, self.write = trust, tar, write
        self.members = {one.name: one for one in tar if one.isfile()}
        self.known: list[Head] = []
        self.promises: dict[str, list[Promise]] = {}
        self.at, self.level = datetime.fromtimestamp(0, UTC), LEVELS[0]
        self.hashes: dict[str, str] = {}
        self.found, self.evidence = set[str](), list[bytes]()
        self.whole: dict[int, bool] = {}  # each entry by id: is anything of its person there?
        self.places: dict[str, tuple[int, bytes]] = {}
        self.bounds: list[tuple[int, int]] = []
        self.gone: dict[int, int] = {}  # by id: the place of an entry whose person is not there
        self.erased: dict[int, int | None] = {}  # by id: the place of the entry that erased it
        self.months: list[tuple[int, int, int | None]] = []  # ids from, ids before, erased by
        self.keys: list[tuple[int, str]] = []

    def say(self, what: str, where: str, said: str, *evidence: bytes) -> None:
        """Write a finding: tampering, incomplete, warning or note; keep what contradicts."""
        self.found.add(what)
        self.evidence += evidence
        self.write(f"{what}: {where}: {said}\n")

    def run(self) -> int:
        """Check everything there is, and return the exit code."""
        self._open_manifest()
        refused, head = self._accept_head(self._file("checkpoint"))
        stored = list(self._stored())
        tree = self._walk(head, [head, *self.known, *stored])
        if refused:
            self._judge_refused(refused, stored)
        self._judge_tiles(tree)
        self._judge_promises()
        self._judge_gone()
        if LEVELS.index(self.level) < LEVELS.index(self.trust.openings):
            self.say("incomplete", "openings", f"{self.level}, you want {self.trust.openings}")
        code = 1 if "tampering" in self.found else 2 if "incomplete" in self.found else 0
        self.write(
            f"{('sound', 'tampered with', 'cannot be judged')[code]}: {tree.size} entries of "
            f"{head.origin}; openings: {self.level}; {len(stored)} checkpoints of the log and "
            f"{len(self.known)} of yours; {sum(map(len, self.promises.values()))} receipts; "
            f"{len(head.cosigned)} witnesses\n"
        )
        return code

    def _read(self, path: str) -> bytes | None:
        held = self.tar.extractfile(self.members[path]) if path in self.members else None
        return None if held is None else held.read()

    def _file(self, path: str) -> bytes | None:
        raw = self._read(path)
        if raw is None and path in self.hashes:
            self.say("incomplete", path, "taken out after the export was signed")
        elif raw is not None and self.hashes.get(path) != sha256(raw).hexdigest():
            self.say("tampering", path, "changed after the export was signed")
        return raw

    def _open_manifest(self) -> None:
        """Learn what the export holds, when it was made and who says so."""
        note, listing = self._read("manifest.note"), self._read("MANIFEST")
        if note is None or listing is None:
            raise Refused("it breaks off: it has no signed manifest")
        try:
            text, signed = open_note(note, self.trust.receipts)
            title, at, self.level, digest, _ = text.decode().split("\n")
            must(title == f"{self.trust.origin} export v2", f"it is of another log: {title!r}")
            must(signed, "no key that you trust signed it")
            must(unbase64(digest) == sha256(listing).digest(), "MANIFEST was changed")
            self.at = datetime.fromisoformat(at)
        except (Refused, ValueError) as error:
            self.say("tampering", "manifest.note", str(error))
        rows = (line.partition("  ") for line in listing.decode().splitlines())
        self.hashes = {path: digest for digest, _, path in rows}

    def _accept_head(self, raw: bytes | None) -> tuple[str | None, Head]:
        """Return the newest checkpoint, and why it is refused if it is."""
        if raw is None:
            raise Refused("there is no checkpoint in it")
        try:
            head = self.trust.accept(raw)
        except Refused as error:
            return str(error), parse_checkpoint(raw)
        if len(head.cosigned) < self.trust.quorum:
            said = f"{len(head.cosigned)} witnesses cosigned it, you want {self.trust.quorum}"
            self.say("incomplete", "checkpoint", said)
        return None, head

    def _stored(self) -> Iterator[Head]:
        """Yield the checkpoints of the past. The tree judges them: most need no signature."""
        for n in range(sum(path.startswith("checkpoints/") for path in self.hashes)):
            for line in (self._file(f"checkpoints/{n:06}") or b"").splitlines():
                raw = json.loads(line)["note"].encode()
                try:
                    cosigned = any(key.name.encode() in raw for key in self.trust.witnesses)
                    yield self.trust.accept(raw) if cosigned else parse_checkpoint(raw)
                except Refused as error:
                    self.say("tampering", f"checkpoints/{n:06}", str(error), raw)

    def _walk(self, head: Head, heads: Sequence[Head]) -> Tree:
        """Grow the tree entry by entry, and hold it against each checkpoint on the way."""
        marks: dict[int, list[Head]] = {}
        for one in heads:
            marks.setdefault(one.size, []).append(one)
            if one.size > head.size:
                said = f"rolled back: a checkpoint of {one.size} entries is known"
                self.say("tampering", f"size {head.size}", said, one.raw, head.raw)
        self.bounds = sorted((one.size, at) for one in heads for at in one.cosigned)
        tree = Tree()
        agreed = self._compare(tree, marks.get(0, ()), 0)
        for hashed in self._leaves(head.size):
            tree.add(hashed)
            if tree.size in marks:
                agreed = self._compare(tree, marks[tree.size], agreed)
        if tree.size < head.size:
            self.say("incomplete", f"entry {tree.size}", "its tile or its bundle is not there")
        return tree

    def _compare(self, tree: Tree, heads: Sequence[Head], agreed: int) -> int:
        """Hold the tree against checkpoints of its size; return up to where it is as signed."""
        for one in heads:
            if one.root == tree.root():
                agreed = tree.size
                continue
            try:
                self.trust.accept(one.raw)
                said = f"not what was signed for when the log had {one.size}"
            except Refused as error:
                said = f"a checkpoint of {one.size} entries says otherwise, and {error}"
            where = f"entries {agreed} to {max(agreed, tree.size - 1)}"
            self.say("tampering", where, said, *(other.raw for other in heads))
        return agreed

    def _leaves(self, size: int) -> Iterator[bytes]:
        """Yield the hashes of the lowest tiles, each held against its entry."""
        for n in range(-(-size // FULL)):
            width = min(FULL, size - n * FULL)
            tile = self._file(tile_path(0, n, width))
            bundle = self._file(tile_path("entries", n, width))
            if tile is None or bundle is None or len(tile) != width * HASH:
                return
            leaves = [*parse_bundle(bundle), *[b""] * width]
            lines = (self._file(f"openings/{n:06}") or b"").split(b"\n") + [b""] * width
            for place in range(width):
                hashed = tile[place * HASH : place * HASH + HASH]
                try:
                    self._entry(n * FULL + place, leaves[place], hashed, lines[place])
                except Refused as error:
                    self.say("tampering", f"entry {n * FULL + place}", str(error))
                yield hashed

    def _entry(self, index: int, leaf: bytes, hashed: bytes, line: bytes) -> None:
        """Judge one entry: its bytes, its time, and what opens its two commitments."""
        must(leaf, "the tree holds its hash, and the entry itself is gone")
        if sha256(b"\x00" + leaf).digest() != hashed:
            raise Refused("its bytes are not those that the tree holds the hash of")
        found = LEAF.fullmatch(leaf)
        if found is None:
            said = "of a format that this program is too old for"
            return self.say("incomplete", f"entry {index}", said)
        entry = found[1].decode()
        key = int(entry.replace("-", ""), 16)
        if entry in self.promises:
            self.places[entry] = (index, hashed)
        if key in self.whole:
            raise Refused(f"{entry} has a place in the log already")
        self.whole[key] = False
        if self.bounds:
            self._judge_time(index, (key >> 80) // 1000)
        if self.level != LEVELS[0]:
            self._judge_opening(index, key, found, line)
        return None

    def _judge_time(self, index: int, at: int) -> None:
        """Warn of an entry whose id names a time outside the cosigned checkpoints around it."""
        after = max((when for size, when in self.bounds if size <= index), default=0)
        before = min((when for size, when in self.bounds if size > index), default=at)
        if not after - LONGEST_WAIT <= at <= before + CLOCKS_DIFFER:
            said = f"it says {datetime.fromtimestamp(at, UTC)}, which its witnesses deny"
            self.say("warning", f"entry {index}", said)

    def _judge_opening(self, index: int, key: int, leaf: re.Match[bytes], line: bytes) -> None:
        """Open both commitments: a line is JSON, the facts, and who it is about unless erased."""
        try:
            filed, facts, *about = line.split(b"\t")
            said, _ = READ(filed.decode())
            if not commits(leaf[3], said["facts_salt"], facts):
                raise Refused("its facts are not those that it was written with")
            outcome = said["outcome"]
            if f'"outcome":"{outcome}"'.encode() not in facts and b'"outcome":' in facts:
                raise Refused(f"filed as {outcome}, not so its facts")
            if leaf[2] in TELLING:
                self._learn(index, leaf[2].decode(), json.loads(facts))
            if self.level == LEVELS[2]:
                self.whole[key] = bool(about) or said["salt"] is not None
                if not about:
                    self.gone[key] = index
                elif not commits(leaf[4], said["salt"] or "", about[0]):
                    raise Refused("its personal half is not the one that it was written with")
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("what opens it is not there, or cannot be read") from error

    def _learn(self, index: int | None, kind: str, told: dict[str, Any]) -> None:
        """Remember what an entry says of others, and tell what it says of the log itself.

        Their facts: erasure and retention `{"erased": [id]}`, and of a whole month of entries
        `{"from": id, "before": id}`; key `{"act", "key", "vkey"}`, restore `{"reason"}`.
        """
        if kind in {"erasure", "retention"}:
            self.erased |= dict.fromkeys((UUID(one).int for one in told["erased"]), index)
            if "before" in told:
                self.months.append((UUID(told["from"]).int, UUID(told["before"]).int, index))
        elif kind == "key" and index is not None:
            self.keys.append((index, told["vkey"]))
            self.say("note", f"entry {index}", f"a key is {told['act']}: {told['vkey']}")
        elif kind == "restore":
            self.say("warning", f"entry {index}", f"the log was restored: {told['reason']}")

    def _judge_refused(self, refused: str, stored: Sequence[Head]) -> None:
        """Tell a forged checkpoint from one under a key that is newer than the policy."""
        for index, vkey in self.keys:
            for one in stored:
                try:
                    must(one.size > index, "older than the key")
                    self.trust.accept(one.raw)
                except Refused:
                    continue
                said = f"{refused}; since entry {index} there is {vkey}: ask, and trust it"
                return self.say("incomplete", "checkpoint", said)
        return self.say("tampering", "checkpoint", refused)

    def _judge_tiles(self, tree: Tree) -> None:
        for level, row in tree.rows.items():
            for n in range(-(-len(row) // FULL)):
                held = row[n * FULL : n * FULL + FULL]
                path = tile_path(level, n, len(held))
                if self._file(path) != b"".join(held):
                    self.say("tampering", path, "it does not hold the hashes of its tree")

    def _judge_promises(self) -> None:
        for entry, promises in self.promises.items():
            if len({one.leaf_hash for one in promises}) > 1:
                said = "two receipts promise different entries under one id"
                self.say("tampering", entry, said, *(one.raw for one in promises))
            index, hashed = self.places.get(entry, (None, None))
            for one in promises:
                if index is None and self.at > one.by:
                    said = f"it was promised a place by {one.by}, and has none"
                    self.say("tampering", entry, said, one.raw)
                elif index is None:
                    said = f"it has no place yet; one is promised by {one.by}"
                    self.say("incomplete", entry, said)
                elif hashed != one.leaf_hash:
                    said = f"{entry} is not what its receipt promises"
                    self.say("tampering", f"entry {index}", said, one.raw)

    def _judge_gone(self) -> None:
        """Ask of each personal half that is gone which entry says so, and of each entry's word."""
        for line in (self._file("pending") or b"").splitlines():
            said = json.loads(line)
            kind, told = json.loads(said["leaf"])["kind"], json.loads(unbase64(said["facts"]))
            self._learn(None, kind, told)
        for key, index in self.gone.items():
            within = (by for first, before, by in self.months if first <= key < before)
            by = self.erased[key] if key in self.erased else next(within, -1)
            if by is None:
                said = "its personal half was erased by an entry that still waits for its place"
                self.say("incomplete", f"entry {index}", said)
            elif by < 0:
                said = "its personal half is gone, and no entry says that it was erased"
                self.say("tampering", f"entry {index}", said)
            else:
                self.say("note", f"entry {index}", f"its personal half was erased by entry {by}")
        self._judge_kept()

    def _judge_kept(self) -> None:
        """Hold against each erasure what is still there of those that it says it erased."""
        # Of one that still waits the entries may have been read before it erased them.
        said: list[tuple[int, int | None]] = [
            (key, by) for key, by in self.erased.items() if by is not None
        ]
        months = [month for month in self.months if month[2] is not None]
        for key, there in self.whole.items() if months else ():
            said += [(key, by) for first, before, by in months if there and first <= key < before]
        for key, by in said:
            if self.whole.get(key):
                told = f"{UUID(int=key)} was erased, it says, and something of it is there"
                self.say("tampering", f"entry {by}", told)


def main(arguments: Sequence[str], write: Callable[[str], object] = sys.stdout.write) -> int:
    """Check what the arguments name, write a line for each finding, and return the exit code."""
    parser = argparse.ArgumentParser(prog="log verify", description=str(__doc__).split("\n")[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--policy", "--trust", type=Path, required=True)
    parser.add_argument("--previous", "--checkpoint", type=Path, action="append", default=[])
    parser.add_argument("--receipts", "--receipt", type=Path, action="append", default=[])
    parser.add_argument("--evidence", type=Path, help="where to put notes that contradict")
    given = parser.parse_args(arguments)
    reading = given.policy
    try:
        trust = Trust(reading.read_bytes())
        with tarfile.open(reading := given.export, "r:") as tar:
            audit = Audit(trust, tar, write)
            for reading in given.previous:
                audit.known.append(trust.accept(reading.read_bytes()))
            folders = (sorted(one.iterdir()) if one.is_dir() else [one] for one in given.receipts)
            for reading in chain.from_iterable(folders):
                entry, promise = trust.accept_receipt(reading.read_bytes())
                audit.promises.setdefault(entry, []).append(promise)
            reading = given.export
            code = audit.run()
    except (Refused, OSError, ValueError, KeyError, TypeError, tarfile.TarError) as error:
        write(f"incomplete: {reading}: {error}\ncannot be judged: it was not read to its end\n")
        return 2
    if given.evidence and audit.evidence:
        given.evidence.write_bytes(b"\n".join(dict.fromkeys(audit.evidence)))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
