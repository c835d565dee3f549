"""What agencies of the invented partnership push: notices, handovers, decisions not to share."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.demo.asking import asker_of, client_for, client_of, identifier_of, stopped
from app.demo.world.terms import (
    PlannedEscalation,
    PlannedNotice,
    PlannedNotShared,
    PlannedSettling,
    World,
)
from app.kernel.db import Database
from sharing.actions import escalations, not_shared, notices
from sharing.terms.asking import Reader
from sharing.terms.codes import LawfulBasis
from sharing.terms.escalations import Direction, Duty, Lead, NewEscalation
from sharing.terms.notices import KINDS, Done, NewNotice, NoticeCode, NoticeOnFile
from sharing.terms.records import NewDecisionNotToShare, NotSharedBecause

_POLICE: Final = "police"
_ANSWERED_AFTER: Final = timedelta(minutes=20)


class Pushes:
    """Does what the plan says that agencies tell unasked; `subjects` are the ids of its people."""

    def __init__(self, database: Database, world: World, subjects: Mapping[str, UUID]) -> None:
        self._database = database
        self._world = world
        self._subjects = subjects
        self.acts: Mapping[type, Callable[[Any], None]] = {
            PlannedNotice: self._notify,
            PlannedEscalation: self._hand_over,
            PlannedSettling: self._settle,
            PlannedNotShared: self._decide_not_to_share,
        }

    def _notify(self, fact: PlannedNotice) -> None:
        new = NewNotice(
            sender=_POLICE,
            client_id=client_of(self._world, _POLICE),
            recipient=fact.recipient,
            kind=KINDS[NoticeCode.DOMESTIC_ABUSE_INCIDENT],
            basis=LawfulBasis.LEGAL_OBLIGATION.value,
            identifiers=(identifier_of(self._world, fact.subject),),
            content={"summary": fact.summary},
        )
        with self._database.transaction(speaking_for=_POLICE) as session:
            sent = notices.send(session, new, stopped(fact.at))
        read_at = fact.read_at
        if isinstance(sent, NoticeOnFile) and read_at is not None:
            self._answer(sent, Done(fact.done), read_at)

    def _answer(self, sent: NoticeOnFile, done: Done, read_at: datetime) -> None:
        client = client_for(self._world, sent.recipient)
        said = notices.Said(done, None, client.client_id)
        with self._database.transaction(speaking_for=sent.recipient) as session:
            notices.read(session, sent.id, Reader(asker_of(client)), stopped(read_at))
            notices.acknowledge(session, sent.id, sent.recipient, said, read_at + _ANSWERED_AFTER)

    def _hand_over(self, fact: PlannedEscalation) -> None:
        new = NewEscalation(
            direction=Direction(fact.direction),
            from_agency=fact.source,
            to_agency=fact.to,
            from_lead=Lead(f"staff-{fact.source}-01"),
            to_lead=Lead(f"staff-{fact.to}-02"),
            basis=fact.basis,
            duty=None if fact.duty is None else Duty(fact.duty),
            reason=fact.reason,
            client_id=client_of(self._world, fact.source),
        )
        with self._database.transaction(speaking_for=fact.source) as session:
            subjects = {self._subjects[fact.subject]}
            escalations.start(session, new, subjects, stopped(fact.at))

    def _settle(self, fact: PlannedSettling) -> None:
        with self._database.transaction() as session:
            escalations.settle_waiting(session, stopped(fact.at))

    def _decide_not_to_share(self, fact: PlannedNotShared) -> None:
        new = NewDecisionNotToShare(
            source=fact.source,
            by=client_of(self._world, fact.source),
            asked_by=fact.asked_by,
            purpose="early_help_support",
            categories=frozenset(fact.categories),
            because=NotSharedBecause(fact.because),
            reason=fact.reason,
            decided_by=f"staff-{fact.source}-01",
            decided_role="designated_safeguarding_lead",
            review_at=fact.review_at,
            family_told=False,
            not_told_because=fact.not_told_because,
        )
        with self._database.transaction(speaking_for=fact.source) as session:
            not_shared.record(session, self._subjects[fact.subject], new, fact.at)
