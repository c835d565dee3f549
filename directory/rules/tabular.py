"""The tabular form of Open Referral UK 3.0: seventeen tables, and how documents become their rows.

The tables cannot hold all that a document can: members of their own, a contact's e-mail, which part
is for whom. What the columns do not say stands in one more, `extra`: a JSON object whose members
take the place of what the other columns and tables say, null for a member that is not there
(RFC 7396, of one level). So what is written and read again is the same document.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from directory.terms.records import Document, RecordKind

EXTRA: Final = "extra"
PROVENANCE: Final = "provenance.csv"
PROVENANCE_HEADER: Final = ("kind", "id", "source", "licence")
"""A table of ours beside the standard's: where each record came from, and on what terms."""
Row = dict[str, str]
Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `number` says that its cells are numbers, not text."""

    name: str
    number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table by the standard's name for what a row holds, and the file it is in."""

    name: str
    file: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns as they are written, ours the last."""
        return (*(one.name for one in self.columns), EXTRA)


@dataclass(frozen=True, slots=True)
class Below:
    """A member whose objects have a table of their own; column `link` names whose they are."""

    member: str
    table: str
    link: str


ROOTS: Final = ("taxonomy", "taxonomy_term", "organization", "location", "service")
"""The tables whose rows are records, what others name first."""
_ATTRIBUTES: Final = Below("attributes", "attribute", "link_id")
BELOW: Final[Mapping[str, tuple[Below, ...]]] = {
    "service": (
        Below("schedules", "schedule", "service_id"),
        Below("service_areas", "service_area", "service_id"),
        Below("service_at_locations", "service_at_location", "service_id"),
        Below("languages", "language", "service_id"),
        Below("funding", "funding", "service_id"),
        Below("cost_options", "cost_option", "service_id"),
        Below("contacts", "contact", "service_id"),
        _ATTRIBUTES,
    ),
    "organization": (
        Below("organization_identifiers", "organization_identifier", "organization_id"),
        _ATTRIBUTES,
    ),
    "location": (
        Below("addresses", "address", "location_id"),
        Below("accessibility", "accessibility", "location_id"),
        _ATTRIBUTES,
    ),
    "service_at_location": (Below("schedules", "schedule", "service_at_location_id"), _ATTRIBUTES),
    "contact": (Below("phones", "phone", "contact_id"), _ATTRIBUTES),
    "phone": (Below("languages", "language", "phone_id"),),
}
OWNERS: Final[Mapping[str, tuple[str, ...]]] = {
    table: tuple(
        dict.fromkeys(one.link for belows in BELOW.values() for one in belows if one.table == table)
    )
    for table in dict.fromkeys(one.table for belows in BELOW.values() for one in belows)
}
"""The columns that name whose a row is; the first that is filled does."""
_FORMULA: Final = re.compile(r"'*([=@\t\r]|[+-](?![\d\s().-]*$))")


@cache
def tables() -> Mapping[str, Table]:
    """Return the tables by name, as the standard's own data package describes them."""
    written = files("directory").joinpath("standard", "datapackage.json").read_bytes()
    return {
        one["name"]: Table(
            one["name"],
            one["path"],
            tuple(
                Column(field["name"], field["type"] == "number")
                for field in one["schema"]["fields"]
            ),
        )
        for one in json.loads(written)["resources"]
    }


def header_faults(table: Table, header: Sequence[str]) -> list[str]:
    """Return what is wrong with the first line of a table's file, in words."""
    there, wanted = set(header), {one.name for one in table.columns}
    found = [f"column {one!r} is missing" for one in sorted(wanted - there)]
    found += [
        f"column {one!r} is none of the standard's" for one in sorted(there - wanted - {EXTRA})
    ]
    return found + [f"column {one!r} comes twice" for one in sorted(there) if header.count(one) > 1]


def owner_of(table: str, row: Row) -> str:
    """Return the id of what a row belongs to; "" for a record, or where no column says it."""
    return next((row[link] for link in OWNERS.get(table, ()) if row.get(link)), "")


def members_of(table: Table, row: Row) -> Members:
    """Return what the columns of a row say, but for `extra`."""
    return {one.name: _value(one, row[one.name]) for one in table.columns if row.get(one.name)}


def patched(members: Members, extra: Members) -> Members:
    """Return an object with what `extra` says in the place of what tables say."""
    return {name: value for name, value in {**members, **extra}.items() if value is not None}


class Tabulator:
    """Writes documents as rows. An id that came before cannot be what rows are told apart by.

    So what belongs to the second object of one id stands within its own row's `extra`.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def rows(self, kind: RecordKind, document: Document) -> Iterator[tuple[str, list[str]]]:
        """Yield the table and the cells of each row that a record, as it is kept, becomes."""
        yield from self._rows(tables()[kind.value], document, {})

    def _rows(
        self, table: Table, document: Document, links: Mapping[str, str]
    ) -> Iterator[tuple[str, list[str]]]:
        belows = BELOW.get(table.name, ())
        own = str(document["id"])
        first = own.lower() not in self._taken
        if belows:
            self._taken.add(own.lower())
        apart = [one for one in belows if first and _stands_alone(document.get(one.member))]
        gone = {one.member for one in apart}
        rest = {name: value for name, value in document.items() if name not in gone}
        # Rows of another object of this id must not be taken for this one's.
        absent = [one.member for one in belows if not first and one.member not in document]
        yield table.name, _cells(table, rest, links, absent)
        for one in apart:
            others = dict.fromkeys(OWNERS[one.table], "") | {one.link: own}
            for below in document[one.member]:
                kept = _own_links(one, below, others)
                yield from self._rows(tables()[one.table], below, kept)


def _own_links(below: Below, document: Document, others: Mapping[str, str]) -> dict[str, str]:
    """Return the links to write: what comes after the owner's column may stay as it is."""
    columns = OWNERS[below.table]
    before = columns[: columns.index(below.link) + 1]
    later = {name: value for name in columns if isinstance(value := document.get(name), str)}
    return {name: others[name] for name in before} | {
        name: later.get(name, "") for name in columns if name not in before
    }


def _cells(
    table: Table, members: Members, links: Mapping[str, str], absent: Sequence[str]
) -> list[str]:
    row = {one.name: _cell(one, members.get(one.name)) for one in table.columns}
    row |= {name: guarded(value) for name, value in links.items()}
    said = members_of(table, row)
    extra = {
        name: value
        for name, value in members.items()
        if name not in said or _differ(value, said[name])
    }
    extra |= {name: None for name in (*said, *absent) if name not in members}
    if extra:
        row[EXTRA] = json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return [row.get(name, "") for name in table.header]


def _stands_alone(value: object) -> bool:
    """Say whether a member's objects can have rows of their own: each is one, with an id."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in value)
    )


def _cell(column: Column, value: object) -> str:
    if isinstance(value, str) and not column.number:
        return guarded(value)
    if column.number and isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    return ""


def _value(column: Column, cell: str) -> Any:  # noqa: ANN401  (any JSON value)
    """Return what a cell says: a number where it is one, else the text, which others then judge."""
    if not column.number:
        return unguarded(cell)
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs: with one more ' before what looks like a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return the text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _differ(one: object, other: object) -> bool:
    """Say whether two values are written differently: 1, 1.0 and true are equal to Python."""
    return json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True)
