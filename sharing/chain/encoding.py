"""Numbers, base64, hashes and lines as the C2SP formats write them, each in its one spelling.

A second spelling would let two readers of one proof disagree about what it says: it is refused.
"""

import base64
import re

from sharing.chain.errors import MalformedError

HASH_SIZE = 32
# The formats leave sizes open; implementations in use hold them in signed 64 bits.
LARGEST = 2**63 - 1
_DECIMAL = re.compile(rb"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")


def checked_number(number: int) -> int:
    """Return the number, which is one that a log can count to."""
    if not 0 <= number <= LARGEST:
        raise MalformedError("a number is out of range")
    return number


def read_number(text: bytes) -> int:
    """Return the number written in ASCII digits without sign, space or leading zero."""
    # `int` alone would take "-1", "1_000", " 7" and the digits of other scripts.
    if _DECIMAL.fullmatch(text) is None:
        raise MalformedError("not a decimal number")
    return checked_number(int(text))


def write_base64(raw: bytes) -> str:
    """Return the bytes in the standard alphabet with padding (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode("ascii")


def read_base64(text: bytes) -> bytes:
    """Return the bytes that have exactly this text as their standard base64."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedError("not standard base64") from error
    # The decoder passes over stray bits before the padding.
    if base64.b64encode(raw) != text:
        raise MalformedError("not the one spelling of these bytes in base64")
    return raw


def checked_hash(raw: bytes) -> bytes:
    """Return the bytes, which have the length of a SHA-256 hash."""
    if len(raw) != HASH_SIZE:
        raise MalformedError("a hash has 32 bytes")
    return raw


def read_hash(text: bytes) -> bytes:
    """Return the 32 bytes written in base64."""
    return checked_hash(read_base64(text))


def read_text(raw: bytes) -> str:
    """Return UTF-8 text that holds no control character but the newline."""
    if _CONTROL.search(raw) is not None:
        raise MalformedError("text holds a control character")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedError("text is not UTF-8") from error


def write_text(text: str) -> bytes:
    """Return the UTF-8 bytes of text that holds no control character but the newline."""
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise MalformedError("text cannot be written in UTF-8") from error
    read_text(raw)
    return raw


def write_line(text: str) -> bytes:
    """Return the UTF-8 bytes of one line, which is not empty, with its newline."""
    if not text or "\n" in text:
        raise MalformedError("a line is empty or holds a newline")
    return write_text(text) + b"\n"
