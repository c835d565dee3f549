"""What waits for the information governance lead: a pack that a parent asked for, and a hold."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.demo.world.terms import PlannedNoSay, PlannedRelationship, World
from app.kernel.db import speak_for
from consent.actions.writing import Writer
from sharing.actions.holds import set_hold
from sharing.actions.packs import take
from sharing.actions.retention import sign_retention
from sharing.terms.access import Asking, Capacity
from sharing.terms.rights import Actor, NewHold, NewRetention, RetentionCode

OLDEST: Final = 12
_YESTERDAY: Final = timedelta(days=1)
_MONTHS: Final = {
    RetentionCode.RECORD: 72,
    RetentionCode.CONSENT: 72,
    RetentionCode.DISCLOSURE_OPENING: 72,
    RetentionCode.ACCESS_PACK: 12,
    RetentionCode.DECISION_NOT_TO_SHARE: 72,
    RetentionCode.ESCALATION: 72,
}


def sign_periods(session: Session, by: Writer, world: World) -> None:
    """Have it signed off how long each class of record is kept."""
    signer = Actor(by.client, by.agency, "")
    for code, months in _MONTHS.items():
        new = NewRetention(
            code, months, erasable=True, signed_by="IG lead", authority="partnership board"
        )
        sign_retention(session, new, signer, min(one.starts for one in world.agencies))


def leave_rights(session: Session, world: World, ids: Mapping[str, UUID], by: Writer) -> None:
    """Have a parent ask, as of the day before, what is held of a young child; hold another's."""
    at = world.at - _YESTERDAY
    actor = Actor(by.client, by.agency, "")
    young = _with_a_say(world)
    asks, held = young[0], young[-1]  # of two families
    speak_for(session, by.agency)
    asking = Asking(
        subject=ids[asks.child],
        asked_by=ids[asks.person],
        capacity=Capacity.PARENT,
        requester=None,
        identity_check="Passport seen at the family centre",
        taken_by="staff-0101",
        asked_on=at.date(),
    )
    take(session, asking, (), actor, at)
    hold = NewHold(
        subject=ids[held.child],
        reason="A public inquiry asked for everything to be kept",
        authority="Letter of the inquiry, paragraph 4",
        set_by="staff-0101",
    )
    set_hold(session, hold, actor, lambda: at)


def _with_a_say(world: World) -> list[PlannedRelationship]:
    """Return who decides for a young child and never lost their say, in the order of the plan."""
    lost = {(one.child, one.person) for one in world.facts if isinstance(one, PlannedNoSay)}
    return [
        one
        for one in world.facts
        if isinstance(one, PlannedRelationship)
        and one.parental_responsibility
        and (one.child, one.person) not in lost
        and _is_young(world, one.child)
    ]


def _is_young(world: World, child: str) -> bool:
    return world.at.year - world.persons[child].born.year < OLDEST
