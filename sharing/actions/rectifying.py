"""Putting right what is wrong, or marking it as disputed; past recipients are listed and told."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from consent.queries.subjects import keys_of, recorded_by
from directory.queries.agencies import agencies
from sharing.actions.records import announce, own_record, put_right
from sharing.actions.rights_errors import (
    RecordDisputed,
)
from sharing.models.records import RecordRow
from sharing.models.rights import RectificationRecipientRow, RectificationRow
from sharing.queries.events import received
from sharing.queries.rectifications import KIND_OF
from sharing.terms.events import Happening
from sharing.terms.records import Depositor
from sharing.terms.rectifying import NewRectification, Rectified


def rectify(
    session: Session, new: NewRectification, by: Depositor, at: datetime
) -> RectificationRow:
    """Replace a record's content, or mark it as disputed; the session speaks for its source.

    `NotAvailable` if the record is not the caller's, not of this subject or has ended, or if nobody
    knows who said so; `RecordDisputed` if it was marked before and is not put right now.
    """
    old = own_record(session, new.record, by.agency, at)
    ended = old.ends is not None and old.ends <= at
    if old.subject_id != new.subject or ended or recorded_by(session, new.said_by) is None:
        raise NotAvailable
    outcome = Rectified.REFUSED if new.content is None else Rectified.CORRECTED
    recipients = _past_recipients(session, old, outcome)
    speak_for(session, by.agency)
    replacement = None
    if new.content is not None:
        replacement = put_right(session, new.record, new.content, by, at).id
    elif old.disputed_at is not None:
        raise RecordDisputed
    else:
        old.disputed_at = at
        announce(session, KIND_OF[outcome], old, at)
    row = _row(session, old, new, by, at)
    row.outcome, row.disputed = outcome.value, replacement is None
    row.new_record_id = replacement
    session.add(row)
    session.flush()
    _list(session, row.id, recipients)
    return row


def _past_recipients(
    session: Session, record: RecordRow, outcome: Rectified
) -> Mapping[str, list[UUID]]:
    """Return each agency that received that category of that source (UK GDPR, Article 19)."""
    happening = Happening(
        KIND_OF[outcome],
        record.id,
        (record.subject_id,),
        source=record.source,
        category=record.category,
    )
    found = {}
    for agency in agencies(session):
        speak_for(session, agency.code)
        if agency.code != record.source:
            found[agency.code] = received(session, agency.code, happening)
    return {code: disclosures for code, disclosures in found.items() if disclosures}


def _row(
    session: Session, old: RecordRow, new: NewRectification, by: Depositor, at: datetime
) -> RectificationRow:
    made = new_id(at)
    key = keys_of(session, {new.subject})[new.subject]
    said = {"wrong": new.wrong, "reason": new.reason, "said_by": str(new.said_by)}
    return RectificationRow(
        id=made,
        subject_id=new.subject,
        record_id=old.id,
        source=old.source,
        category=old.category,
        said=key.seal(json.dumps(said).encode(), "rectification", made, "said"),
        decided_by=new.decided_by,
        recorded_at=at,
        recorded_by_client=by.client_id,
    )


def _list(session: Session, rectification: UUID, recipients: Mapping[str, list[UUID]]) -> None:
    rows = [
        {"rectification_id": rectification, "agency": agency, "disclosures": disclosures}
        for agency, disclosures in recipients.items()
    ]
    if rows:
        session.execute(insert(RectificationRecipientRow), rows)
