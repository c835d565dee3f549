"""The sequencer: gives entries their place in the log, a few times a second, and guards it.

The last head that was signed is also kept in a file outside PostgreSQL. If the database is ever
behind that file, or disagrees with it, somebody restored or rewrote it: the log halts, and with it
every disclosure, until a person has looked. So it does where that file is gone and the log is not.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import Database, fault_of
from app.kernel.signing import SigningKeyMissing
from sharing.actions.anchor import Anchor, AnchorFault
from sharing.actions.sequencing import (
    LARGEST_BATCH,
    Head,
    State,
    SteppedAside,
    add_cosignature,
    begin,
    checkpoint_of,
    cosigners_of,
    halt,
    integrate,
    is_waiting,
    lead,
    prover,
    publish,
    root_at,
    state_of,
)
from sharing.actions.witnesses import NotCosigned, RememberedOtherwise, Witnesses
from sharing.chain.checkpoints import parse_checkpoint
from sharing.chain.errors import ChainError
from sharing.chain.notes import Signer, parse_note
from sharing.chain.tree import EMPTY_ROOT

POLL_SECONDS: Final = 0.1
COSIGN_SECONDS: Final = 1.0
UNTIL_ASKED_AGAIN: Final = timedelta(minutes=1)
NO_WITNESSES: Final = Witnesses()
_HEARTBEAT: Final = timedelta(seconds=1)


class OtherLog(RuntimeError):
    """The database's log goes by another name than this process was told."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"The log of this database is called {origin}."
            f" Set RIGHTSHARE_LOG_ORIGIN={origin} for every process of the service."
        )


class Sequencer:
    """Moves the log on; any number may run, one of them leads at a time.

    It signs with every signer, of which the first names the log: two while a key is rotated. Who
    they are is asked again with each beat of its heart, so that a rotation needs no new start.
    """

    def __init__(
        self,
        database: Database,
        signers: Signer | Callable[[], Sequence[Signer]],
        anchor: Anchor,
        clock: Clock,
        witnesses: Witnesses = NO_WITNESSES,
    ) -> None:
        self._database = database
        self._signers_now = (lambda: (signers,)) if isinstance(signers, Signer) else signers
        self._signers = tuple(self._signers_now())
        self._anchor = anchor
        self._clock = clock
        self._witnesses = witnesses
        self._beaten: datetime | None = None
        self._signed: Head | None = None

    def run(self, stopping: threading.Event) -> None:
        """Sequence until told to stop; a database that is away for a while is waited for."""
        log = structlog.get_logger(__name__)
        while not stopping.is_set():
            try:
                if self.step() >= LARGEST_BATCH:
                    continue  # more waits; what comes in meanwhile goes together next time
            except SteppedAside:
                log.info("another sequencer leads")
            except SQLAlchemyError as error:
                log.warning("database fault", **fault_of(error))
            stopping.wait(POLL_SECONDS)

    def step(self) -> int:
        """Integrate one batch and publish it; returns how many entries it held."""
        at = self._clock()
        if self._beaten is None or at - self._beaten >= _HEARTBEAT:
            self._ask_for_signers()
        with self._database.transaction() as session:
            state = self._state_to_lead_from(session)
            if state is None:
                return 0
            if self._beaten is None:
                begin(session, self._signers, at)
            head = integrate(session, self._signers, state.size, at)
            behind = state.published_size < state.size and not self._witnesses.quorum
            if head is None and behind:
                head = Head(state.size, root_at(session, state.size))
        if head is not None:
            self._remember(head)
            self._publish(head.size, at)
            return head.size - state.size
        if self._beaten is None or at - self._beaten >= _HEARTBEAT:
            self._publish(state.size, at)
        return 0

    def _remember(self, head: Head) -> None:
        """Keep what was signed, outside the database, before anybody reads it."""
        self._anchor.write(head)
        self._signed = head

    def _ask_for_signers(self) -> None:
        """Learn who signs now; while a key's file is just being replaced, go on with those before.

        Files are looked at once a second, and by nobody who answers a request.
        """
        try:
            self._signers = tuple(self._signers_now())
        except (SigningKeyMissing, OSError) as error:
            log = structlog.get_logger(__name__)
            log.warning("the log's keys cannot be read", error=type(error).__name__)

    def _state_to_lead_from(self, session: Session) -> State | None:
        """Return the log's state if this process leads and nothing is wrong; halt it if it is."""
        if not lead(session):
            return None
        state = state_of(session)
        if state.origin is not None and state.origin != self._signers[0].name:
            raise OtherLog(state.origin)
        if state.halted_because is not None:
            return None
        fault = self._fault(session, state.size)
        if fault is not None:
            halt(session, fault)
            return None
        return state

    def _publish(self, size: int, at: datetime) -> None:
        # Where witnesses must sign first, whoever asks them publishes.
        if not self._witnesses.quorum:
            with self._database.transaction() as session:
                publish(session, size, at)
        self._beaten = at

    def _fault(self, session: Session, size: int) -> str | None:
        """Say why this database cannot be the one that was signed for, if so."""
        try:
            known = self._anchor.read() or self._signed
        except AnchorFault as error:
            return str(error)
        if known is not None and size < known.size:
            return f"rollback: the database holds {size} entries, {known.size} were signed for"
        remembered = None if self._beaten else self._remembered_elsewhere(session, size)
        if remembered is not None:
            return remembered
        if known is None:
            return self._begun(size)
        # Where nothing waits nothing is signed: the tree has been compared before what there is.
        if self._beaten and not is_waiting(session):
            return None
        try:
            agrees = root_at(session, known.size) == known.root
        except ChainError:
            agrees = False
        return None if agrees else f"the tree of {known.size} entries is not the one signed for"

    def _begun(self, size: int) -> str | None:
        """Begin the file with a log that is empty; say that it is gone where the log is not.

        Written first, before anything is committed, so that no log is ever without one.
        """
        if size:
            return (
                f"the file of what was signed last is gone, and the log holds {size} entries. Put"
                " it back; if nobody has it: rightshare log restore"
            )
        self._remember(Head(0, EMPTY_ROOT))
        return None

    def _remembered_elsewhere(self, session: Session, size: int) -> str | None:
        """Say which witness cosigned what this log does not hold, if one did."""
        note = checkpoint_of(session, size)
        if note is None or parse_checkpoint(parse_note(note).text).origin != self._signers[0].name:
            return None
        for one in self._witnesses.asked:
            try:
                one.cosign(size, note, prover(session))
            except RememberedOtherwise as error:
                return str(error)
            except NotCosigned as error:
                _told(one.key.name, size, error)
        return None


class Cosigner:
    """Takes signed checkpoints to the witnesses, beside the sequencer, which waits for none.

    Where a quorum must sign first, this publishes what has it. A witness that does not answer is
    asked again after a minute: the others need not wait for it each time.
    """

    def __init__(
        self, database: Database, witnesses: Witnesses, anchor: Anchor, clock: Clock
    ) -> None:
        self._database = database
        self._witnesses = witnesses
        self._anchor = anchor
        self._clock = clock
        self._again: dict[str, datetime] = {}

    def run(self, stopping: threading.Event) -> None:
        """Ask whenever the log has grown, until told to stop."""
        while not stopping.wait(COSIGN_SECONDS):
            try:
                self.step()
            except SQLAlchemyError as error:
                log = structlog.get_logger(__name__)
                log.warning("database fault", **fault_of(error))

    def step(self) -> int:
        """Have the newest checkpoint cosigned; returns how many witnesses have signed it."""
        # The file is written after the commit: what it names was signed for and stays.
        head = self._anchor.read()
        if head is None:
            return 0
        with self._database.reading() as session:
            note = checkpoint_of(session, head.size)
            there = cosigners_of(session, head.size)
            if note is None or state_of(session).halted_because is not None:
                return len(there)
            lines = dict(self._asked(session, head.size, note, there))
        at = self._clock()
        with self._database.transaction() as session:
            for name, line in lines.items():
                add_cosignature(session, head.size, name, line, at)
            signed = len(there | lines.keys())
            if 0 < self._witnesses.quorum <= signed:
                publish(session, head.size, at)
        return signed

    def _asked(
        self, session: Session, size: int, note: bytes, there: frozenset[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Yield who cosigns now, and its line."""
        at = self._clock()
        for one in self._witnesses.asked:
            name = one.key.name
            if name in there or at < self._again.get(name, at):
                continue
            try:
                yield name, one.cosign(size, note, prover(session))
            except (NotCosigned, RememberedOtherwise) as error:
                self._again[name] = at + UNTIL_ASKED_AGAIN
                _told(name, size, error)


def _told(witness: str, size: int, error: Exception) -> None:
    log = structlog.get_logger(__name__)
    log.warning("checkpoint not cosigned", witness=witness, size=size, why=str(error))
