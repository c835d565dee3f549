"""The forms of areas and contact points as editors fill them in: read, refused, shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from flask import request
from marshmallow import Schema, ValidationError

from app.kernel.named import NamedProblem

_LISTS: Final = ("levels",)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form: what was typed into it, what that says, and what is wrong, by field."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, **errors: str) -> "Filled":
        """Return the form with what is wrong with it beside its fields."""
        return replace(self, errors={**self.errors, **errors})


BLANK: Final = Filled()


def asked_text(name: str) -> str:
    """Return a text of the address, but for NUL, which PostgreSQL cannot hold."""
    return request.args.get(name, "").replace("\x00", "").strip()


def filled_in(schema: Schema) -> Filled:
    """Return what was sent of a form; fields that were left blank are not there."""
    typed: dict[str, Any] = {}
    for name in schema.fields:
        said = request.form.getlist(name)
        value = said if name in _LISTS else "".join(said[:1]).strip()
        if value:
            typed[name] = value
    try:
        return Filled(typed, schema.load(dict(typed)))
    except ValidationError as error:
        return Filled(typed, {}, {name: _first(one) for name, one in error.messages_dict.items()})


def refused(filled: Filled, problem: NamedProblem, fields: Mapping[str, str]) -> Filled:
    """Return a form with what an action has found wrong beside its fields, or above them.

    `fields` says which of the form's fields a member of the action's own words was typed into.
    """
    errors: dict[str, str] = {}
    for one in problem.errors or [{"pointer": "#", "detail": problem.detail}]:
        name = one["pointer"].removeprefix("#").strip("/").partition("/")[0]
        errors[fields.get(name, "")] = one["detail"]
    return replace(filled, errors=errors)


def instant(day: date | None) -> datetime | None:
    """Return the instant at which a day begins, by the clock that all periods are kept by."""
    return None if day is None else datetime.combine(day, time(), UTC)


def _first(messages: Any) -> str:  # noqa: ANN401  (marshmallow's: texts, or by number where a list)
    while isinstance(messages, Mapping):
        messages = next(iter(messages.values()))
    return str(messages[0])
