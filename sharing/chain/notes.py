"""Signed notes (C2SP signed-note): text, and who vouches for it.

A note is opaque bytes from end to end: joining and splitting lines of text loses final newlines and
with them the signature. Nothing of a text may be believed before `verify` has returned.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sharing.chain.encoding import (
    checked_number,
    read_base64,
    read_text,
    write_base64,
    write_text,
)
from sharing.chain.errors import MalformedError, UnprovenError

LARGEST_NOTE: Final = 1_000_000
MOST_SIGNATURES: Final = 100
_KEY_ID_SIZE: Final = 4
_ED25519_KEY_SIZE: Final = 32
_STAMP_SIZE: Final = 8
_DASH: Final = "\N{EM DASH} "


class KeyKind(IntEnum):
    """How a key signs: the signature type identifier byte."""

    NOTE = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key of 32 bytes, the name it signs under and how it signs."""

    name: str
    public: bytes
    kind: KeyKind = KeyKind.NOTE

    def __post_init__(self) -> None:
        checked_name(self.name)
        if len(self.public) != _ED25519_KEY_SIZE:
            raise MalformedError("an Ed25519 key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes that, with the name, say which key signed."""
        what = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(what).digest()[:_KEY_ID_SIZE]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name it signs under."""

    name: str
    private: Ed25519PrivateKey

    def verifier(self, kind: KeyKind = KeyKind.NOTE) -> VerifierKey:
        """Return the key by which others check what this signer signs."""
        return _verifier_of(self, kind)


@lru_cache(maxsize=16)
def _verifier_of(signer: Signer, kind: KeyKind) -> VerifierKey:
    """Derive a signer's public half once: at each receipt it took as long as signing."""
    return VerifierKey(signer.name, signer.private.public_key().public_bytes_raw(), kind)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name and id of a key, and the bytes it made."""

    name: str
    key_id: bytes
    made: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and its signature lines in order."""

    text: bytes
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Vouched:
    """A key whose signature holds; for a cosignature the POSIX time it states."""

    key: VerifierKey
    at: int | None


def checked_name(name: str) -> str:
    """Return the name, which is one that a key can have."""
    if "+" in name or name.split() != [name]:
        raise MalformedError("a key name is empty or holds a space or a plus sign")
    write_text(name)
    return name


def format_vkey(key: VerifierKey) -> str:
    """Return a key as its owner publishes it."""
    return f"{key.name}+{key.key_id.hex()}+{write_base64(bytes([key.kind]) + key.public)}"


def parse_vkey(vkey: str) -> VerifierKey:
    """Return the key that has exactly this published form."""
    name, _, rest = write_text(vkey).partition(b"+")
    _, _, coded = rest.partition(b"+")
    raw = read_base64(coded)
    if raw[:1] not in {bytes([kind]) for kind in KeyKind}:
        raise MalformedError("a key of an unknown kind")
    key = VerifierKey(name.decode(), raw[1:], KeyKind(raw[0]))
    if format_vkey(key) != vkey:
        raise MalformedError("the id of a key does not belong to it")
    return key


def sign(text: bytes, signer: Signer) -> Signature:
    """Return a signature over a text."""
    _check_text(text)
    key = signer.verifier()
    return Signature(key.name, key.key_id, signer.private.sign(text))


def stamp(text: bytes, signer: Signer, at: int) -> Signature:
    """Return a timed signature as C2SP tlog-cosignature defines it; `at` is POSIX seconds.

    It speaks of checkpoints only: `checkpoints.cosign` is the way to make one.
    """
    _check_text(text)
    key = signer.verifier(KeyKind.COSIGNATURE)
    stamped = struct.pack(">Q", checked_number(at))
    return Signature(key.name, key.key_id, stamped + signer.private.sign(_stamped(text, at)))


def signature_line(signature: Signature) -> bytes:
    """Return a signature as it stands below a note, its newline included."""
    made = write_base64(signature.key_id + signature.made)
    return f"{_DASH}{checked_name(signature.name)} {made}\n".encode()


def format_note(note: Note) -> bytes:
    """Return the bytes of a signed note."""
    lines = [signature_line(one) for one in note.signatures]
    raw = b"\n".join((note.text, b"".join(lines)))
    if parse_note(raw) != note:
        raise MalformedError("a note would not be read as it was meant")
    return raw


def parse_note(raw: bytes) -> Note:
    """Return the note that has exactly these bytes, none of its signatures checked."""
    if len(raw) > LARGEST_NOTE:
        raise MalformedError("a note is too large")
    read_text(raw)
    # The text may hold empty lines itself, so the last one parts it from the signatures.
    body, parted, tail = raw.rpartition(b"\n\n")
    lines = tail.split(b"\n")
    if not parted or lines.pop():
        raise MalformedError("a note has no signatures, or breaks off")
    if not 1 <= len(lines) <= MOST_SIGNATURES:
        raise MalformedError("a note carries 1 to 100 signatures")
    return Note(body + b"\n", tuple(_parse_line(line) for line in lines))


def verify(note: Note, keys: Iterable[VerifierKey]) -> tuple[Vouched, ...]:
    """Return those of the keys that signed, in the order of their lines: one at least.

    Lines of other keys do not count, whatever they hold. A line of a known key that does not hold,
    or a second one of the same key, spoils the note.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise UnprovenError("two keys have one name and one id")
    vouched: list[Vouched] = []
    for line in note.signatures:
        signed_by = known.get((line.name, line.key_id))
        if signed_by is None:
            continue
        if any(other.key == signed_by for other in vouched):
            raise UnprovenError("a key signed twice")
        vouched.append(Vouched(signed_by, _check_signature(note.text, line.made, signed_by)))
    if not vouched:
        raise UnprovenError("no known key signed")
    return tuple(vouched)


def _check_signature(text: bytes, made: bytes, key: VerifierKey) -> int | None:
    """Return the time a signature states, None where its kind states none."""
    at = None
    if key.kind is KeyKind.COSIGNATURE:
        # A signature cut short leaves nothing for Ed25519 to accept.
        at = checked_number(int.from_bytes(made[:_STAMP_SIZE], "big"))
        made, text = made[_STAMP_SIZE:], _stamped(text, at)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(made, text)
    except InvalidSignature as error:
        raise UnprovenError("the signature of a known key does not hold") from error
    return at


def _stamped(text: bytes, at: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % at + text


def _check_text(text: bytes) -> None:
    if not text.endswith(b"\n"):
        raise MalformedError("the text of a note ends in a newline")
    read_text(text)


def _parse_line(line: bytes) -> Signature:
    dash = _DASH.encode()
    name, parted, coded = line.removeprefix(dash).partition(b" ")
    if not line.startswith(dash) or not parted:
        raise MalformedError("not a signature line")
    raw = read_base64(coded)
    if len(raw) <= _KEY_ID_SIZE:
        raise MalformedError("a signature line without a signature")
    return Signature(checked_name(name.decode()), raw[:_KEY_ID_SIZE], raw[_KEY_ID_SIZE:])
