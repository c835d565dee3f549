"""What works in the background: the sequencer, the keeper who lets go of what is past, replays.

The sequencer gives entries their place in the log, a few times a second, and guards it.

The last head that was signed is also kept in a file outside PostgreSQL. If the database is ever
behind that file, or disagrees with it, somebody restored or rewrote it: the log halts, and with it
every disclosure, until a person has looked.
"""

import base64
import json
import os
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.db import Database
from app.kernel.queue import Job, Work, enqueue
from sharing.actions.erasing import erase_past, past_its_time
from sharing.actions.replaying import REPLAY, replay_some
from sharing.actions.sequencing import (
    Head,
    SteppedAside,
    begin,
    halt,
    integrate,
    lead,
    publish,
    root_at,
    state_of,
)
from sharing.chain.errors import ChainError
from sharing.chain.notes import Signer
from sharing.terms.rights import Actor, RetentionCode


def replay(session: Session, job: Job, at: datetime) -> None:
    """Replay the next requests against a draft of an agreement."""
    replay_some(session, UUID(str(job.payload["preview"])), at)


RETENTION: Final = "retention.daily"
LET_GO: Final = "retention.let_go"
RECURRING: Final = {RETENTION: timedelta(days=1)}
POLL_SECONDS: Final = 0.1
_HEARTBEAT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The file that remembers the newest signed head."""

    path: Path

    def read(self) -> Head | None:
        """Return the head in the file; None where there is no file."""
        if not self.path.exists():
            return None
        document = json.loads(self.path.read_text())
        return Head(int(document["size"]), base64.b64decode(document["root"]))

    def write(self, head: Head) -> None:
        """Put a head into the file so that not even a power cut loses it."""
        draft = self.path.with_suffix(".draft")
        document = {"size": head.size, "root": base64.b64encode(head.root).decode()}
        with draft.open("w") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Sequencer:
    """Moves the log on; any number may run, one of them leads at a time."""

    def __init__(self, database: Database, signer: Signer, anchor: Anchor, clock: Clock) -> None:
        self._database = database
        self._signer = signer
        self._anchor = anchor
        self._clock = clock
        self._beaten: datetime | None = None

    def run(self, stopping: threading.Event) -> None:
        """Sequence until told to stop; a database that is away for a while is waited for."""
        log = structlog.get_logger(__name__)
        while not stopping.is_set():
            try:
                if self.step():
                    continue
            except SteppedAside:
                log.info("another sequencer leads")
            except SQLAlchemyError as error:
                log.warning("database not available", error=type(error).__name__)
            stopping.wait(POLL_SECONDS)

    def step(self) -> int:
        """Integrate one batch and publish it; returns how many entries it held."""
        at = self._clock()
        with self._database.transaction() as session:
            if not lead(session):
                return 0
            state = state_of(session)
            if state.halted_because is not None:
                return 0
            fault = self._fault(session, state.size)
            if fault is not None:
                halt(session, fault)
                return 0
            if self._beaten is None:
                begin(session, self._signer, at)
            head = integrate(session, self._signer, state.size, at)
            if head is None and state.published_size < state.size:
                head = Head(state.size, root_at(session, state.size))
        if head is not None:
            self._anchor.write(head)
            self._publish(head.size, at)
            return head.size - state.size
        if self._beaten is None or at - self._beaten >= _HEARTBEAT:
            self._publish(state.size, at)
        return 0

    def _publish(self, size: int, at: datetime) -> None:
        with self._database.transaction() as session:
            publish(session, size, at)
        self._beaten = at

    def _fault(self, session: Session, size: int) -> str | None:
        """Say why this database cannot be the one that was signed for, if so."""
        known = self._anchor.read()
        if known is None:
            return None
        if size < known.size:
            return f"rollback: the database holds {size} entries, {known.size} were signed for"
        if self._beaten is not None:  # the roots were compared when this process started
            return None
        try:
            agrees = root_at(session, known.size) == known.root
        except ChainError:
            agrees = False
        return None if agrees else f"the tree of {known.size} entries is not the one signed for"


class Keeper:
    """Erases what is past its retention, a batch a job, so that a run cut short goes on later."""

    def __init__(self, eraser: Database) -> None:
        """Take the database as the role sees it that erases."""
        self._eraser = eraser

    @property
    def work(self) -> dict[str, Work]:
        """What the worker does for it."""
        return {LET_GO: self.let_go}

    def let_go(self, session: Session, job: Job, at: datetime) -> None:
        """Erase a batch of a class, with an entry for each agency on whose word it goes."""
        code, after = RetentionCode(job.payload["class"]), job.payload["after"]
        with self._eraser.transaction() as looking:
            start = None if after is None else UUID(after)
            batches, last = past_its_time(looking, code, start, at)
        for agency, items in sorted(batches.items()):
            with self._eraser.transaction(speaking_for=agency) as erasing:
                erase_past(erasing, code, Actor(RETENTION, agency, ""), items, at)
        if last is not None:
            enqueue(session, LET_GO, {"class": code.value, "after": str(last)}, at, at)


def look_today(session: Session, _: Job, at: datetime) -> None:
    """Have each class looked through, by a job of its own."""
    for code in RetentionCode:
        enqueue(session, LET_GO, {"class": code.value, "after": None}, at, at)


WORK: Final[dict[str, Work]] = {REPLAY: replay, RETENTION: look_today}
