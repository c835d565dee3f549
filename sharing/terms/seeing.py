"""The words for what a family may know of who was told about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Veil(StrEnum):
    """By which rule a disclosure is kept from whoever asks, for good or for a while."""

    NOTHING_TOLD = "nothing_told"
    PROTECTED_PERSON = "protected_person"
    SENSITIVE_SERVICE = "sensitive_service"
    POLICE_ENQUIRY = "police_enquiry"
    SAFEGUARDING_ENQUIRY = "safeguarding_enquiry"


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosure as the log holds it: `facts` name codes, and nobody."""

    id: UUID
    at: datetime
    recipient: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A disclosure in plain words, for those whom it is about."""

    id: UUID
    at: datetime
    recipient: str
    sources: tuple[str, ...]
    purpose: str
    categories: tuple[str, ...]
    why: str
    agreements: tuple[str, ...]
