"""The transactions of `rightshare log restore`: one as the web process, one as the sequencer."""

from app.kernel.clock import Clock
from app.kernel.db import Database
from sharing.actions.anchor import Anchor
from sharing.actions.exporting import SERVICE
from sharing.actions.restoring import Loss, loss_of, reopen, say_restored


def what_is_lost(sequencer: Database, anchor: Anchor, origin: str) -> Loss:
    """Return what the database lacks of what was signed for; `RestoreFault` if nothing."""
    with sequencer.reading() as session:
        return loss_of(session, origin, anchor.read())


def restore_log(  # noqa: PLR0913  (each is a part of its own)
    database: Database,
    sequencer: Database,
    anchor: Anchor,
    loss: Loss,
    *,
    because: str,
    clock: Clock,
) -> None:
    """Have the log say what happened, and run again under its new name.

    Cut short, it can be done again: until the file outside the database follows, the log halts.
    """
    with database.transaction(speaking_for=SERVICE) as session:
        say_restored(session, loss, because, clock())
    with sequencer.transaction() as session:
        reopen(session, loss)
    anchor.write(loss.held)
