"""What was typed into the form of a service, as a document again, or what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from directory.rules.audience import AUDIENCE
from directory.rules.edit_form import (
    AGES,
    AREA_ADDRESS,
    AREA_CODE,
    AS_IT_IS,
    DAYS,
    GROUPS,
    OWN_AGENCY,
    TEXTS,
    Typed,
    is_plain,
    parts_of,
    rows_of,
    text_of,
)
from directory.terms.records import PRACTITIONERS, PUBLIC, Document

Row = Mapping[str, str]
_OLDEST: Final = 120
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_AGE: Final = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_LINK: Final = re.compile(r"https?://[^\s/]+\.[^\s]*", re.IGNORECASE)
_NEW: Final = {"id", "service_id"}


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A document as it was typed, what is wrong with the fields, and which row each part is from.

    `errors` are texts by the name of the field; `rows` says of each list where its parts stood.
    """

    document: Document
    errors: Mapping[str, str]
    rows: Mapping[str, tuple[int, ...]]

    def field_of(self, pointer: str) -> str:
        """Return the name of the field that a JSON pointer into the document leads to."""
        first, *rest = pointer.removeprefix("/").split("/")
        if first not in GROUPS or not rest or not rest[0].isdigit():
            return first
        rows = self.rows.get(first, ())
        row = rows[int(rest[0])] if int(rest[0]) < len(rows) else int(rest[0])
        name = {"phones": "phone", "byday": DAYS[0], "uri": "code", "taxonomy_term_id": "term"}
        last = rest[1] if len(rest) > 1 else GROUPS[first][0]
        return f"{first}.{row}.{name.get(last, last)}"


def taken_over(document: Document, typed: Typed, ids: Iterator[str], agency: str) -> TakenOver:
    """Return the document with what was typed; `ids` gives each new part one of its own."""
    errors = dict(_wrong_texts(typed))
    made = {**document, **_texts(typed, document), **_ages(typed, errors)}
    made = {**made, AUDIENCE: _audience(typed.get(AUDIENCE, AS_IT_IS), document, agency)}
    places: dict[str, tuple[int, ...]] = {}
    for group in GROUPS:
        held = {str(part.get("id")): part for part in parts_of(document, group)}
        kept: dict[int, Document] = {}
        rows = rows_of(typed, group)
        for number, row in rows.items():
            part = held.get(row.get("id", ""))
            if "drop" in row or (part is None and _is_blank(group, row)):
                continue
            wrong = _wrong_row(group, row, part)
            errors |= {f"{group}.{number}.{name}": said for name, said in wrong}
            start = part or {"id": next(ids), **_belongs(group, document)}
            kept[number] = start if wrong else _filled(group, start, row, ids, agency)
        sent = {row.get("id") for row in rows.values()}
        unsent = (part for one, part in held.items() if one not in sent)
        made[group] = [*kept.values(), *unsent]
        places[group] = tuple(kept)
    return TakenOver(_without_blanks(made), errors, places)


def _wrong_texts(typed: Typed) -> Iterator[tuple[str, str]]:
    if not typed.get("name", "").strip():
        yield "name", "Enter the name of the service"
    if (url := typed.get("url", "").strip()) and not _LINK.fullmatch(url):
        yield "url", "Enter a web address that begins with https://"


def _texts(typed: Typed, document: Document) -> dict[str, Any]:
    return {name: _said(typed.get(name, ""), document.get(name)) for name in TEXTS}


def _said(typed: str, held: object) -> Any:  # noqa: ANN401  (a text, or what was on file)
    """Return what was typed, or what is on file where that was only shown and sent back.

    Browsers write ends of lines in their own way, and leave them out where a field is of one line.
    """
    text = typed.replace("\r\n", "\n").strip()
    shown = text_of(held).replace("\r\n", "\n")
    if text in {shown.strip(), shown.replace("\n", "").strip()}:
        return held
    return text or None


def _ages(typed: Typed, errors: dict[str, str]) -> dict[str, float | None]:
    made: dict[str, float | None] = {}
    for name in AGES:
        text = typed.get(name, "").strip()
        if text and (not _AGE.fullmatch(text) or float(text) > _OLDEST):
            errors[name] = "Enter an age in years, such as 7 or 0.5"
        else:
            made[name] = _number(text)
    youngest, oldest = (made.get(name) for name in AGES)
    if youngest is not None and oldest is not None and youngest > oldest:
        errors["maximum_age"] = "The oldest age must not be less than the youngest"
    return made


def _number(text: str) -> float | None:
    if not text:
        return None
    return float(text) if "." in text else int(text)


def _wrong_row(group: str, row: Row, held: Document | None) -> list[tuple[str, str]]:
    if group == "phones" and not row.get("number", "").strip():
        return [("number", "Enter the number, or choose to remove it")]
    if group == "contacts" and not any(row.get(name, "").strip() for name in GROUPS[group][:4]):
        return [("name", "Enter who to ask for, or choose to remove the contact")]
    if group == "service_areas" and (code := row.get("code", "").strip()):
        wrong = not AREA_CODE.fullmatch(code)
        return [("code", "Enter a code such as E05011406, or leave it empty")] if wrong else []
    if group == "schedules" and (held is None or is_plain(held)):
        return list(_wrong_times(row))
    return []


def _wrong_times(row: Row) -> Iterator[tuple[str, str]]:
    typed = [row.get(name, "").strip() for name in ("opens_at", "closes_at")]
    for name, text in zip(("opens_at", "closes_at"), typed, strict=True):
        if text and not _TIME.fullmatch(text):
            yield name, "Enter a time such as 09:30"
    if any(typed) and not any(day in row for day in DAYS):
        yield DAYS[0], "Choose the days on which it is open then"


def _is_blank(group: str, row: Row) -> bool:
    return not any(row.get(name, "").strip() for name in GROUPS[group] if name != AUDIENCE)


def _belongs(group: str, service: Document) -> dict[str, str]:
    """Return how a new part names its service (ORUK)."""
    if group == "attributes":
        return {"link_id": str(service["id"]), "link_type": "service"}
    return {"service_id": str(service["id"])}


def _filled(
    group: str, part: Document, row: Row, ids: Iterator[str], agency: str
) -> dict[str, Any]:
    said = {name: _said(text, part.get(name)) for name, text in row.items()}
    match group:
        case "schedules":
            changes = _when(part, row, said) if is_plain(part) else {}
        case "service_areas":
            changes = _area(part, said)
        case "attributes":
            changes = {"taxonomy_term_id": said.get("term")}
        case _:
            changes = {name: said.get(name) for name in GROUPS[group] if name in said}
            changes[AUDIENCE] = _part_audience(group, row, part, agency)
            if group == "contacts":
                changes.pop("phone", None)
                changes["phones"] = _contact_phones(part, row.get("phone", ""), ids)
    return _without_blanks({**part, **changes})


def _when(part: Document, row: Row, said: Mapping[str, Any]) -> dict[str, Any]:
    days = ",".join(day for day in DAYS if day in row) or None
    if days == str(part.get("byday", "")).replace(" ", ""):
        days = part.get("byday")
    times = {
        name: _time(part, name, row.get(name, "").strip()) for name in ("opens_at", "closes_at")
    }
    every_week = {"freq": part.get("freq", "WEEKLY")} if days else {}
    return {"byday": days, **times, **every_week, "description": said.get("description")}


def _time(part: Document, name: str, text: str) -> str | None:
    held, typed = text_of(part.get(name)), _TIME.fullmatch(text)
    if typed is None:
        return None
    written = f"{int(typed[1]):02}:{typed[2]}"
    return held if held[:5] == written else written


def _area(part: Document, said: Mapping[str, str | None]) -> dict[str, Any]:
    code, uri = said.get("code"), text_of(part.get("uri"))
    if code and uri.rpartition("/")[2] != code:
        return {"name": said.get("name"), "uri": f"{AREA_ADDRESS}{code}"}
    by_code = AREA_CODE.fullmatch(uri.rpartition("/")[2])
    return {"name": said.get("name"), "uri": uri if code or not by_code else None}


def _contact_phones(part: Document, typed: str, ids: Iterator[str]) -> list[Document]:
    """Return a contact's telephones, of which the form shows the first."""
    first, *others = list(parts_of(part, "phones")) or [{}]
    number = _said(typed, first.get("number"))
    if number is None:
        return others
    start = first or {"id": next(ids), "contact_id": str(part["id"])}
    return [{**start, "number": number}, *others]


def _part_audience(group: str, row: Row, part: Document, agency: str) -> object:
    chosen = row.get(AUDIENCE, AS_IT_IS)
    if group == "contacts" and chosen == PUBLIC and part.keys() <= _NEW:
        return PUBLIC  # without a word a new contact would be for practitioners
    return _audience(chosen, part, agency)


def _audience(chosen: str, part: Document, agency: str) -> object:
    if chosen == PRACTITIONERS:
        return PRACTITIONERS
    if chosen == OWN_AGENCY:
        return [agency]
    if chosen == PUBLIC:
        return PUBLIC if part.get(AUDIENCE) else None
    return part.get(AUDIENCE)


def _without_blanks(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "", [])}
