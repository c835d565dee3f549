"""JSON that every reader reads alike: one value for a name, no NaN, exact numbers, bounded depth.

Two programs that read one text differently can be played against each other: the one that checks
and the one that acts. Python's own reader takes the last of two equal names, NaN and 1e999.
"""

import json
import math
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask.json.provider import DefaultJSONProvider

from app.kernel.schema import unstorable

DEEPEST = 32
LARGEST_EXACT = 2**53 - 1
"""RFC 7493: beyond it, readers that keep numbers as IEEE 754 doubles no longer agree."""
_LONGEST_EXACT = len(f"-{LARGEST_EXACT}")


class JsonRefused(ValueError):
    """A text that is not JSON, or is JSON that two readers could read in two ways."""


def read_json(text: str | bytes) -> Any:  # noqa: ANN401  (any JSON value)
    """Return the value of a JSON text in UTF-8; `JsonRefused` says what is wrong with it.

    To walk all its parts took longer than to read it, so that is left to texts that could be too
    deep or hold what is not storable: only an escape can bring that into valid UTF-8.
    """
    try:
        written = text if isinstance(text, str) else text.decode()
        value = _DECODER.decode(written)
    except json.JSONDecodeError as error:
        message = f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        raise JsonRefused(message) from error
    except UnicodeDecodeError as error:
        raise JsonRefused(f"The body is not UTF-8: look at byte {error.start + 1}.") from error
    except RecursionError as error:
        raise JsonRefused(_TOO_DEEP) from error
    plain = isinstance(text, bytes) and "\\u" not in written
    if plain and written.count("{") + written.count("[") <= DEEPEST:
        return value
    for within, depth in _parts(value):
        if depth > DEEPEST and isinstance(within, (dict, list)):
            raise JsonRefused(_TOO_DEEP)
        if isinstance(within, str) and unstorable(within):
            raise JsonRefused("The body holds a NUL character or half of a surrogate pair.")
    return value


_TOO_DEEP = f"The body is nested too deeply: {DEEPEST} levels are the most."


def _parts(value: object) -> Iterator[tuple[object, int]]:
    """Yield a value and all within it, names too, with their depth; a loop, as depth is unknown."""
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        yield part, depth
        if isinstance(part, dict):
            waiting.extend((name, depth + 1) for name in part)
            waiting.extend((below, depth + 1) for below in part.values())
        elif isinstance(part, list):
            waiting.extend((below, depth + 1) for below in part)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonRefused(f"The body names {json.dumps(twice[:64])} twice in one object.")
    return found


def _whole(digits: str) -> int:
    # by length first: to convert many thousand digits is slow, and Python refuses it anyway
    if len(digits) > _LONGEST_EXACT or abs(int(digits)) > LARGEST_EXACT:
        raise JsonRefused("The body holds a number too large to be exact.")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise JsonRefused("The body holds a number too large to be exact.")
    return number


def _constant(name: str) -> float:
    raise JsonRefused(f"The body holds {name}, which is not a JSON number.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
)


class StrictJson(DefaultJSONProvider):
    """JSON in by `read_json`; out in the order it was written, without NaN, instants by a schema.

    Flask's own writes a stray `datetime` as an HTTP date. Here it is a `TypeError`.
    """

    sort_keys = False
    ensure_ascii = False
    compact = True

    @staticmethod
    def default(value: object) -> str:
        """Return an id as text; whatever else is not JSON must pass through a schema."""
        if isinstance(value, UUID):
            return str(value)
        message = f"{type(value).__name__} is not JSON: give it a field in a schema"
        raise TypeError(message)

    def loads(self, s: str | bytes, **_: Any) -> Any:  # noqa: ANN401  (the provider's signature)
        """Return the value of a JSON text; `JsonRefused`, a `ValueError`, if it has none."""
        return read_json(s)

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # noqa: ANN401  (the provider's signature)
        """Return a value as JSON text."""
        return super().dumps(obj, **{"allow_nan": False, **kwargs})
