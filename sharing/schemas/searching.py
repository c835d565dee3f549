"""Filters of the log on the wire. What names a person comes in a body, never in a URL."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from marshmallow import post_load

from app.kernel.paging import PageBodySchema, PageQuerySchema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    Nested,
    QueryNumber,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.schemas.disclosures import AskedSubjectSchema
from sharing.terms.codes import Flag, Ground, Kind, LawfulBasis, Reason
from sharing.terms.lines import Worker
from sharing.terms.searching import Duty, EntryKind, LogSearch, Outcome, Whom

LONGEST_CLIENT: Final = 200
LONGEST_VERSION: Final = 1_000_000
_SWITCHES: Final = ("override", "out_of_hours", "first_contact")
_COUNTED: Final = {"description": "Count what fits, up to 10,000"}


class YesNo(StrEnum):
    """A switch in a query string."""

    TRUE = "true"
    FALSE = "false"


class FiltersSchema(Schema):
    """Filters that name nobody: an entry must fit all of them."""

    since = Instant(metadata={"description": "From this instant on"})
    until = Instant(metadata={"description": "Before this instant"})
    agency = Code(metadata={"description": "The agency that asked, or was asked"})
    source = Code(metadata={"description": "The agency that was asked"})
    client = Text(max=LONGEST_CLIENT)
    purpose = Code()
    basis = Choice(LawfulBasis)
    category = Code(metadata={"description": "A category that was asked for"})
    outcome = Choice(Outcome)
    code = Choice(Reason, metadata={"description": "What a refused asker was told"})
    ground = Choice(Ground, metadata={"description": "What is true; needs log.audit"})
    flag = Choice(Flag, metadata={"description": "Needs log.audit"})
    entry = Choice(EntryKind, metadata={"description": "What kind of event was logged"})
    act = Code(metadata={"description": "Such as step_up, timeline or export"})
    kind = Choice(Kind)
    agreement = Code()
    duty = Choice(Duty, metadata={"description": "An obligation that is open, or overdue"})


class LogQuerySchema(FiltersSchema, PageQuerySchema):
    """The query of the list of entries."""

    version = QueryNumber(min=1, max=LONGEST_VERSION)
    override = Choice(YesNo)
    out_of_hours = Choice(YesNo)
    first_contact = Choice(YesNo)
    count = Choice(YesNo, metadata=_COUNTED)


class WorkerSchema(Schema):
    """A practitioner, by their agency and its own id of them."""

    agency = Code(required=True)
    id = Text(max=200, required=True)

    @post_load
    def _worker(self, data: dict[str, Any], **_: object) -> Worker:
        return Worker(**data)


class NamingFiltersSchema(FiltersSchema):
    """Filters of a body: all of a query, and those that name a person."""

    version = WholeNumber(min=1, max=LONGEST_VERSION)
    override = TrueOrFalse()
    out_of_hours = TrueOrFalse()
    first_contact = TrueOrFalse()
    practitioner = Nested(WorkerSchema)
    subject = Nested(AskedSubjectSchema)
    family = TrueOrFalse(
        metadata={"description": "The subject, and all who are related or live with them"}
    )


class LogSearchSchema(NamingFiltersSchema, PageBodySchema):
    """The body of a search."""

    count = TrueOrFalse(metadata=_COUNTED)


def search_of(asked: Mapping[str, Any]) -> LogSearch:
    """Return what validated filters look for; what else came with them is left out."""
    whom = Whom(
        practitioner=asked.get("practitioner"),
        subject=tuple(asked.get("subject", {}).get("identifiers", ())),
        family=asked.get("family", False),
    )
    known = LogSearch.__dataclass_fields__.keys() - {"whom"}
    filters: dict[str, Any] = {name: value for name, value in asked.items() if name in known}
    switched: dict[str, Any] = {name: is_on(filters[name]) for name in _SWITCHES if name in filters}
    return LogSearch(**(filters | switched), whom=whom)


def is_on(switch: object) -> bool:
    """Say whether a switch is on, of a query or of a body."""
    return switch is True or switch is YesNo.TRUE
