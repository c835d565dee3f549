"""The public register, the record of processing and the work list of agreements, on the wire."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from marshmallow import pre_dump

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    QueryNumber,
    Schema,
    SetOf,
    Text,
    WholeNumber,
)
from sharing.schemas.agreement_contents import (
    LONGEST_PART,
    MOST_CODES,
    MOST_MEMBERS,
    RetentionSchema,
    WordingSchema,
)
from sharing.terms.agreements import Retention
from sharing.terms.codes import LawfulBasis, Requirement
from sharing.terms.register import DueKind, Entry, Named, Processing, Status
from sharing.terms.templates import Template

CSV: Final = "text/csv"
MOST_TEMPLATES = 100
_MONTHS_OF_A_YEAR: Final = 12
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_REGISTER: Final = (
    *("code", "title", "version", "status", "bodies", "purpose", "benefits", "summary"),
    *("kinds of data", "kept for", "in force from", "review due", "ends", "successor"),
)
_PROCESSING: Final = (
    *("agreement", "version", "controller", "data protection contact", "part", "flow"),
    *("joint with", "purposes", "why", "people", "kinds of data", "recipients"),
    *("lawful basis", "law", "special category condition", "needs", "kept for", "security"),
    *("transfers to other countries", "impact assessment"),
)
_PEOPLE: Final = "children, young people and adults of families"
_NO_TRANSFERS: Final = "none"


class RegisterNameSchema(Schema):
    """A code and what it is called."""

    code = Code(required=True)
    name = Text(max=300, required=True)


class RegisterEntrySchema(Schema):
    """An agreement as the public reads it; nothing in it is about a person."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    version = WholeNumber(required=True)
    status = Choice(Status, required=True)
    bodies = ListOf(Nested(RegisterNameSchema), max=MOST_MEMBERS, required=True)
    purpose = Text(max=LONGEST_PART, required=True, allow_none=True)
    benefits = Text(max=LONGEST_PART, required=True, allow_none=True)
    summary = Text(max=LONGEST_PART, required=True, allow_none=True)
    data = ListOf(Nested(RegisterNameSchema), max=MOST_CODES, required=True)
    retention = ListOf(Nested(RetentionSchema), max=MOST_CODES, required=True)
    starts = Instant(required=True)
    review_due = Instant(required=True, allow_none=True)
    ends = Instant(required=True, allow_none=True)
    successor = Code(required=True, allow_none=True)


class AgreementDueSchema(Schema):
    """One thing to see to: what, by when, and which agencies it waits for."""

    kind = Choice(DueKind, required=True)
    on = Instant(required=True, metadata={"description": "May have passed: then it is overdue"})
    agreement = Code(required=True)
    version = WholeNumber(required=True)
    agencies = ListOf(Code(), max=MOST_MEMBERS, required=True)


class AgreementDueQuerySchema(PageQuerySchema):
    """How far ahead to look."""

    within_days = QueryNumber(
        min=0, max=366, load_default=60, metadata={"description": "60 if left out"}
    )


class TemplateRoleSchema(Schema):
    """A part that a member may have in a worked example."""

    role = Code(required=True)
    means = Text(max=300, required=True)


class TemplateFlowSchema(Schema):
    """One path between roles."""

    code = Code(required=True)
    from_roles = SetOf(Code(), max=MOST_CODES, required=True)
    to_roles = SetOf(Code(), max=MOST_CODES, required=True)
    purposes = SetOf(Code(), max=MOST_CODES, required=True)
    categories = SetOf(Code(), max=MOST_CODES, required=True)
    kinds = SetOf(Code(), max=MOST_CODES, required=True)
    basis = Choice(LawfulBasis, required=True)
    requires = Choice(Requirement, required=True)
    law = Text(max=300, required=True)
    special_condition = Text(max=300, required=True, allow_none=True)


class AgreementTemplateSchema(WordingSchema):
    """A worked example of an agreement."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    roles = ListOf(Nested(TemplateRoleSchema), max=MOST_CODES, required=True)
    review_after_days = WholeNumber(required=True)
    retention = ListOf(Nested(RetentionSchema), max=MOST_CODES, required=True)
    flows = ListOf(Nested(TemplateFlowSchema), max=MOST_CODES, required=True)

    @pre_dump
    def _flat(self, template: Template, **_: object) -> dict[str, Any]:
        said = {one.name: getattr(template, one.name) for one in fields(template)}
        roles = [{"role": role, "means": means} for role, means in template.roles.items()]
        return asdict(template.wording) | said | {"roles": roles}


class AgreementTemplatesSchema(Schema):
    """The worked examples there are."""

    items = ListOf(Nested(AgreementTemplateSchema), max=MOST_TEMPLATES, required=True)


RegisterPageSchema = page_schema(RegisterEntrySchema)
AgreementDuePageSchema = page_schema(AgreementDueSchema)


def register_csv(entries: Iterable[Entry]) -> str:
    """Return the register as a table (RFC 4180)."""
    return _table(_REGISTER, (_entry_cells(one) for one in entries))


def processing_csv(rows: Iterable[Processing], name: Callable[[str, str], str]) -> str:
    """Return a controller's record of processing (UK GDPR Article 30(1)) as a table."""
    return _table(_PROCESSING, (_processing_cells(one, name) for one in rows))


def _entry_cells(one: Entry) -> Sequence[str | None]:
    return (
        *(one.code, one.title, str(one.version), one.status, _joined(one.bodies)),
        *(one.purpose, one.benefits, one.summary, _joined(one.data), _kept(one.retention)),
        *(_day(one.starts), _day(one.review_due), _day(one.ends), one.successor),
    )


def _processing_cells(one: Processing, name: Callable[[str, str], str]) -> Sequence[str | None]:
    flow = one.flow

    def called(kind: str, codes: Iterable[str]) -> str:
        return "; ".join(name(kind, code) for code in sorted(codes))

    others = (flow.sources | flow.recipients) - {one.controller}
    return (
        *(one.agreement, str(one.version), name("agency", one.controller), one.contact, one.part),
        *(flow.code, called("agency", others), called("purpose", flow.purposes), one.purpose),
        *(_PEOPLE, called("category", flow.categories), called("agency", flow.recipients)),
        *(flow.basis, flow.law, flow.special_condition, flow.requires, _kept(one.retention)),
        *(one.security, _NO_TRANSFERS, one.impact_assessment),
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heading)
    writer.writerows([_cell(one) for one in row] for row in rows)
    return written.getvalue()


def _cell(text: str | None) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    said = text or ""
    return f"'{said}" if said.startswith(_FORMULA) else said


def _joined(named: Iterable[Named]) -> str:
    return "; ".join(one.name for one in named)


def _kept(retention: Iterable[Retention]) -> str:
    return "; ".join(_kept_one(retention))


def _kept_one(retention: Iterable[Retention]) -> Iterator[str]:
    for one in retention:
        years, months = divmod(one.months, _MONTHS_OF_A_YEAR)
        long = f"{one.months} months" if months else f"{years} years"
        yield f"{one.category}: {long} from {one.counted_from}"


def _day(at: datetime | None) -> str | None:
    return None if at is None else at.date().isoformat()
