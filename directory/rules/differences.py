"""How two documents differ, field by field; `patched` makes the new one from the old again.

Objects of a list are the same if they have the same id, wherever they stand. Lists of anything else
are one value. Order counts: what only changed its place has moved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from directory.terms.editing import Change, ChangeKind

Json = Any
Path = tuple[str, ...]
_ABSENT: Final = object()


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Change, ...]:
    """Return what turns `before` into `after`, in the order of the fields' names."""
    return tuple(_of_objects(before, after, ""))


def patched(before: Mapping[str, Json], changes: Sequence[Change]) -> dict[str, Json]:
    """Return the document that these differences lead to; they must be `before`'s own."""
    steps = [(_path(change.pointer), change) for change in changes]
    made: dict[str, Json] = _patched(before, steps)
    return made


def touch(one: str, other: str) -> bool:
    """Say whether two pointers lead to the same place, or one into what the other leads to."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def pointer_token(name: object) -> str:
    """Return a name as one step of a JSON pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


# --- finding -------------------------------------------------------------------------------------


def _of_objects(before: Mapping[str, Json], after: Mapping[str, Json], at: str) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        yield from _of_values(
            before.get(name, _ABSENT), after.get(name, _ABSENT), f"{at}/{pointer_token(name)}"
        )


def _of_values(before: Json, after: Json, at: str) -> Iterator[Change]:
    if before is _ABSENT:
        yield Change(at, ChangeKind.ADDED, after=after)
    elif after is _ABSENT:
        yield Change(at, ChangeKind.REMOVED, before=before)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_objects(before, after, at)
    elif (held := _by_id(before)) is not None and (given := _by_id(after)) is not None:
        yield from _of_lists(held, given, at)
    elif not same(before, after):
        yield Change(at, ChangeKind.CHANGED, before, after)


def _of_lists(before: dict[str, Json], after: dict[str, Json], at: str) -> Iterator[Change]:
    for number, (name, one) in enumerate(before.items()):
        if name not in after:
            yield Change(f"{at}/{number}", ChangeKind.REMOVED, before=one)
    stayed = [name for name in before if name in after]
    order = [name for name in after if name in before]
    if stayed != order:
        yield Change(at, ChangeKind.MOVED, stayed, order)
    for number, (name, one) in enumerate(after.items()):
        yield from _of_values(before.get(name, _ABSENT), one, f"{at}/{number}")


def _by_id(value: Json) -> dict[str, Json] | None:
    """Return a list of objects by their ids; None if this is not such a list."""
    if not isinstance(value, list):
        return None
    found = {
        one["id"]: one
        for one in value
        if isinstance(one, Mapping) and isinstance(one.get("id"), str)
    }
    return found if len(found) == len(value) else None


def same(one: Json, other: Json) -> bool:
    """Say whether two JSON values are the same; unlike Python's, 1 is not true."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


# --- applying ------------------------------------------------------------------------------------


def _patched(value: Json, steps: Sequence[tuple[Path, Change]]) -> Json:
    for path, change in steps:
        if not path and change.kind is not ChangeKind.MOVED:
            return change.after
    return (_patched_list if isinstance(value, list) else _patched_object)(value, steps)


def _patched_object(
    value: Mapping[str, Json], steps: Sequence[tuple[Path, Change]]
) -> dict[str, Json]:
    made = dict(value)
    for name in {path[0] for path, _ in steps}:
        within = _within(steps, name)
        if within[0][0] == () and within[0][1].kind is ChangeKind.REMOVED:
            del made[name]
        else:
            made[name] = _patched(value.get(name), within)
    return made


def _patched_list(value: list[Json], steps: Sequence[tuple[Path, Change]]) -> list[Json]:
    removed = {
        int(path[0]) for path, one in steps if len(path) == 1 and one.kind is ChangeKind.REMOVED
    }
    made = [one for number, one in enumerate(value) if number not in removed]
    for path, change in steps:
        if not path:
            place = {name: number for number, name in enumerate(change.after)}
            made.sort(key=lambda one: place[one["id"]])
    for path, change in steps:
        if len(path) == 1 and change.kind is ChangeKind.ADDED:
            made.insert(int(path[0]), change.after)
    kept = [(path, one) for path, one in steps if len(path) > 1]
    for name in {path[0] for path, _ in kept}:
        made[int(name)] = _patched(made[int(name)], _within(kept, name))
    return made


def _within(steps: Sequence[tuple[Path, Change]], name: str) -> list[tuple[Path, Change]]:
    return [(path[1:], change) for path, change in steps if path and path[0] == name]


def _path(pointer: str) -> Path:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
