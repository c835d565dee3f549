"""Ninety days of ordinary asking, working day by working day."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.demo.world.calendar import Calendar
from app.demo.world.families import Grown
from app.demo.world.records import ELM_JOINED, school_of
from app.demo.world.terms import PlannedRequest, State

DAYS: Final = 90
_A_DAY = (5, 6, 6, 7, 8, 9)
_STAFF = 9
_OPEN, _CLOSED = 8, 17


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that an agency's system asks again and again, and how often beside the others."""

    weight: int
    client: str
    source: str
    categories: tuple[str, ...]
    role: str
    purpose: str = "early_help_support"
    basis: str = "public_task"
    kind: str = "content"


_POINTER = ("involvement",)
_STATUTORY = ("safeguarding_enquiry", "legal_obligation")
_NOTICE = ("safeguarding_notification", "legal_obligation")

POINTER_OAK: Final = Errand(8, "oak-mis", "*", _POINTER, "pastoral_lead", kind="pointer")
PLAN_OAK: Final = Errand(
    9, "oak-mis", "eh-hub", ("plan", "assessment"), "designated_safeguarding_lead"
)
HEALTH_HUB: Final = Errand(
    3, "hub-case", "hv-trust", ("health_summary",), "family_support_worker", basis="consent"
)
CHARITY: Final = Errand(
    3, "vcs-crm", "eh-hub", ("contact", "plan"), "family_mentor", basis="consent"
)
POINTER_ELM: Final = Errand(4, "elm-mis", "*", _POINTER, "pastoral_lead", kind="pointer")
ATTENDANCE: Final = Errand(
    7, "hub-case", "oak-school", ("attendance", "contact"), "family_support_worker"
)

ROTA: Final = (
    POINTER_OAK,
    PLAN_OAK,
    HEALTH_HUB,
    CHARITY,
    POINTER_ELM,
    ATTENDANCE,
    Errand(6, "hub-case", "*", _POINTER, "early_help_coordinator", kind="pointer"),
    Errand(3, "hv-epr", "*", _POINTER, "health_visitor", kind="pointer"),
    Errand(4, "elm-mis", "eh-hub", ("plan",), "designated_safeguarding_lead"),
    Errand(3, "hub-case", "elm-school", ("attendance",), "family_support_worker"),
    Errand(4, "hv-epr", "eh-hub", ("plan", "household"), "health_visitor"),
    Errand(
        4, "csc-case", "eh-hub", ("assessment", "plan", "contact"), "social_worker", *_STATUTORY
    ),
    Errand(3, "mash-desk", "*", _POINTER, "screening_officer", *_STATUTORY, "pointer"),
    Errand(2, "mash-desk", "police", ("police_incidents",), "screening_officer", *_STATUTORY),
    Errand(1, "police-ppu", "csc", ("contact", "household"), "detective", _STATUTORY[0]),
    Errand(1, "elm-mis", "police", ("police_incidents",), "head_teacher", *_NOTICE),
    Errand(1, "hub-case", "csc", ("plan",), "early_help_coordinator", "step_down_handover"),
    Errand(2, "housing-sys", "eh-hub", ("contact",), "tenancy_officer"),
    # What no agreement opens is asked too: a lead learns from it what is missing.
    Errand(1, "club-crm", "eh-hub", ("plan",), "youth_worker", basis="consent"),
    Errand(1, "oak-mis", "eh-hub", ("health_summary",), "pastoral_lead"),
    Errand(1, "hub-case", "oak-school", ("attendance",), "analyst", "programme_evaluation"),
    Errand(1, "oak-mis", "eh-hub", ("plan",), "pastoral_lead", basis="consent"),
)  # fmt: skip


def requests(
    grown: Sequence[Grown], calendar: Calendar, dice: random.Random
) -> Iterator[PlannedRequest]:
    """Yield the ordinary requests of ninety days, none later than `at`, in no order."""
    weights = [errand.weight for errand in ROTA]
    for days in range(1, DAYS + 1):
        for errand in dice.choices(ROTA, weights, k=_asked_on(calendar, days, dice)):
            if days > ELM_JOINED and "elm" in errand.client + errand.source:
                continue
            at = calendar.ago(days, dice.randrange(_OPEN, _CLOSED), dice.randrange(60))
            yield request(errand, _someone(errand, grown, dice), at, dice.randrange(1, _STAFF))
    for minutes in (20, 75, 130):
        someone = _someone(PLAN_OAK, grown, dice)
        yield request(PLAN_OAK, someone, calendar.at - timedelta(minutes=minutes), 3)


def request(errand: Errand, subject: str, at: datetime, staff: int) -> PlannedRequest:
    """Return one request of this kind, by a numbered member of the agency's staff."""
    return PlannedRequest(
        at=at,
        client=errand.client,
        subject=subject,
        source=errand.source,
        purpose=errand.purpose,
        basis=errand.basis,
        categories=errand.categories,
        practitioner=f"staff-{errand.client.partition('-')[0]}-{staff:02}",
        role=errand.role,
        kind=errand.kind,
    )


def _asked_on(calendar: Calendar, days: int, dice: random.Random) -> int:
    return dice.choice(_A_DAY) if calendar.working(days) else 0


def _someone(errand: Errand, grown: Sequence[Grown], dice: random.Random) -> str:
    """Return a child that the errand could be about: a school mostly asks about its own pupils."""
    school = {"oak-mis": "oak-school", "elm-mis": "elm-school"}.get(errand.client, errand.source)
    own = [one for one in grown if school_of(one) == school]
    # A hidden child is looked up only where somebody is meant to notice.
    open_ones = [one for one in own or grown if one.family.state is not State.SHIELDED_HIDDEN]
    return dice.choice(open_ones).family.child
