"""The words for what comes in and goes out: imports, refusals, and pairs that may be one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from directory.terms.agencies import DirectoryError
from directory.terms.records import Document, RecordKind

MOST_IN_A_BATCH: Final = 500
"""Rows that one transaction takes in."""
LONGEST_ROW: Final = 1024 * 1024
"""Bytes of one row: a record of more is no record but a mistake."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record as its source sent it; `place` names the line, or the file and row, it stood at.

    A service may hold the records that it speaks of. `source` and `licence` are the record's own:
    None where the source does not speak of them, empty where it says that there is none.
    """

    place: str
    kind: RecordKind
    document: Document
    source: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What was wrong at a place: the row was refused, or else only flagged and is on file."""

    place: str
    pointer: str
    detail: str
    refused: bool


Taken = SourceRow | Note
"""What a reader finds at a place: a row, or why there is none."""


class SourceRefused(DirectoryError):
    """A source of which nothing can be read; its text says what and where, and what to do."""

    advice = "{code}"


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is imported, on whose behalf; `fingerprint` tells this source from every other.

    `agency` limits an import to what that agency may change; None is an operator, who may all.
    """

    source: str
    fingerprint: str
    author: str
    source_name: str | None = None
    licence: str | None = None
    owner: str | None = None
    agency: str | None = None


@dataclass(slots=True)
class Tally:
    """What was done so far; `records` counts by outcome and kind, `quality` sums the scores."""

    rows: int = 0
    refused: int = 0
    flagged: int = 0
    notes: int = 0
    batches: int = 0
    services: int = 0
    quality: float = 0.0
    records: dict[str, dict[str, int]] = field(default_factory=dict)

    def counted(self, outcome: str, kind: RecordKind, how_many: int = 1) -> None:
        """Count records of a kind for an outcome."""
        of_outcome = self.records.setdefault(outcome, {})
        of_outcome[kind.value] = of_outcome.get(kind.value, 0) + how_many


@dataclass(slots=True)
class Seen:
    """What an import has named so far: a few bytes of each record, to tell it from others."""

    digests: dict[tuple[RecordKind, str], bytes] = field(default_factory=dict)

    def packed(self, keys: Iterable[tuple[RecordKind, str]]) -> bytes:
        """Return these of them as they are kept with a batch."""
        return b"".join(
            bytes([_KINDS.index(kind)]) + UUID(one).bytes + self.digests[kind, one]
            for kind, one in keys
        )

    def unpack(self, packed: bytes) -> None:
        """Add what `packed` returned."""
        for at in range(0, len(packed), _PACKED):
            one = packed[at : at + _PACKED]
            self.digests[_KINDS[one[0]], str(UUID(bytes=one[1:17]))] = one[17:]


_KINDS: Final = tuple(RecordKind)
_PACKED: Final = 25


class ImportFailure(StrEnum):
    """Why an import ended before its last row."""

    GIVEN_UP = "given_up"
    SUPERSEDED = "superseded"


@dataclass(slots=True)
class Import:
    """An import as it stands; it has ended when `ended_at` is said, well unless `failure` is."""

    id: UUID
    plan: ImportPlan
    begun_at: datetime
    tally: Tally
    ended_at: datetime | None = None
    rows_expected: int | None = None
    failure: ImportFailure | None = None


class UnknownImport(DirectoryError):
    """No import has this id, or none of this agency."""

    advice = "Nothing here has this id. Check the id that the upload was answered with."


class Verdict(StrEnum):
    """What somebody decided of a pair."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two services that may be one, and why: words for people, what weighs most first."""

    one: UUID
    other: UUID
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A pair on file, with what was decided of it, if anything."""

    id: UUID
    pair: Pair
    found_at: datetime
    decided_at: datetime | None = None
    decision: Verdict | None = None
    note: str | None = None


class UnknownDuplicate(DirectoryError):
    """No pair has this id, or none of which this caller may see both."""

    advice = "Nothing here has this id. List the pairs again."


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from, and on what terms."""

    source: str | None = None
    licence: str | None = None
