"""The tables hold any document: what was written is read again the same, to the last member."""

import csv
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.cli.sources.packages import Package
from directory.rules.tabular import BELOW, EXTRA, Tabulator, header_faults, tables
from directory.terms.exchange import Seen, SourceRow
from directory.terms.records import RecordKind

words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    ["=1+1", "+44 1632 960123", "-x", "@a", "'=b", "''", "a\r\nb", '"q", w', "1", "{}"]
)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(
    -1e9, 1e9, allow_nan=False, allow_infinity=False
)
plain = words | numbers | st.booleans()
anything = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(words, inner, min_size=1, max_size=2)
    ),
    max_leaves=4,
)
ids = st.integers(0, 6).map(lambda number: str(UUID(int=number))) | st.uuids().map(str)


def objects(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a table with what may stand below them, and members of their own."""
    columns = [one.name for one in tables()[table].columns if one.name != "id"]
    belows = {
        one.member: st.lists(objects(one.table), min_size=1, max_size=2) | anything
        for one in BELOW.get(table, ())
    }
    named = st.dictionaries(st.sampled_from([*columns, "note", "audience"]), anything, max_size=4)
    return st.builds(
        lambda one, said, below: {**said, **below, "id": one},
        ids,
        named,
        st.fixed_dictionaries({}, optional=belows),
    )


def written(path: Path, records: Iterable[tuple[RecordKind, dict[str, Any]]]) -> Path:
    rows: dict[str, list[list[str]]] = {name: [] for name in tables()}
    tabulator = Tabulator()
    for kind, document in records:
        for table, cells in tabulator.rows(kind, document):
            rows[table].append(cells)
    for name, table in tables().items():
        with (path / table.file).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(table.header)
            writer.writerows(rows[name])
    return path


def read(path: Path) -> dict[tuple[RecordKind, str], Any]:
    package = Package(path)
    found = list(package.rows(0, Seen()))
    package.close()
    assert all(isinstance(one, SourceRow) for one in found), found
    return {
        (one.kind, one.document["id"]): one.document for one in found if isinstance(one, SourceRow)
    }


CHILD = {"id": str(UUID(int=1)), "phones": [{"id": str(UUID(int=2)), "number": "1"}]}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(objects("service"), max_size=2, unique_by=lambda one: one["id"]),
    st.lists(objects("organization"), max_size=1),
    st.lists(objects("location"), max_size=1),
)
@example([{"id": str(UUID(int=0)), "contacts": [CHILD, {"id": CHILD["id"]}]}], [], [])
@example(
    [{"id": str(UUID(int=0)), "contacts": [CHILD]}, {"id": str(UUID(int=3)), "contacts": [CHILD]}],
    [],
    [],
)
@example(
    [
        {
            "id": str(UUID(int=0)),
            "schedules": [{"id": str(UUID(int=4)), "service_at_location_id": str(UUID(int=5))}],
            "service_at_locations": [
                {"id": str(UUID(int=5)), "schedules": [{"id": "x", "service_id": 7, "notes": "=1"}]}
            ],
        }
    ],
    [],
    [],
)
def test_what_is_written_is_read_again_the_same(
    services: list[Any], organizations: list[Any], locations: list[Any]
) -> None:
    records = [
        *((RecordKind.SERVICE, one) for one in services),
        *((RecordKind.ORGANIZATION, one) for one in organizations),
        *((RecordKind.LOCATION, one) for one in locations),
    ]
    with TemporaryDirectory() as folder:
        found = read(written(Path(folder), records))
    expected = {(kind, one["id"]): one for kind, one in records}
    assert found == expected
    for key, document in expected.items():
        assert _typed(found[key]) == _typed(document)


def _typed(value: Any) -> Any:
    """Return a value in which 1, 1.0 and true are three."""
    if isinstance(value, dict):
        return {name: _typed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    return type(value).__name__, value


def test_no_cell_is_a_formula() -> None:
    cells = [
        cell
        for text in ("=1+1", "@sum", "+cmd|x", "-2+3", "\t=1", "'=1")
        for _, row in Tabulator().rows(RecordKind.LOCATION, {"id": str(UUID(int=1)), "name": text})
        for cell in row
    ]
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "+", "-", "\t"}]


def test_a_header_is_right_whatever_its_order_and_with_or_without_ours() -> None:
    table = tables()["service"]
    header = [one.name for one in table.columns]
    assert header_faults(table, header[::-1]) == []
    assert header_faults(table, [*header, EXTRA]) == []
    assert len(header_faults(table, [])) == len(header)
