"""Receipts: the log's promise, given with the answer, that an entry will be in the tree by a time.

A receipt is signed by a key of its own, named `<origin>/receipt`, so that the processes that answer
requests never hold the key of the log. Its second line is no number: no reader of checkpoints can
take it for one. A promise not kept is evidence against the log.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sharing.chain.encoding import checked_hash, read_hash, read_text, write_base64, write_line
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.notes import VerifierKey, checked_name, parse_note, verify

_TITLE: Final = " receipt v1"
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which leaf was promised, when, and the latest time it will be in the tree."""

    origin: str
    entry: UUID
    leaf_hash: bytes
    at: datetime
    integrated_by: datetime


def receipt_key_name(origin: str) -> str:
    """Return the name under which a log's receipts are signed."""
    return f"{checked_name(origin)}/receipt"


def receipt_text(receipt: Receipt) -> bytes:
    """Return the text of a receipt, to be signed under `receipt_key_name`."""
    at, by = _write_instant(receipt.at), _write_instant(receipt.integrated_by)
    if by < at:
        raise MalformedError("a receipt promises the past")
    title, leaf_hash = checked_name(receipt.origin) + _TITLE, checked_hash(receipt.leaf_hash)
    lines = (title, str(receipt.entry), write_base64(leaf_hash), at, by)
    return b"".join(write_line(line) for line in lines)


def parse_receipt(text: bytes) -> Receipt:
    """Return the receipt that has exactly this text."""
    match read_text(text).split("\n"):
        case [title, entry, leaf, at, by, ""] if title.endswith(_TITLE):
            receipt = Receipt(
                title.removesuffix(_TITLE),
                _read_entry(entry),
                read_hash(leaf.encode()),
                _read_instant(at),
                _read_instant(by),
            )
        case _:
            raise MalformedError("not a receipt")
    if receipt_text(receipt) != text:
        raise MalformedError("not the one text of this receipt")
    return receipt


def open_receipt(raw: bytes, keys: Iterable[VerifierKey]) -> Receipt:
    """Return a receipt that one of its log's receipt keys signed."""
    note = parse_note(raw)
    vouched = verify(note, keys)
    receipt = parse_receipt(note.text)
    if not any(one.key.name == receipt_key_name(receipt.origin) for one in vouched):
        raise UnprovenError("the log itself did not sign this receipt")
    return receipt


def _write_instant(at: datetime) -> str:
    """Write RFC 3339 in UTC with microseconds, as the entry holds them."""
    if at.utcoffset() != timedelta(0):
        raise MalformedError("the times of a receipt are in UTC")
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_instant(text: str) -> datetime:
    if _INSTANT.fullmatch(text) is None:
        raise MalformedError("not an instant in UTC")
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError("no such instant") from error


def _read_entry(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise MalformedError("not the id of an entry") from error
