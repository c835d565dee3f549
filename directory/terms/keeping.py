"""The words for who changes the directory, and for what each entry has been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from directory.terms.agencies import DirectoryError
from directory.terms.editing import Change


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the id of a client or person, and their agency."""

    id: str
    agency: str | None


OPERATOR: Final = Actor("operator", None)
"""Whoever runs the service, by its command line: no program or person has no agency."""


class EntryKind(StrEnum):
    """What is changed in place, so that what it was before is written down beside it."""

    CONTACT_POINT = "contact_point"
    AREA = "area"
    COVERAGE = "coverage"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """What an entry was from an instant, who made it so, and how that differs from before.

    `author` is None for what stood before changes were written down. `document` is None where it
    is kept from whoever reads; `changes` then are too.
    """

    number: int
    at: datetime
    author: str | None
    agency: str | None
    document: Mapping[str, Any] | None
    changes: tuple[Change, ...] | None


class KeepsAlready(DirectoryError):
    """The agency keeps the directory for all at that instant."""

    advice = "The agency {code} keeps the directory already. Nothing more needs doing."


class KeepsNot(DirectoryError):
    """The agency does not keep the directory for all."""

    advice = "The agency {code} does not keep the directory. Nothing needs doing."
