"""What each agency holds about the invented families: short, plausible, and true of no one."""

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from app.demo.world import names
from app.demo.world.calendar import Calendar
from app.demo.world.families import Grown
from app.demo.world.terms import PlannedPerson, PlannedRecord, State

ELM_JOINED: Final = 60
"""How many days ago Elm Park Academy joined the early help agreement."""

_FIRST_AT_ELM = 32
_WITH_SOCIAL_CARE = {State.STEP_DOWN, State.REFUSED, State.WITHHELD, State.SIBLING_SHIELDED}
_WITH_POLICE = {
    State.POLICE_NOTICE,
    State.ADULT_WITHOUT_SAY,
    State.SHIELDED_HIDDEN,
    State.SHIELDED_MASKED,
}
_GOALS = (
    "Bedtime by eight on school nights",
    "Breakfast club three mornings a week",
    "A quiet place for homework",
    "One afternoon a week with a befriender",
    "Asthma plan shared with the class teacher",
)
_STRENGTHS = ("close grandparents", "loves football", "reads every day", "good friends at school")
_WORRIES = ("late most Mondays", "poor sleep", "rent arrears", "a parent's low mood")
_INCIDENTS = ("argument reported by a neighbour", "call ended before it was answered")


def school_of(grown: Grown) -> str:
    """Return the school that the family's child goes to."""
    number = int(grown.family.key.removeprefix("family-"))
    at_elm = number >= _FIRST_AT_ELM and number % 2 == 0
    return "elm-school" if at_elm or grown.family.state is State.POLICE_NOTICE else "oak-school"


def records_of(grown: Grown, calendar: Calendar, dice: random.Random) -> Iterator[PlannedRecord]:
    """Yield what is deposited about a family: when it became known, or when its school joined."""
    child = grown.persons[0]
    for source, categories in _holdings(grown).items():
        at = calendar.ago(ELM_JOINED - 2, 9) if source == "elm-school" else child.at
        for category in categories:
            content = _content(category, grown, dice)
            yield PlannedRecord(at, source, child.key, category, content)
    for person in grown.persons[1:]:
        if grown.family.state is State.WHOLE_FAMILY or person.key.endswith("sibling"):
            for category in ("involvement", "contact", "plan"):
                content = _content(category, grown, dice)
                yield PlannedRecord(child.at, "eh-hub", person.key, category, content)


def _holdings(grown: Grown) -> Mapping[str, tuple[str, ...]]:
    state = grown.family.state
    if state is State.SENSITIVE_ONLY:
        return {"camhs": ("involvement",)}
    held: dict[str, tuple[str, ...]] = {
        "eh-hub": ("involvement", "contact", "household", "assessment", "plan"),
        school_of(grown): ("involvement", "contact", "attendance"),
        "hv-trust": ("involvement", "health_summary"),
    }
    if state in _WITH_SOCIAL_CARE:
        held["csc"] = ("involvement", "contact", "plan", "safeguarding_concern")
    if state in _WITH_POLICE:
        held["police"] = ("involvement", "police_incidents")
    if state is State.SENSITIVE_BY_NAME:
        held["camhs"] = ("involvement", "sensitive_services")
    return held


def _content(category: str, grown: Grown, dice: random.Random) -> Mapping[str, object]:
    if category == "involvement":
        return {"since": str(grown.persons[0].at.date()), "status": "open"}
    if category == "household":
        return {"members": [_member(person) for person in grown.persons]}
    return _CONTENTS[category](dice)


def _member(person: PlannedPerson) -> Mapping[str, str]:
    role = person.key.removeprefix(f"{person.family}-")
    return {"subject": person.key, "name": f"{person.given} {person.surname}", "relation": role}


def _contact(dice: random.Random) -> Mapping[str, object]:
    address = f"{dice.randrange(1, 80)} {dice.choice(names.STREETS)}"
    # A range of numbers kept for fiction: ringing one disturbs nobody.
    return {"address": address, "telephone": f"01632 960{dice.randrange(200, 1000)}"}


def _attendance(dice: random.Random) -> Mapping[str, object]:
    possible = 120
    return {"possible": possible, "attended": dice.randrange(84, possible), "term": "last"}


def _assessment(dice: random.Random) -> Mapping[str, object]:
    return {"strengths": dice.sample(_STRENGTHS, 2), "worries": dice.sample(_WORRIES, 2)}


def _plan(dice: random.Random) -> Mapping[str, object]:
    lead = dice.choice(("school nurse", "teaching assistant", "family support worker"))
    return {"goals": dice.sample(_GOALS, 2), "lead_practitioner": lead, "review_weeks": 6}


def _health_summary(dice: random.Random) -> Mapping[str, object]:
    return {"conditions": [dice.choice(("asthma", "eczema", "glue ear"))], "checks": "up to date"}


def _police_incidents(dice: random.Random) -> Mapping[str, object]:
    return {"incidents": [{"summary": dice.choice(_INCIDENTS), "children_present": True}]}


def _safeguarding_concern(_: random.Random) -> Mapping[str, object]:
    return {"summary": "enquiry closed, the family to be helped by agreement", "level": 3}


def _sensitive_services(dice: random.Random) -> Mapping[str, object]:
    return {"summary": f"six sessions agreed, {dice.randrange(1, 6)} attended"}


_CONTENTS: Final[Mapping[str, Callable[[random.Random], Mapping[str, object]]]] = {
    "contact": _contact,
    "attendance": _attendance,
    "assessment": _assessment,
    "plan": _plan,
    "health_summary": _health_summary,
    "police_incidents": _police_incidents,
    "safeguarding_concern": _safeguarding_concern,
    "sensitive_services": _sensitive_services,
}
