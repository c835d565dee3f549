"""An export of the log: a tar that anyone with the log's public keys can check, far from here.

It is made in the order of its files, so that none of it is ever held whole. Last comes a list of
their hashes as `sha256sum` writes it, and a note by which the log's receipt key stands for that
list: `<origin> export v2`, the instant, which openings it holds, and the hash of the list.
"""

import hashlib
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from sharing.actions.log import Line, append_entry
from sharing.chain.encoding import write_base64
from sharing.chain.leaves import EntryKind
from sharing.chain.notes import Note, Signer, format_note, sign
from sharing.queries.exporting import Member
from sharing.terms.exporting import Openings

SERVICE: Final = "(service)"
"""Whom an entry concerns that no agency asked for: what operators and the service itself did."""
EXPORTED: Final = "export"
NO_MORE: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who takes the log out: an agency's client, a person, or an operator at the command line.

    A person's name is not among the facts, which are kept for ever.
    """

    agency: str = SERVICE
    client: str | None = "operator"
    person: str | None = None

    @property
    def name(self) -> str:
        """By which name they go here."""
        return self.person or self.client or ""

    def facts(self) -> dict[str, Any]:
        """Return what an entry says of them for ever."""
        return {
            "agency": self.agency,
            "client": self.client,
            "by_a_person": self.person is not None,
        }

    def about(self) -> dict[str, Any]:
        """Return what an entry says of them until it is erased."""
        return {} if self.person is None else {"person": self.person}


def log_export(
    session: Session,
    reader: Reader,
    openings: Openings,
    at: datetime,
    *,
    more: Mapping[str, Any] = NO_MORE,
) -> None:
    """Write the entry that says that the log was taken out; the session speaks for the reader.

    `more` are facts of what was taken: its form, its stretch of time, and the request that a second
    person approved. An operator at the command line holds the database and its keys: there is none.
    """
    facts = reader.facts() | {
        "act": EXPORTED,
        "openings": openings.value,
        "outcome": EXPORTED,
    }
    line = Line(reader.agency, None, EXPORTED, facts | dict(more), reader.about())
    append_entry(session, line, at, EntryKind.READING)


def as_tar(
    files: Iterable[Member], origin: str, openings: Openings, signer: Signer, at: datetime
) -> Iterator[bytes]:
    """Yield the bytes of a tar of these files, their list, and the note that stands for it."""
    listed = []
    for one in files:
        listed.append(f"{hashlib.sha256(one.content).hexdigest()}  {one.path}\n")
        yield _packed(one, at)
    listing = "".join(listed).encode()
    yield _packed(Member("MANIFEST", listing), at)
    yield _packed(Member("manifest.note", _note(listing, origin, openings, signer, at)), at)
    yield b"\0" * 2 * tarfile.BLOCKSIZE


def _note(listing: bytes, origin: str, openings: Openings, signer: Signer, at: datetime) -> bytes:
    digest = write_base64(hashlib.sha256(listing).digest())
    said = "\n".join((f"{origin} export v2", at.isoformat(), openings.value, digest, "")).encode()
    return format_note(Note(said, (sign(said, signer),)))


def _packed(member: Member, at: datetime) -> bytes:
    """Return a file as it stands in a tar: its header, and its content in whole blocks."""
    header = tarfile.TarInfo(member.path)
    header.size = len(member.content)
    header.mtime = int(at.timestamp())
    blocks = -(-header.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
    return header.tobuf(tarfile.PAX_FORMAT) + member.content.ljust(blocks, b"\0")
