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
HEAD = re.compile(rb"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")
LEAF = re.compile(
    rb'\{"v":1,"id":"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})",'
    rb'"kind":"([a-z]+)",'
    rb'"facts":"([^"]{44})","subject":"([^"]{44})"\}'
)
SIGNED = re.compile("\N{EM DASH} ([^ +]+) ([A-Za-z0-9+/=]+)".encode())
TELLING = {b"erasure", b"retention", b"key", b"restore"}  # entries that speak of the log itself
SERVICE, NO_AGENCY = "(service)", {"*", "(unknown)"}
HANDING = {"step_up", "step_down", "notice_sent"}  # of these a refusal is the source's own
TRUSTED = {"origin", "log_keys", "receipt_keys", "witnesses", "quorum", "openings", "formerly"}
# What reading something odd may raise: it becomes a finding, and never ends the audit.
ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Refused(Exception):
    """Something is not what it must be; the message says what."""


def must(holds: object, otherwise: str) -> None:
    """Raise `Refused` with this message unless it holds."""
    if not holds:
        raise Refused(otherwise)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object, of which two readers cannot take two meanings."""
    said = dict(pairs)
    must(len(said) == len(pairs), "a name stands twice")
    return said


def no_number(said: str) -> None:
    """Refuse what Python takes for a number and JSON does not."""
    raise Refused(f"{said} is no number")


READ = json.JSONDecoder(object_pairs_hook=once, parse_constant=no_number).decode
READ_COMMITTED = json.JSONDecoder().raw_decode  # a leaf stands for every byte: the fast way will do


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
    """What a checkpoint says, its root in base64, and when (POSIX seconds) it was cosigned."""

    origin: str
    size: int
    root: bytes
    raw: bytes
    cosigned: tuple[int, ...] = ()


class Promise(NamedTuple):
    """A receipt: that a leaf will be in the tree by an instant; given at one before."""

    leaf_hash: bytes
    at: datetime
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
    """Return what a checkpoint says, nothing of it believed: nothing, if it is none."""
    found = HEAD.match(raw)
    if found is None:
        return Head("", 0, b"", raw)
    return Head(found[1].decode("utf-8", "replace"), int(found[2]), found[3], raw)


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


def seconds(at: str | int | None) -> int | None:
    """Return an instant of RFC 3339 in POSIX seconds; sizes stay what they are."""
    return int(datetime.fromisoformat(at).timestamp()) if isinstance(at, str) else at


class Trust:
    """Whom you trust: the keys of one log, of its receipts and of its witnesses.

    `{"origin", "log_keys": [{"vkey", "from", "to"}], "receipt_keys": [{"vkey", "from", "to"}],
    "witnesses": [vkey], "quorum", "openings", "formerly": [the same]}`: from and to are sizes, for
    receipts instants; a log that was restored was called otherwise before.
    """

    def __init__(self, said: dict[str, Any]) -> None:
        must(said.keys() <= TRUSTED, f"a policy says nothing of {sorted(said.keys() - TRUSTED)}")
        self.origin, self.quorum = said["origin"], said.get("quorum", 0)
        self.log, self.receipts = (
            [parse_key(k["vkey"], seconds(k.get("from")), seconds(k.get("to"))) for k in said[kind]]
            for kind in ("log_keys", "receipt_keys")
        )
        self.vkeys = {k["vkey"] for k in (*said["log_keys"], *said["receipt_keys"])}
        self.witnesses = [parse_key(vkey) for vkey in said.get("witnesses", [])]
        self.openings = said.get("openings", LEVELS[0])
        before = [Trust(one) for one in said.get("formerly", [])]
        self.logs = {one.origin: one for one in (*before, self)}
        there = range(len(self.witnesses) + 1)
        must(self.quorum in there, "more witnesses must sign than there are")
        must(self.openings in LEVELS, f"openings are one of: {', '.join(LEVELS)}")

    def accept(self, raw: bytes) -> Head:
        """Return a checkpoint that the log signed under one of its names, and who cosigned it."""
        said = parse_checkpoint(raw)
        must(said.origin, "not a checkpoint")
        must(said.origin in self.logs, f"it is of another log, {said.origin!r}")
        keys = self.logs[said.origin].log
        _, signed = open_note(raw, (*keys, *self.witnesses))
        own = [key for key in signed if key in keys and key.name == said.origin]
        must(own, "no key that you trust signed it")
        in_force = any(key.first <= said.size <= key.last for key in own)
        must(in_force, f"its key is not one that you trust at size {said.size}")
        cosigned = {key.name: at for key, at in signed.items() if at is not None}
        return said._replace(cosigned=tuple(cosigned.values()))

    def accept_receipt(self, raw: bytes) -> tuple[str, Promise]:
        """Return the entry that a receipt is for, and what it promises."""
        title = raw.partition(b"\n")[0].decode("utf-8", "replace")
        origin = title.removesuffix(" receipt v1")
        must(origin != title and origin in self.logs, "not a receipt of this log")
        text, signed = open_note(raw, self.logs[origin].receipts)
        _, entry, leaf_hash, at, by, _ = text.decode().split("\n")
        in_force = any(key.first <= (seconds(at) or 0) <= key.last for key in signed)
        must(in_force, "no key that you trust signed it")
        given, by_then = datetime.fromisoformat(at), datetime.fromisoformat(by)
        return entry, Promise(unbase64(leaf_hash), given, by_then, raw)


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
    raw = a2b_base64(salt)
    made = sha256(b"\x02" + raw + content).digest()
    # With a salt of any length, some of the content could be passed off as salt, or the reverse.
    return len(raw) == HASH and b2a_base64(made, newline=False) == commitment


def is_about(personal: bytes, subject: str | None) -> bool:
    """Say whether a personal half names this subject; it may name none, as one nobody knew."""
    named = b'"subject":"' in personal
    return not named or (subject is not None and f'"subject":"{subject}"'.encode() in personal)


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
        self.members: dict[str, tarfile.TarInfo] = {}
        self.known: list[Head] = []
        self.promises: dict[str, list[Promise]] = {}
        self.at = self.restored = datetime.fromtimestamp(0, UTC)
        self.level = LEVELS[0]
        self.hashes: dict[str, str] = {}
        self.read, self.found, self.evidence = set[str](), set[str](), list[bytes]()
        self.whole: dict[int, bool] = {}  # each entry by id: is anything of its person there?
        self.places: dict[str, tuple[int, bytes]] = {}
        self.bounds: list[tuple[int, int]] = []
        self.gone: dict[int, int] = {}  # by id: the place of an entry whose person is not there
        self.erased: dict[int, int | None] = {}  # by id: the place of the entry that erased it
        self.months: list[tuple[int, int, int | None]] = []  # ids from, ids before, erased by
        self.refused: list[tuple[str, Head, str]] = []
        self.keys: list[tuple[int, str]] = []
        self.names = {trust.origin}  # what the log says that it was called

    def say(self, what: str, where: str, said: str, *evidence: bytes) -> None:
        """Write a finding: tampering, incomplete, warning or note; keep what contradicts."""
        self.found.add(what)
        self.evidence += evidence
        line = f"{what}: {where}: {said}"
        # Nothing that an export says can pass for a second line.
        self.write("".join(one if one.isprintable() else "?" for one in line) + "\n")

    @property
    def code(self) -> int:
        """What the findings come to."""
        return 1 if "tampering" in self.found else 2 if "incomplete" in self.found else 0

    def run(self) -> None:
        """Check everything there is."""
        self._open_manifest()
        head, *stored = self._heads()
        if len(head.cosigned) < self.trust.quorum:
            said = f"{len(head.cosigned)} witnesses cosigned it, you want {self.trust.quorum}"
            self.say("incomplete", "checkpoint", said)
        tree = self._walk(head, [head, *self.known, *stored])
        self._judge_refused()
        self._judge_tiles(tree)
        self._judge_promises()
        self._judge_gone()
        for path in sorted(self.hashes.keys() - self.read):
            self.say("tampering", path, "it has no place in the export of such a log")
        if LEVELS.index(self.level) < LEVELS.index(self.trust.openings):
            self.say("incomplete", "openings", f"{self.level}, you want {self.trust.openings}")
        self.write(
            f"{('sound', 'tampered with', 'cannot be judged')[self.code]}: {tree.size} entries of "
            f"{self.trust.origin}; openings: {self.level}; {len(stored)} checkpoints of the log and"
            f" {len(self.known)} of yours; {sum(map(len, self.promises.values()))} receipts; "
            f"{len(head.cosigned)} witnesses\n"
        )

    def _read(self, path: str) -> bytes | None:
        there = path in self.members and self.members[path].isreg()
        held = self.tar.extractfile(self.members[path]) if there else None
        return None if held is None else held.read()

    def _file(self, path: str) -> bytes | None:
        raw = self._read(path)
        self.read.add(path)
        if raw is None:
            self.say("incomplete", path, "it is not there")
        elif self.hashes.get(path) != sha256(raw).hexdigest():
            self.say("tampering", path, "changed after the export was signed")
        return raw

    def _open_manifest(self) -> None:
        """Learn what the export holds, when it was made and who says so."""
        files = [one for one in self.tar if not one.isdir()]
        self.members = {one.name: one for one in files}
        twice = {one.name for one in files if self.members[one.name] is not one}
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
        rows = [line.split("  ", 1) for line in listing.decode().splitlines()]
        self.hashes = {path: digest for digest, path in rows}
        must(len(self.hashes) == len(rows), "MANIFEST lists a file twice")
        put_in = self.members.keys() - self.hashes.keys() - {"MANIFEST", "manifest.note"}
        for path in sorted(twice | put_in):
            self.say("tampering", path, "put in after the export was signed")

    def _heads(self) -> Iterator[Head]:
        """Yield the newest checkpoint and those of the past, whoever signed them."""
        head = self._accept("checkpoint", self._file("checkpoint") or b"")
        yield head
        # What the log signed once is among them: the newest, and those that you kept.
        missing = {(one.size, one.root): one for one in (head, *self.known)}
        last = -1
        for n in range(sum(path.startswith("checkpoints/") for path in self.hashes)):
            path = f"checkpoints/{n:06}"
            for line in (self._file(path) or b"").splitlines():
                try:
                    one = self._accept(path, READ(line.decode())["note"].encode())
                    must(last < one.size, f"one of {one.size} entries comes after one of {last}")
                except (Refused, *ODD) as error:
                    self.say("tampering", path, str(error))
                    continue
                yield one
                last = one.size
                missing.pop((one.size, one.root), None)
        for one in missing.values():
            if one.size <= head.size:
                said = "the log signed this checkpoint, and has it no longer"
                self.say("tampering", f"size {one.size}", said, one.raw)

    def _accept(self, where: str, raw: bytes) -> Head:
        """Return a checkpoint; one that is refused is judged when the log has been read."""
        try:
            return self.trust.accept(raw)
        except Refused as error:
            self.refused.append((where, said := parse_checkpoint(raw), str(error)))
            return said

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
            if one.root == b64encode(tree.root()):
                agreed = tree.size
                continue
            said = f"not what was signed for when the log had {one.size}"
            where = f"entries {agreed} to {max(agreed, tree.size - 1)}"
            self.say("tampering", where, said, *(other.raw for other in heads))
        return agreed

    def _leaves(self, size: int) -> Iterator[bytes]:
        """Yield the hashes of the lowest tiles, each held against its entry."""
        for n in range(-(-size // FULL)):
            width = min(FULL, size - n * FULL)
            paths = tile_path(0, n, width), tile_path("entries", n, width), f"openings/{n:06}"
            tile, bundle, openings = map(self._file, paths)
            if tile is None or bundle is None:
                return
            leaves, lines = list(parse_bundle(bundle)), (openings or b"").split(b"\n")
            counts = len(tile) / HASH, len(leaves), len(lines) - 1
            for path, count in zip(paths, counts, strict=True):
                if count != width and (openings is not None or path != paths[2]):
                    self.say("tampering", path, f"it holds {count:g}, not {width}")
            leaves, lines = leaves + [b""] * width, lines + [b""] * width
            for place in range(int(min(width, counts[0]))):
                hashed = tile[place * HASH : place * HASH + HASH]
                try:
                    self._entry(n * FULL + place, leaves[place], hashed, lines[place])
                except (Refused, *ODD) as error:
                    self.say("tampering", f"entry {n * FULL + place}", str(error))
                yield hashed
            if counts[0] < width:
                return

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
        if found[2] == b"restore":  # what waited when it was written has its place before it
            self.restored = datetime.fromtimestamp((key >> 80) / 1000, UTC)
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
            first, facts, *about = line.split(b"\t")
            said = READ(first.decode())
            if not commits(leaf[3], said["facts_salt"], facts):
                raise Refused("its facts are not those that it was written with")
            told, _ = READ_COMMITTED(facts.decode())
            self._judge_filing(key, leaf, said, told)
            if leaf[2] in TELLING:
                self._learn(index, leaf[2].decode(), told)
            if self.level == LEVELS[2]:
                self.whole[key] = bool(about) or said["salt"] is not None
                if not about:
                    self.gone[key] = index
                elif len(about) > 1 or not commits(leaf[4], said["salt"] or "", about[0]):
                    raise Refused("its personal half is not the one that it was written with")
                elif not is_about(about[0], said["subject"]):
                    raise Refused("filed under a subject whom it is not about")
        except ODD as error:
            raise Refused(f"what opens it is not there, or cannot be read: {error}") from error

    def _judge_filing(
        self, key: int, leaf: re.Match[bytes], said: dict[str, Any], told: dict[str, Any]
    ) -> None:
        """Hold the columns by which an entry is looked for against its id and its facts."""
        agency, source = told.get("agency", SERVICE), told.get("source")
        outcome = told.get("outcome", said["outcome"])
        if outcome == "deny" and told.get("act") in HANDING:
            agency = source
        if leaf[2] != b"decision" or source in NO_AGENCY:
            source = None
        if (said["outcome"], said["recipient"], said["source"]) != (outcome, agency, source):
            columns = f"{said['outcome']}, {said['recipient']}, {said['source']}"
            raise Refused(f"filed as {columns}, not so its facts")
        at = int(datetime.fromisoformat(said["at"]).timestamp() * 1000)
        must(said["id"].encode() == leaf[1] and at == key >> 80, "filed under another id or time")

    def _learn(self, index: int | None, kind: str, told: dict[str, Any]) -> None:
        """Remember what an entry says of others, and tell what it says of the log itself.

        Their facts: erasure and retention `{"erased": [id]}`, and of a whole month of entries
        `{"from": id, "before": id}`; key `{"act", "key", "vkey"}`, restore `{"reason", "before"}`.
        What has a place in the log comes first: nothing that waits takes its word away.
        """
        if kind in {"erasure", "retention"}:
            for one in told["erased"]:
                self.erased.setdefault(UUID(one).int, index)
            if "before" in told:
                self.months.append((UUID(told["from"]).int, UUID(told["before"]).int, index))
        elif kind == "key" and index is not None:
            self.keys.append((index, told["vkey"]))
            what = "note" if told["vkey"] in self.trust.vkeys else "warning"
            self.say(what, f"entry {index}", f"a key is {told['act']}: {told['vkey']}")
        elif kind == "restore" and index is not None:
            self.names.add(told["before"]["origin"])
            self.say("warning", f"entry {index}", f"the log was restored: {told['reason']}")

    def _judge_refused(self) -> None:
        """Tell a forged checkpoint from one under a key, or a name, that is newer than the policy.

        Under an older name, of which the log itself speaks, its root has been compared.
        """
        asked = set[str]()
        for where, head, refused in self.refused:
            newer = [key for key in self.keys if self._has_signed(head, *key)]
            for index, vkey in newer[:1]:
                if vkey not in asked:
                    said = f"{refused}; since entry {index} there is {vkey}: ask, and trust it"
                    self.say("incomplete", where, said)
                asked.add(vkey)
            if not newer and (head.origin in self.trust.logs or head.origin not in self.names):
                self.say("tampering", where, f"{refused} (size {head.size})", head.raw)

    def _has_signed(self, head: Head, index: int, vkey: str) -> bool:
        try:
            signed = open_note(head.raw, [parse_key(vkey)])[1]
        except (Refused, *ODD):
            return False
        return bool(signed) and head.size > index and vkey not in self.trust.vkeys

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
                if index is None and (self.at > one.by or self.restored > one.at):
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
            try:
                said = READ(line.decode())
                kind, told = READ(said["leaf"])["kind"], READ(unbase64(said["facts"]).decode())
                self._learn(None, kind, told)
            except (Refused, *ODD) as error:
                self.say("tampering", "pending", f"cannot be read: {error}")
        for key, index in self.gone.items():
            within = (by for first, before, by in self.months if first <= key < before)
            by = self.erased[key] if key in self.erased else next(within, -1)
            if by is None:
                said = "its personal half was erased by an entry that still waits for its place"
                self.say("incomplete", f"entry {index}", said)
            elif by < 0:
                said = "its personal half is gone, and no entry says that it was erased"
                self.say("tampering", f"entry {index}", said)
            elif by < index:
                said = f"its personal half is gone, erased by entry {by}, which came before it"
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
    parser.add_argument("--policy", type=Path, required=True)
    parser.add_argument("--previous", type=Path, action="append", default=[])
    parser.add_argument("--receipts", type=Path, action="append", default=[])
    parser.add_argument("--evidence", type=Path, help="where to put notes that contradict")
    given = parser.parse_args(arguments)
    reading, code = given.policy, 2
    try:
        trust = Trust(READ(reading.read_text(encoding="utf-8")))
        with tarfile.open(reading := given.export, "r:") as tar:
            audit = Audit(trust, tar, write)
            for reading in given.previous:
                audit.known.append(trust.accept(reading.read_bytes()))
            folders = (sorted(one.iterdir()) if one.is_dir() else [one] for one in given.receipts)
            for reading in chain.from_iterable(folders):
                entry, promise = trust.accept_receipt(reading.read_bytes())
                audit.promises.setdefault(entry, []).append(promise)
            reading = given.export
            try:
                audit.run()
            finally:
                code = audit.code or code
        if (reading := given.evidence) and audit.evidence:
            reading.write_bytes(b"\n".join(dict.fromkeys(audit.evidence)))
    except (Refused, OSError, MemoryError, tarfile.TarError, *ODD) as error:
        said = str(error) if isinstance(error, (Refused, OSError, ValueError)) else repr(error)
        write(f"incomplete: {reading}: {said}\ncannot be judged: it was not read to its end\n")
        return code
    return audit.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
