"""The words for how complete a record is."""

from dataclasses import dataclass
from typing import Final

OPENING_TIMES: Final = "opening times"
COST: Final = "cost"
AGES: Final = "ages"
CONTACT: Final = "a contact that works"
COVERAGE: Final = "coverage"
TOPICS: Final = "topics"
ASSURANCE: Final = "assurance"
DESCRIPTION: Final = "description"
WEBSITE: Final = "website"
IDENTIFIER: Final = "a registered number"


@dataclass(frozen=True, slots=True)
class Quality:
    """How complete a record is, from 0 to 1, and what it lacks, the weightiest first."""

    score: float
    missing: tuple[str, ...]
