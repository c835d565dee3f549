"""What the worker does beside the log: replaying, letting go of what is past, partitions."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.db import Database
from app.kernel.queue import Job, Work, enqueue
from sharing.actions.erasing import erase_past, past_its_time
from sharing.actions.exporting import SERVICE
from sharing.actions.partitions import make_partitions, retire
from sharing.actions.replaying import REPLAY, give_up, replay_some
from sharing.queries.partitions import past
from sharing.terms.rights import Actor, RetentionCode

RETENTION: Final = "retention.daily"
LET_GO: Final = "retention.let_go"
PARTITIONS: Final = "partitions.hourly"
RECURRING: Final = {RETENTION: timedelta(days=1), PARTITIONS: timedelta(hours=1)}


def replay(session: Session, job: Job, at: datetime) -> None:
    """Replay the next requests against a draft of an agreement."""
    replay_some(session, UUID(str(job.payload["preview"])), at)


def give_up_replay(session: Session, job: Job, at: datetime) -> None:
    """Have a replay that failed for good say so."""
    give_up(session, UUID(str(job.payload["preview"])), job.failed_because or "", at)


class Keeper:
    """Erases what is past its retention, a batch a job, so that a run cut short goes on later.

    It also sees to the partitions of the log.
    """

    def __init__(self, eraser: Database) -> None:
        """Take the database as the role sees it that erases."""
        self._eraser = eraser

    @property
    def work(self) -> dict[str, Work]:
        """What the worker does for it."""
        return {LET_GO: self.let_go, PARTITIONS: self.keep_partitions}

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

    def keep_partitions(self, _: Session, __: Job, at: datetime) -> None:
        """Make the log's next partitions, and drop those in which nothing is left."""
        while self._made(at):
            pass
        with self._eraser.transaction() as looking:
            found = past(looking, at)
        for one in found:
            with self._eraser.transaction(speaking_for=SERVICE) as keeping:
                retire(keeping, one, at)

    def _made(self, at: datetime) -> list[str]:
        with self._eraser.transaction(speaking_for=SERVICE) as keeping:
            return make_partitions(keeping, at)


def look_today(session: Session, _: Job, at: datetime) -> None:
    """Have each class looked through, by a job of its own."""
    for code in RetentionCode:
        enqueue(session, LET_GO, {"class": code.value, "after": None}, at, at)


WORK: Final[dict[str, Work]] = {REPLAY: replay, RETENTION: look_today}
GIVEN_UP: Final[dict[str, Work]] = {REPLAY: give_up_replay}
"""What is done about work that has failed for good."""
