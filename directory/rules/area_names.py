"""How tables of districts and wards are read.

Ours has `code`, `type`, `name` and `parent_code`. That of the Office for National Statistics names
its columns by year: `WD25CD`, `WD25NM`, `LAD25CD`, `LAD25NM`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from directory.terms.places import DISTRICT, WARD, AdministrativeArea

_GSS: Final = re.compile(r"[A-Z][0-9]{8}", re.ASCII)
_THEIRS: Final = re.compile(r"(WD|LAD)[0-9]{2}(CD|NM)", re.ASCII | re.IGNORECASE)
_OURS: Final = ("code", "type", "name", "parent_code")
_WANTED: Final = ("LADCD", "LADNM")

Columns = Mapping[str, int]


def columns_of(header: Sequence[str]) -> Columns | str:
    """Return where the columns of either form stand; what is wrong, as text."""
    ours = {name: header.index(name) for name in _OURS if name in header}
    if len(ours) == len(_OURS):
        return ours
    matched = ((number, _THEIRS.fullmatch(name)) for number, name in enumerate(header))
    theirs = {(found[1] + found[2]).upper(): number for number, found in matched if found}
    if all(name in theirs for name in _WANTED) and ("WDCD" in theirs) == ("WDNM" in theirs):
        return theirs
    return (
        "The first row must name the columns: code, type, name and parent_code; or, as the Office"
        " for National Statistics does, WD25CD, WD25NM, LAD25CD and LAD25NM."
    )


def area_of(row: Sequence[str], columns: Columns) -> list[AdministrativeArea] | str:
    """Return the district and the ward that a row names; what is wrong, as text."""
    if len(row) <= max(columns.values()):
        return "it has too few columns"
    said = {name: row[number].strip() for name, number in columns.items()}
    found = _ours(said) if "code" in said else _theirs(said)
    for one in found:
        if not _GSS.fullmatch(one.code) or not one.name:
            return f"{one.code[:20]!r} is no GSS code with a name"
        if one.kind not in {DISTRICT, WARD}:
            return f"{one.kind[:20]!r} is neither district nor ward"
        if one.kind == WARD and not _GSS.fullmatch(one.district or ""):
            return f"the ward {one.code} names no district"
    return found


def _ours(said: Mapping[str, str]) -> list[AdministrativeArea]:
    parent = said["parent_code"] or None
    return [AdministrativeArea(said["code"], said["type"], said["name"], parent)]


def _theirs(said: Mapping[str, str]) -> list[AdministrativeArea]:
    found = [AdministrativeArea(said["LADCD"], DISTRICT, said["LADNM"])]
    if "WDCD" in said:
        found.append(AdministrativeArea(said["WDCD"], WARD, said["WDNM"], said["LADCD"]))
    return found
