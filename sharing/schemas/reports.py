"""Reports on the log, on the wire: the months asked for, and the table that comes of it."""

import re
from datetime import date
from typing import Any, Final

from marshmallow import fields

from app.kernel.schema import Choice, Code, ListOf, Nested, Schema, Text
from sharing.schemas.log import ReachSchema
from sharing.terms.reports import Report

LONGEST_TABLE: Final = 100_000
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


class Month(Text):
    """A month, as `2027-03`; held as its first day."""

    default_error_messages = {"month": "This must be a month, such as 2027-03."}  # noqa: RUF012  (marshmallow's own way)

    def _read(self, value: object) -> Any:  # noqa: ANN401  (a date, where `Text` has text)
        found = _MONTH.fullmatch(super()._read(value))
        if found is None or int(found[1]) == 0:
            raise self.make_error("month")
        return date(int(found[1]), int(found[2]), 1)

    def _serialize(self, value: Any, *_: object, **__: object) -> str | None:  # noqa: ANN401  (a date)
        return None if value is None else value.strftime("%Y-%m")


class ReportQuerySchema(Schema):
    """Which months and which agency; the last twelve months, and every agency, if unsaid."""

    since = Month(max=7, load_default=None, metadata={"description": "The first month"})
    until = Month(max=7, load_default=None, metadata={"description": "The last month"})
    agency = Code(load_default=None, metadata={"description": "The agency that asked"})


class ReportLineSchema(Schema):
    """A report that there is."""

    report = Choice(Report, required=True)
    title = Text(max=100, required=True)


class ReportsSchema(Schema):
    """The reports there are."""

    items = ListOf(Nested(ReportLineSchema), max=100, required=True)


class ReportSchema(ReportLineSchema):
    """A report: rows of cells in the order of the columns, of which the last is how often."""

    since = Month(max=7, required=True)
    until = Month(max=7, required=True)
    agency = Code(required=True, allow_none=True)
    reach = Nested(ReachSchema, required=True)
    columns = ListOf(Text(max=40), max=10, required=True)
    rows = fields.List(fields.List(fields.Raw()), required=True)
