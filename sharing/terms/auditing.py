"""What an entry of the log is made into, for programs that keep other systems' audit trails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Person:
    """The half of an entry that can be erased, as far as it still is there."""

    about: Mapping[str, Any] | None
    erased_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the log; `person` is None where whoever reads may not learn whom it is about."""

    id: UUID
    at: datetime
    kind: str
    recipient: str
    source: str | None
    outcome: str
    facts: Mapping[str, Any]
    person: Person | None
