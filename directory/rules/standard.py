"""What is wrong with a document by the standard: Open Referral UK 3.0, as its validator has it.

The schemas are the validator's own files, in `directory/standard`, read as strictly as their words
ask: what they call a date or a time must be one, and what the standard took over from HSDS without
a schema of its own (`phones`, e-mail of contacts) is checked by HSDS's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, ValidationError

from directory.terms.records import RecordKind

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place, which `pointer` (RFC 6901) names, and what to do about it."""

    pointer: str
    detail: str


class Answer(StrEnum):
    """What a feed answers, by the standard's name for its form."""

    ABOUT = "api_details"
    SERVICES = "service_list"
    SERVICE = "service"
    SERVICE_AT_LOCATIONS = "service_at_location_list"
    SERVICE_AT_LOCATION = "service_at_location"
    TAXONOMIES = "taxonomy_list"
    TAXONOMY = "taxonomy"
    TAXONOMY_TERMS = "taxonomy_term_list"
    TAXONOMY_TERM = "taxonomy_term"
    ORGANIZATIONS = "organization_list"
    ORGANIZATION = "organization"


LISTS: Final = frozenset(one for one in Answer if one.endswith("_list"))
"""The answers that are pages: the envelope, and rows in `contents`."""

_TIME: Final = (
    r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$"
)
_ENVELOPE: Final = {
    **dict.fromkeys(("total_items", "total_pages", "page_number", "size"), "integer"),
    **dict.fromkeys(("first_page", "last_page", "empty"), "boolean"),
}
_KEPT_ELSEWHERE: Final = ("organization", "location", "taxonomy_term")
_WITH_PHONES: Final = ("service", "organization", "location", "contact")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def faults(kind: RecordKind, document: object, *, nested: bool) -> list[Fault]:
    """Return what is wrong with a record's document, by place; nothing if it is as it should be.

    `nested` says that it holds the records it speaks of, as the standard sends a single one;
    otherwise it must name them by id, as records are kept (`directory.rules.documents`).
    """
    return _faults(_validator(kind, nested=nested), document)


def answer_faults(answer: Answer, document: object) -> list[Fault]:
    """Return what is wrong with a feed's answer, by place.

    All seven members of a page are asked for, of every list, though the validator knows them of
    some only; a row is judged by the list's own form.
    """
    return _faults(_answer_validator(answer), document)


def row_faults(answer: Answer, row: object) -> list[Fault]:
    """Return what is wrong with one row of a list, such as a line of NDJSON."""
    return _faults(_row_validator(answer), row)


def _faults(validator: Draft202012Validator, document: object) -> list[Fault]:
    if validator.is_valid(document) and _storable(document):
        return []
    found = [_fault(error) for error in validator.iter_errors(document)]
    found += [Fault(at, _UNSAYABLE) for at in _unstorable(document, "")]
    return sorted(found, key=lambda fault: fault.pointer)


@cache
def schema(name: str) -> Schema:
    """Return one of the standard's files, as it is."""
    read: Schema = json.loads(files("directory").joinpath("standard", f"{name}.json").read_bytes())
    return read


@cache
def _validator(kind: RecordKind, *, nested: bool) -> Draft202012Validator:
    if kind is RecordKind.LOCATION:
        place = schema("service")["properties"]["service_at_locations"]["items"]
        return _compiled(_strict(place["properties"]["location"], nested=nested))
    return _compiled(_strict(schema(kind.value), nested=nested))


@cache
def _answer_validator(answer: Answer) -> Draft202012Validator:
    if answer not in LISTS:
        return _compiled(_strict(schema(answer.value), nested=True))
    members: Schema = {name: {"type": kind} for name, kind in _ENVELOPE.items()}
    members["contents"] = {"type": "array", "items": _row(answer)}
    return _compiled({"type": "object", "properties": members, "required": list(members)})


@cache
def _row_validator(answer: Answer) -> Draft202012Validator:
    return _compiled(_row(answer))


def _row(answer: Answer) -> Schema:
    written = schema(answer.value)
    rows = written["properties"].get("contents", {}).get("items", written)
    return _strict(rows, nested=True)


def _compiled(strict: Schema) -> Draft202012Validator:
    formats = {"date": _is_date, "date-time": _is_instant}
    return Draft202012Validator(strict, validate_formats=True, formats=formats, offline=True)


def _strict(written: Schema, *, nested: bool) -> Schema:
    """Return a schema that asks for what this one only describes."""
    told: Schema = {
        name: written[name] for name in ("type", "format", "enum", "required") if name in written
    }
    if written.get("datapackage_type") == "date":
        told["format"] = "date"
    elif written.get("datapackage_type") == "time":
        told["pattern"] = _TIME
    if "items" in written:
        told["items"] = _strict(written["items"], nested=nested)
    if "properties" in written:
        members = _with_hsds(written)
        told["properties"] = {
            name: _strict(member, nested=nested) for name, member in members.items()
        }
        if not nested:
            told["properties"] |= dict.fromkeys(members.keys() & set(_KEPT_ELSEWHERE), False)
    return told


def _with_hsds(written: Schema) -> Schema:
    members: Schema = dict(written["properties"])
    if written.get("name") in _WITH_PHONES:
        members.setdefault("phones", {"type": "array", "items": schema("phone")})
    if written.get("name") == "contact":
        members.setdefault("email", {"type": "string", "format": "email"})
    return members


def _is_date(written: str) -> bool:
    return _DATE.fullmatch(written) is not None and _reads(date.fromisoformat, written)


def _is_instant(written: str) -> bool:
    """Say whether this is an instant by RFC 3339 that a clock here can show: no leap second."""
    return _INSTANT.fullmatch(written) is not None and _reads(
        datetime.fromisoformat, written.upper()
    )


def _reads(read: Callable[[str], object], written: str) -> bool:
    try:
        read(written)
    except ValueError:
        return False
    return True


_UNSAYABLE: Final = (
    "This holds a NUL character, half of a surrogate pair, or a number without end. Remove it."
)
_TYPES: Final = {
    "string": "text",
    "number": "a number, without quotes",
    "integer": "a whole number, without quotes",
    "boolean": "true or false, without quotes",
    "array": "a list",
    "object": "an object",
}
_FORMATS: Final = {
    "uuid": "This must be a UUID, such as ac148810-d857-441c-9679-408f346de14b.",
    "uri": "This must be a whole web address or URI, such as https://example.org/help.",
    "email": "This must be an e-mail address, such as office@example.org.",
    "date": "This must be a real date, written as 2027-03-04.",
    "date-time": "This must be a date, a time and an offset, such as 2027-03-04T09:30:00Z.",
}


def _fault(error: ValidationError) -> Fault:
    path = list(error.instance_path)
    kind = error.kind
    match kind.name:
        case "required":
            path.append(str(kind.value))
            said = "This is missing, and the standard asks for it."
        case "type":
            said = f"This must be {' or '.join(_TYPES[one] for one in kind.value)}."
            if error.instance is None:
                said = f"This is null: the standard leaves out what is missing. {said}"
        case "enum":
            said = f"This must be one of: {', '.join(map(str, kind.value))}."
        case "format":
            said = _FORMATS[kind.value]
        case "pattern":
            said = "This must be a time of day, such as 09:30 or 09:30:00."
        case _:
            said = f"A record names this by its id: send {path[-1]}_id instead."
    return Fault("".join(f"/{_token(part)}" for part in path), said)


def _token(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _storable(document: object) -> bool:
    """Say whether no text in a document holds what neither UTF-8 nor the database can."""
    try:
        written = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return b"\\u0000" not in written


def _unstorable(document: object, pointer: str) -> Iterator[str]:
    if isinstance(document, Mapping):
        for name, one in document.items():
            if _UNSTORABLE.search(str(name)):
                yield pointer
            yield from _unstorable(one, f"{pointer}/{_token(name)}")
    elif isinstance(document, list):
        for number, one in enumerate(document):
            yield from _unstorable(one, f"{pointer}/{number}")
    elif _cannot_be_kept(document):
        yield pointer


def _cannot_be_kept(value: object) -> bool:
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    return isinstance(value, float) and not isfinite(value)
