"""What each state means in a sentence, and requests that show it, with the answers to expect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.demo.world.consents import AUNT
from app.demo.world.terms import PlannedPerson, State, Try, World

_NOTHING: Final = {"status": 404, "code": "not_available"}


@dataclass(frozen=True, slots=True)
class Story:
    """A state in plain words, and what to try."""

    text: str
    tries: tuple[Try, ...]


def subjects(world: World) -> list[dict[str, Any]]:
    """Return `subjects.json`: for each state its first family, its story and what to try.

    `relatives` says by which identifiers those are found who may decide for the child.
    """
    first = {family.state: family for family in reversed(world.families)}
    listed = []
    for state in State:
        child, story = world.persons[first[state].child], STORIES[state]
        identifiers = _identifiers(child)
        listed.append(
            {
                "identifiers": identifiers,
                "story": story.text,
                "relatives": {
                    one.key.removeprefix(f"{one.family}-"): _identifiers(one)
                    for one in world.persons.values()
                    if one.family == child.family and one.key != child.key
                },
                "try": [_as_json(one, identifiers) for one in story.tries],
            }
        )
    return listed


def _identifiers(person: PlannedPerson) -> list[dict[str, str]]:
    return [{"scheme": scheme, "value": value} for scheme, value in person.identifiers]


def _as_json(one: Try, identifiers: list[dict[str, str]]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "subject": {"identifiers": identifiers[:1]},
        "source": one.source,
        "kind": one.kind,
        "purpose": one.purpose,
        "lawful_basis": one.basis,
        "categories": list(one.categories),
    }
    if one.practitioner is not None:
        request["practitioner"] = {"id": one.practitioner, "role": "pastoral_lead"}
    if one.override is not None:
        reason, justification = one.override
        request["override"] = {"reason": reason, "justification": justification}
    return {"client_id": one.client, "request": request, "expect": dict(one.expect)}


def _told(
    *categories: str, obligations: tuple[str, ...] = (), refused: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    """Return what a permit shows: exactly these categories, and these duties."""
    told: dict[str, object] = {"status": 200, "outcome": "partial" if refused else "permit"}
    told |= {"categories": sorted(categories), "obligations": sorted(obligations)}
    return told | ({"refused": dict(refused)} if refused else {})


def _known_to(*sources: str) -> Mapping[str, object]:
    return {"status": 200, "outcome": "permit", "sources": sorted(sources)}


def _school_asks(*categories: str, expect: Mapping[str, object]) -> Try:
    """Return a request of Oak Lane for what the hub holds; the plan, if nothing is named."""
    return Try(
        client="oak-mis",
        source="eh-hub",
        purpose="early_help_support",
        basis="public_task",
        categories=categories or ("plan",),
        expect=expect,
    )


def _social_care_asks(source: str, *categories: str, expect: Mapping[str, object]) -> Try:
    return Try(
        client="csc-case",
        source=source,
        purpose="safeguarding_enquiry",
        basis="legal_obligation",
        categories=categories,
        expect=expect,
    )


def _who_knows(expect: Mapping[str, object]) -> Try:
    return replace(_school_asks("involvement", expect=expect), source="*", kind="pointer")


_PLAN = _school_asks(expect=_told("plan"))
_NO_PLAN = _school_asks(expect=_NOTHING)
_TO_CONFIRM = ("confirm_consent_in_writing",)
_AFTER_OVERRIDE = ("ig_review", "inform_subject", "notify_source")
_AFTER_PIERCING = ("do_not_reveal_location", "ig_review")

_CHARITY_ASKS = Try(
    client="vcs-crm",
    source="eh-hub",
    purpose="early_help_support",
    basis="consent",
    categories=("plan",),
    expect=_told("plan", obligations=("agreement_review_due",)),
)
_HUB_ASKS_HEALTH = Try(
    client="hub-case",
    source="hv-trust",
    purpose="early_help_support",
    basis="consent",
    categories=("health_summary",),
    expect=_NOTHING,
)
_OVERRIDE = ("risk_of_significant_harm", "Baby unwell, mother not reachable, conditions needed now")

STORIES: Final[Mapping[State, Story]] = {
    State.NONE: Story(
        "The hub works with this child, and nobody has been asked about sharing.",
        (_NO_PLAN, _who_knows(_known_to("eh-hub", "hv-trust"))),
    ),
    State.VERBAL_FRESH: Story(
        "The mother said yes five days ago; it holds for a fortnight unless written down.",
        (
            _school_asks(expect=_told("plan", obligations=_TO_CONFIRM)),
            _HUB_ASKS_HEALTH,
            replace(
                _HUB_ASKS_HEALTH,
                override=_OVERRIDE,
                expect=_told("health_summary", obligations=_AFTER_OVERRIDE),
            ),
        ),
    ),
    State.VERBAL_LAPSED: Story("Said a month ago, and never written down.", (_NO_PLAN,)),
    State.CONFIRMED: Story("Said first, and signed nine days later.", (_PLAN,)),
    State.WRITTEN: Story(
        "A signed yes to every partner of that day; what no agreement opens stays closed.",
        (
            _school_asks(
                "plan",
                "health_summary",
                expect=_told("plan", refused={"health_summary": "flow_not_covered"}),
            ),
            replace(_PLAN, basis="consent", expect={"status": 403, "code": "basis_not_accepted"}),
        ),
    ),
    State.RENEWAL_DUE: Story("The mother's yes runs out in twelve days.", (_PLAN,)),
    State.EXPIRED: Story("The mother's yes ran out ten days ago.", (_NO_PLAN,)),
    State.WITHDRAWN: Story("The mother took her yes back eight days ago.", (_NO_PLAN,)),
    State.REFUSED: Story(
        "The mother said no to everything. An enquiry into harm does not depend on it.",
        (_NO_PLAN, _social_care_asks("eh-hub", "plan", expect=_told("plan"))),
    ),
    State.REPLACED: Story(
        "The mother first agreed to everything, then to the plan alone.",
        (
            _school_asks(
                "plan", "contact", expect=_told("plan", refused={"contact": "not_available"})
            ),
        ),
    ),
    State.PARENTS_DISAGREE: Story("Yes from one parent, no from the other.", (_NO_PLAN,)),
    State.STEP_PARENT_ONLY: Story(
        "Only the step-parent was asked, whose word does not count either way.", (_NO_PLAN,)
    ),
    State.WHOLE_FAMILY: Story(
        "The mother signed for everybody: it covers her and her children.", (_PLAN,)
    ),
    State.COMPETENT_YES: Story(
        "A thirteen-year-old found able to decide said yes; the mother's no does not count.",
        (_PLAN,),
    ),
    State.COMPETENT_NO: Story(
        "A thirteen-year-old found able to decide said no; the mother's yes does not count.",
        (_NO_PLAN,),
    ),
    State.NOT_ASSESSED: Story(
        "A thirteen-year-old would say yes, but was found able to decide on something else.",
        (_NO_PLAN,),
    ),
    State.SIXTEEN: Story(
        "Sixteen for forty days: the mother's yes no longer carries.", (_NO_PLAN,)
    ),
    State.SIXTEEN_OWN_WORD: Story(
        "Sixteen, and said yes to the plan: the mother's wider yes no longer counts.",
        (
            _school_asks(
                "plan", "contact", expect=_told("plan", refused={"contact": "not_available"})
            ),
        ),
    ),
    State.ADULT_WITHOUT_SAY: Story(
        "The father's no stopped counting when he lost his say.", (_PLAN,)
    ),
    State.SHIELDED_HIDDEN: Story(
        "In a refuge: to the school there is no such child; an enquiry into harm passes.",
        (
            _NO_PLAN,
            _who_knows(_NOTHING),
            replace(
                _social_care_asks("eh-hub", "plan", expect={}),
                client="mash-desk",
                expect=_told("plan", obligations=_AFTER_PIERCING),
            ),
            _social_care_asks("eh-hub", "plan", expect=_told("plan")),
        ),
    ),
    State.SHIELDED_MASKED: Story(
        "The address is masked, the plan is not.",
        (
            _school_asks(
                "plan", "contact", expect=_told("plan", refused={"contact": "not_available"})
            ),
        ),
    ),
    State.SIBLING_SHIELDED: Story(
        "The household is told without the sibling whose place is a secret.",
        (_school_asks("household", expect=_told("household")),),
    ),
    State.SENSITIVE_BY_NAME: Story(
        "The mother named the confidential service, so the school learns of it.",
        (_who_knows(_known_to("camhs", "eh-hub", "hv-trust")),),
    ),
    State.SENSITIVE_ONLY: Story(
        "Known to a confidential service alone: the same answer as for nobody.",
        (_who_knows(_NOTHING),),
    ),
    State.CHARITY_CONSENT: Story(
        "The mother named the charity; its agreement is overdue for review.", (_CHARITY_ASKS,)
    ),
    State.CHARITY_AGREEMENT_ONLY: Story(
        "Agreeing to early help is not consent to tell a charity.",
        (replace(_CHARITY_ASKS, expect=_NOTHING),),
    ),
    State.JOINED_LATER: Story(
        "A yes to all partners covers those of that day, not the school that joined since.",
        (_PLAN, replace(_NO_PLAN, client="elm-mis")),
    ),
    State.STEP_DOWN: Story(
        "The father agreed, by word of mouth, that social care hands over to the hub.",
        (
            Try(
                client="hub-case",
                source="csc",
                purpose="step_down_handover",
                basis="public_task",
                categories=("plan",),
                expect=_told("plan", obligations=_TO_CONFIRM),
            ),
        ),
    ),
    State.WITHHELD: Story(
        "The school judged telling the address more harmful than silence.",
        (
            _social_care_asks(
                "oak-school",
                "attendance",
                "contact",
                expect=_told("attendance", refused={"contact": "not_available"}),
            ),
        ),
    ),
    State.POLICE_NOTICE: Story(
        "The police tell the school of an incident before the next school day.",
        (
            Try(
                client="elm-mis",
                source="police",
                purpose="safeguarding_notification",
                basis="legal_obligation",
                categories=("police_incidents",),
                expect=_told("police_incidents"),
            ),
        ),
    ),
    State.CONFLICT_OF_INTEREST: Story(
        "One practitioner is the child's aunt: to her there is nothing.",
        (
            replace(_PLAN, practitioner="staff-oak-01"),
            replace(_NO_PLAN, practitioner=AUNT),
        ),
    ),
}
