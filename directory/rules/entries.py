"""An entry as a document, so that what it was can be kept and compared."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

NOT_SAID = ("recorded_at",)
"""When it was written down is the version's to say."""


def as_document(entry: object) -> dict[str, Any]:
    """Return an entry of the directory, a dataclass, as a JSON object; what is None is left out."""
    return {
        name: _value(value)
        for name, value in ((one.name, getattr(entry, one.name)) for one in _said(entry))
        if value is not None
    }


def _said(entry: Any) -> list[Any]:  # noqa: ANN401  (any dataclass: `fields` has no name for them)
    return [one for one in fields(entry) if one.name not in NOT_SAID]


def _value(value: Any) -> Any:  # noqa: ANN401  (any value of an entry, to any JSON value)
    if is_dataclass(value):
        return as_document(value)
    if isinstance(value, Mapping):
        return {str(name): _value(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(_value, value))
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, (UUID, Enum)) else value
