"""Putting a privacy notice on file, for ever, and asking whether one was."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from consent.actions.errors import NoticeExists, UnknownNotice
from consent.actions.writing import Writer
from consent.models.notices import PrivacyNoticeRow
from consent.queries import notices
from consent.queries.consents import PRIVACY, Notice
from consent.queries.notices import PrivacyNotice
from consent.rules.notices import text_hash, why_not_shown


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be put on file: what it says, from when it is shown, and who approved it."""

    code: str
    version: str
    language: str
    title: str
    text: str
    approved_by: str
    starts: datetime


def publish(session: Session, new: NewNotice, by: Writer, at: datetime) -> PrivacyNotice:
    """Put a notice on file; `NoticeExists` if this version is there in this language."""
    made = PrivacyNotice(**asdict(new), sha256=text_hash(new.text), recorded_at=at)
    put = insert(PrivacyNoticeRow).values(asdict(made) | by.stamp(at)).on_conflict_do_nothing()
    if session.scalar(put.returning(PrivacyNoticeRow.code)) is None:
        raise NoticeExists(pointer="#/version")
    return made


def shown(session: Session, named: Notice, at: datetime) -> str:
    """Return the hash of the text that a person was shown; `UnknownNotice` names what there is."""
    code = named.code or PRIVACY
    on_file = notices.begun(session, code, at)
    found = on_file.get((named.version, named.language))
    if found is None:
        said = why_not_shown(code, named.version, named.language, list(on_file))
        raise UnknownNotice(said, "#/notice")
    return found
