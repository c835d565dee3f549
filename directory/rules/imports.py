"""How far an import is, in words: what it comes to where it ended before its last row."""

from typing import Final

from directory.terms.exchange import Import, ImportFailure

_AGAIN: Final = "Send the same lines again: rows that are on file as they are change nothing."
_WHY: Final = {
    ImportFailure.GIVEN_UP: "The service failed at this each time that it tried.",
    ImportFailure.SUPERSEDED: "It was cut short, and its source has been read anew since.",
}
_NEXT: Final = {
    ImportFailure.GIVEN_UP: (
        f"{_AGAIN} If it fails again, give this id to whoever runs the service."
    ),
    ImportFailure.SUPERSEDED: "Nothing needs doing.",
}


def failure_told(one: Import) -> str | None:
    """Return why an import failed, which rows were taken in, and what to do; None if it did not.

    Rows count from 1, as the places in its notes do.
    """
    if one.failure is None:
        return None
    done = one.tally.rows
    reached = f"Rows 1 to {done} were taken in, none after." if done else "No row was taken in."
    return f"{_WHY[one.failure]} {reached} {_NEXT[one.failure]}"
