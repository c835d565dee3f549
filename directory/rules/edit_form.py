"""A service as a form: what people change most, as texts by the name of their field.

Fields of lists are named `phones.0.number`. What the form does not show of a document stays as it
is: `edit_typed` takes what was typed back into the document.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from directory.rules.audience import AUDIENCE
from directory.terms.records import PRACTITIONERS, PUBLIC, Document

TEXTS: Final = ("name", "description", "status", "fees", "url", "email", "alert")
AGES: Final = ("minimum_age", "maximum_age")
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "phones": ("number", "description", AUDIENCE),
    "contacts": ("name", "title", "email", "phone", AUDIENCE),
    "schedules": (*DAYS, "opens_at", "closes_at", "description"),
    "service_areas": ("name", "code"),
    "attributes": ("term",),
}
MOST_ROWS: Final = 60
OWN_AGENCY: Final = "agency"
AS_IT_IS: Final = "as_it_is"
AREA_ADDRESS: Final = "http://statistics.data.gov.uk/id/statistical-geography/"

_ROW: Final = re.compile(r"([a-z_]+)\.(\d{1,3})\.([A-Za-z_]+)", re.ASCII)
AREA_CODE: Final = re.compile(r"[EWSN]\d{8}", re.ASCII)

Typed = Mapping[str, str]


def filled_in(document: Document, agency: str) -> dict[str, str]:
    """Return a document as the texts of a form, with who may see each part as this agency says."""
    made = {name: text_of(document.get(name)) for name in (*TEXTS, *AGES)}
    made[AUDIENCE] = _audience_shown(document, agency)
    for group in GROUPS:
        for number, part in enumerate(parts_of(document, group)):
            shown = {"id": str(part.get("id", "")), **_shown(group, part, agency)}
            made |= {f"{group}.{number}.{name}": text for name, text in shown.items()}
    return made


def rows_of(typed: Typed, group: str) -> dict[int, dict[str, str]]:
    """Return what was typed into the rows of a list, by their numbers."""
    found: dict[int, dict[str, str]] = {}
    for name, text in typed.items():
        place = _ROW.fullmatch(name)
        if place is not None and place[1] == group and int(place[2]) < MOST_ROWS:
            found.setdefault(int(place[2]), {})[place[3]] = text
    return dict(sorted(found.items()))


def is_plain(schedule: Document) -> bool:
    """Say whether the form can show when this is: on days of every week."""
    days = str(schedule.get("byday", "")).replace(" ", "")
    every_week = schedule.get("freq", "WEEKLY") == "WEEKLY" and schedule.get("interval", 1) == 1
    named = all(day in DAYS for day in days.split(",")) if days else True
    return every_week and named and "bymonthday" not in schedule


def parts_of(document: Document, name: str) -> Iterator[Document]:
    """Yield the objects of a list in a document; whatever else stands there is passed over."""
    found = document.get(name)
    for part in found if isinstance(found, list) else ():
        if isinstance(part, Mapping):
            yield part


def _shown(group: str, part: Document, agency: str) -> dict[str, str]:
    if group == "schedules":
        days = {day: "on" for day in str(part.get("byday", "")).replace(" ", "").split(",") if day}
        times = {name: text_of(part.get(name))[:5] for name in ("opens_at", "closes_at")}
        return {**days, **times, "description": text_of(part.get("description"))}
    if group == "service_areas":
        uri = text_of(part.get("uri"))
        code = uri.rpartition("/")[2]
        return {
            "name": text_of(part.get("name")),
            "code": code if AREA_CODE.fullmatch(code) else "",
        }
    if group == "attributes":
        return {"term": text_of(part.get("taxonomy_term_id"))}
    shown = {name: text_of(part.get(name)) for name in GROUPS[group]}
    if group == "contacts":
        shown["phone"] = next((text_of(one.get("number")) for one in parts_of(part, "phones")), "")
    return {**shown, AUDIENCE: _audience_shown(part, agency)}


def _audience_shown(part: Document, agency: str) -> str:
    audience = part.get(AUDIENCE, PUBLIC)
    if audience in (PUBLIC, PRACTITIONERS):
        return str(audience)
    return OWN_AGENCY if audience == [agency] else AS_IT_IS


def text_of(value: object) -> str:
    """Return a value as it stands in a field: a whole number without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
