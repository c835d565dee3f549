"""How a document, and what changes in one, is told in plain words, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from directory.rules.audience import AUDIENCE
from directory.rules.differences import differences
from directory.rules.timetables import day_of, said_on
from directory.terms.editing import Change, ChangeKind
from directory.terms.records import PRACTITIONERS, PUBLIC, Document

Names = Mapping[str, str]
"""What agencies and records are called, by code and id."""

_LABELS: Final[Mapping[str, str]] = {
    "addresses": "Address",
    "alert": "Alert",
    "assured_date": "Checked on",
    "assurer_email": "Who vouches",
    "attributes": "Topic",
    AUDIENCE: "Who may see it",
    "byday": "Days",
    "closes_at": "Closes",
    "contacts": "Contact",
    "cost_options": "Cost",
    "email": "E-mail",
    "fees": "Cost",
    "languages": "Language",
    "location_id": "Place",
    "maximum_age": "Oldest age",
    "minimum_age": "Youngest age",
    "opens_at": "Opens",
    "organization_id": "Organization",
    "phones": "Telephone",
    "schedules": "Opening time",
    "service_areas": "Area covered",
    "service_at_locations": "Place",
    "taxonomy_term_id": "Topic",
    "title": "Role",
    "uri": "Code",
    "url": "Web address",
}
_DAYS: Final = dict(
    zip(
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_TELLING_IDS: Final = {"organization_id", "location_id", "taxonomy_term_id"}
_SILENT: Final = {"last_modified", "link_type", "extent_type", "freq", "interval", "dtstart"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record: what it is, and what it said and says; empty where nothing."""

    where: str
    kind: ChangeKind
    before: str
    after: str


def told(document: Document, names: Names) -> tuple[Line, ...]:
    """Return a document line by line; only `after` is filled."""
    return lines(differences({}, document), names)


def lines(changes: Iterable[Change], names: Names) -> tuple[Line, ...]:
    """Return what changed, line by line; what people cannot read, such as ids, is left out."""
    return tuple(line for change in changes for line in _lines(change, names))


def _lines(change: Change, names: Names) -> Iterator[Line]:
    steps = change.pointer.split("/")[1:]
    if _is_silent(steps[-1]):
        return
    if change.kind is ChangeKind.MOVED:
        yield Line(_where(steps), change.kind, "", "The order is another")
        return
    before, after = change.before, change.after
    if isinstance(before or after, list) and all(isinstance(x, Mapping) for x in before or after):
        for number, one in enumerate(before or after):
            text = said(one, names)
            told_by = (text, "") if after is None else ("", text)
            yield Line(_where([*steps, str(number)]), change.kind, *told_by)
        return
    named = steps[-1]
    yield Line(_where(steps), change.kind, said(before, names, named), said(after, names, named))


def said(value: Any, names: Names, field: str = "") -> str:  # noqa: ANN401  (any JSON value)
    """Return a value as people read it; the parts of an object each with what they are."""
    if field == AUDIENCE:
        return _audience(value, names)
    if isinstance(value, Mapping):
        parts = ((name, said(one, names, name)) for name, one in value.items())
        return "; ".join(
            f"{_label(name)}: {text}" for name, text in parts if text and not _is_silent(name)
        )
    if isinstance(value, list):
        return ", ".join(said(one, names) for one in value)
    return _one_value(value, names, field)


def _one_value(value: Any, names: Names, field: str) -> str:  # noqa: ANN401  (any JSON value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    if field == "byday":
        return ", ".join(_DAYS.get(day.strip(), day) for day in text.split(","))
    day = day_of(text) if field.endswith("_date") else None
    return said_on(day) if day else names.get(text, text)


def _audience(value: Any, names: Names) -> str:  # noqa: ANN401  (any JSON value)
    if value == PRACTITIONERS:
        return "practitioners of all partner agencies"
    if isinstance(value, list):
        return "practitioners of " + ", ".join(names.get(str(one), str(one)) for one in value)
    return "everybody" if value == PUBLIC else ""


def _where(steps: list[str]) -> str:
    """Return a place in a document as people name it: `Telephone 2, number`."""
    words: list[str] = []
    for step in steps:
        if step.isdigit() and words:
            words[-1] = f"{words[-1]} {int(step) + 1}"
        else:
            words.append(_label(step))
    return ", ".join([words[0], *(word[:1].lower() + word[1:] for word in words[1:])])


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _is_silent(name: str) -> bool:
    is_id = name == "id" or name.endswith("_id")
    return name in _SILENT or (is_id and name not in _TELLING_IDS)


def documents_of(changes: Iterable[Change]) -> Iterator[Document]:
    """Yield what changes say, each value under the name of its field, as documents hold them."""
    for change in changes:
        field = change.pointer.rpartition("/")[2]
        yield from ({field: value} for value in (change.before, change.after) if value is not None)


def ids_told(document: object) -> frozenset[str]:
    """Return the ids of records whose names tell more than they do."""
    if isinstance(document, list):
        return frozenset().union(*map(ids_told, document))
    if not isinstance(document, Mapping):
        return frozenset()
    here = frozenset(str(document[name]) for name in _TELLING_IDS if name in document)
    return here.union(*map(ids_told, document.values()))
