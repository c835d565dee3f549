"""What the worker does for the directory: it asks whether services are still right, and forgets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.mail import Post
from app.kernel.queue import Job, Work, enqueue
from directory.actions.reminders import remind, write_letter
from directory.actions.reports import forget_senders
from directory.actions.uploads import DUPLICATES, IMPORT, look_some_more, take_in_some
from directory.actions.uploads import give_up as give_up_upload

REMIND: Final = "directory.remind"
LETTER: Final = "directory.letter"
FORGET: Final = "directory.forget_senders"


def remind_today(session: Session, _: Job, at: datetime) -> None:
    """Find whom to ask today, and have each letter sent by a job of its own."""
    for letter in remind(session, at):
        enqueue(session, LETTER, {"letter": str(letter)}, at, at)


def forget(session: Session, _: Job, at: datetime) -> None:
    """Forget what told senders of reports from each other."""
    forget_senders(session, at)


def take_in(session: Session, job: Job, at: datetime) -> None:
    """Take in the next lines of an upload."""
    take_in_some(session, UUID(str(job.payload["import"])), at)


def give_up(session: Session, job: Job, at: datetime) -> None:
    """Have an upload say that the rest of its lines is not taken in."""
    give_up_upload(session, UUID(str(job.payload["import"])), at)


def look_for_duplicates(session: Session, _: Job, at: datetime) -> None:
    """Compare services that changed with all others."""
    look_some_more(session, at)


WORK: Final[dict[str, Work]] = {
    REMIND: remind_today,
    FORGET: forget,
    IMPORT: take_in,
    DUPLICATES: look_for_duplicates,
}
GIVEN_UP: Final[dict[str, Work]] = {IMPORT: give_up}
"""What is done about work that has failed for good."""
RECURRING: Final = {
    REMIND: timedelta(days=1),
    FORGET: timedelta(hours=1),
    DUPLICATES: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class LetterWriter:
    """Writes letters: with the post that takes them, and the address that their links lead to."""

    post: Post
    public_url: str
    publisher: str

    def send(self, session: Session, job: Job, at: datetime) -> None:
        """Send one letter; what cannot be sent now is tried again by the queue."""
        letter = UUID(str(job.payload["letter"]))
        written = write_letter(session, letter, self.publisher, self.link, at)
        if written is not None:
            self.post.send(written)

    def link(self, token: str) -> str:
        """Return the address that a token leads to."""
        return f"{self.public_url}/services/still-right/{token}"
