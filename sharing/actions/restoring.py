"""Going on after the database was taken back: nothing is hidden, and the log gets a new name.

What was signed under the old name stays true of the old log, of which entries are lost; whoever
holds a receipt of one can show it. Under the new name the log continues from what there is, and
its next entry says what happened.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from sharing.actions.exporting import SERVICE
from sharing.actions.log import Line, append_entry
from sharing.actions.sequencing import Head, root_at, state_of
from sharing.chain.encoding import write_base64
from sharing.chain.errors import ChainError
from sharing.chain.leaves import EntryKind
from sharing.models.log import LogStateRow

_NUMBERED: Final = re.compile(r"(.+)/([0-9]{1,6})")


class RestoreFault(Exception):
    """A restore must be acknowledged, or there is none to acknowledge; the message says which."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a database that was taken back holds, and what had been signed for."""

    origin: str
    held: Head
    signed: Head

    @property
    def lost(self) -> int:
        """How many entries were signed for and are gone."""
        return max(0, self.signed.size - self.held.size)

    @property
    def next_origin(self) -> str:
        """The name of the log that continues this one."""
        found = _NUMBERED.fullmatch(self.origin)
        return f"{self.origin}/2" if found is None else f"{found[1]}/{int(found[2]) + 1}"


def loss_of(session: Session, origin: str, signed: Head | None) -> Loss:
    """Return what is lost; `RestoreFault` where the log is not halted and nothing is."""
    state = state_of(session)
    try:
        held = Head(state.size, root_at(session, state.size))
        known = signed or held
        same = known.size <= held.size and root_at(session, known.size) == known.root
    except ChainError as error:
        raise RestoreFault("The tree itself is damaged: restore another backup.") from error
    if same and state.halted_because is None:
        raise RestoreFault("The log runs, and nothing that was signed for is missing.")
    return Loss(state.origin or origin, held, known)


def say_restored(session: Session, loss: Loss, reason: str, at: datetime) -> None:
    """Write the entry that says what was lost, and why; the session speaks for the service."""
    facts: dict[str, Any] = {
        "act": "restored",
        "outcome": "restore",
        "reason": reason,
        "before": {
            "origin": loss.origin,
            "size": loss.signed.size,
            "root": write_base64(loss.signed.root),
        },
        "origin": loss.next_origin,
        "size": loss.held.size,
    }
    append_entry(session, Line(SERVICE, None, "restore", facts, about={}), at, EntryKind.RESTORE)


def reopen(session: Session, loss: Loss) -> None:
    """Let the log run again under its new name."""
    session.execute(update(LogStateRow).values(origin=loss.next_origin, halted_because=None))
