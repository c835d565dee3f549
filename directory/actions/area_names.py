"""Importing the names of districts and wards from a table of codes and names."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from directory.actions.places import put_administrative_areas
from directory.rules.area_names import area_of, columns_of
from directory.terms.places import AdministrativeArea, NotCodePoint

LARGEST_TABLE: Final = 16 * 1024 * 1024


def import_area_names(session: Session, table: Path) -> int:
    """Enter every district and ward that a table names; return how many.

    `NotCodePoint`, naming the row, if any of it is not as it should be; then nothing changes.
    """
    if table.stat().st_size > LARGEST_TABLE:
        raise NotCodePoint("This file is larger than any table of districts and wards.")
    try:
        rows = list(csv.reader(io.StringIO(table.read_text("utf-8-sig")), strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise NotCodePoint(f"This is not CSV in UTF-8: {error}.") from error
    areas = _areas(rows)
    put_administrative_areas(session, areas.values())
    return len(areas)


def _areas(rows: Sequence[Sequence[str]]) -> Mapping[str, AdministrativeArea]:
    columns = columns_of(rows[0] if rows else ())
    if isinstance(columns, str):
        raise NotCodePoint(columns)
    found: dict[str, AdministrativeArea] = {}
    for number, row in enumerate(rows[1:], 2):
        areas = area_of(row, columns)
        if isinstance(areas, str):
            raise NotCodePoint(f"Row {number}: {areas}. Nothing was imported.")
        found |= {one.code: one for one in areas}
    return found
