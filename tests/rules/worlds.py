"""Small worlds at random, on a grid of days so coarse that every boundary is met exactly.

Hypothesis draws the seed alone: drawing each field takes a hundred times as long, and worlds of
this size need no shrinking to be read.
"""

from datetime import UTC, date, datetime, timedelta

from tests.cases.words import (
    EVERYTHING,
    OPEN,
    Agency,
    Agreement,
    Ask,
    Case,
    Client,
    Competence,
    Consent,
    Flow,
    Given,
    Joined,
    NoAccess,
    Override,
    Person,
    Record,
    Relative,
    Settings,
    Shield,
    Span,
    Withhold,
    World,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(7))
AGENCIES = ("hub", "school", "clinic")
CATEGORIES = {
    "involvement": False,
    "contact": False,
    "household": False,
    "plan": False,
    "therapy": True,
}
CODES = tuple(CATEGORIES)
PURPOSES = ("support", "enquiry")
BIRTHDAYS = (None, date(2010, 3, 5), date(2008, 2, 29))
JUSTIFIED = "The child is in danger tonight"
HELD = tuple(Record("kid", source, category) for source in AGENCIES for category in CODES)
ALL_AGENCIES = tuple(map(Joined, AGENCIES))


class Dice:
    """What chance decides, with a liking for what lets a request through."""

    def __init__(self, seeded) -> None:
        self.seeded = seeded

    def one(self, *these):
        return self.seeded.choice(these)

    def rarely(self, one_in: int = 10) -> bool:
        return self.seeded.randrange(one_in) == 0

    def usually(self, value, *others):
        return self.one(*others) if self.rarely() else value

    def some(self, these, least: int = 1) -> tuple[str, ...]:
        return tuple(self.seeded.sample(these, self.seeded.randint(least, len(these))))

    def day(self) -> datetime:
        return self.one(*DAYS)

    def maybe_day(self, one_in: int = 2) -> datetime | None:
        return self.day() if self.rarely(one_in) else None

    def span(self) -> Span:
        return Span(self.maybe_day(), self.maybe_day())

    def usual_span(self) -> Span:
        return self.span() if self.rarely() else OPEN

    def spans(self) -> tuple[Span, ...]:
        return (self.span(), self.span()) if self.rarely() else (OPEN,)


def any_case(seeded) -> tuple[Case, Ask]:
    """A case without steps in which anything may be wrong, and one ask of it."""
    dice = Dice(seeded)
    return Case("random", "", a_world(dice), what_is_given(dice), ()), an_ask(dice)


def family_case(seeded) -> tuple[Case, Ask]:
    """A case in which nothing but consent can stand in the way, and one ask of it."""
    dice = Dice(seeded)
    flow = Flow(
        "f",
        sources=("hub",),
        recipients=("school",),
        purposes=PURPOSES,
        categories=("plan", "therapy"),
        basis="public_task",
        requires=dice.one("agreement", "consent"),
        verbal=dice.rarely(2),
    )
    world = World(
        settings=policy(dice),
        purposes=PURPOSES,
        categories=CATEGORIES,
        agencies={"hub": Agency(), "school": Agency()},
        clients={"mis": Client("school", PURPOSES)},
        agreements={"A": Agreement((Joined("hub"), Joined("school")), (flow,))},
        subjects={"kid": a_person(dice)},
        records=(Record("kid", "hub", "plan"), Record("kid", "hub", "therapy")),
    )
    said = Given(
        consents=tuple(a_consent(dice, place) for place in range(dice.one(2, 3, 4, 5))),
        competence=tuple(an_assessment(dice) for _ in range(dice.one(0, 1, 2, 3))),
    )
    asked = dice.one(("plan",), ("plan",), ("plan", "therapy"))
    return Case("family", "", world, said, ()), Ask(
        "mis", "kid", "hub", "support", "public_task", asked, dice.day()
    )


def policy(dice: Dice) -> Settings:
    return Settings(
        verbal_grace_days=dice.one(2, 14),
        own_decision_age=dice.one(16, 18),
        parents_disagree=dice.one("any_no_blocks", "any_no_blocks", "one_yes_suffices"),
    )


def a_world(dice: Dice) -> World:
    extra = tuple(
        Record("kid", dice.one(*AGENCIES), dice.one(*CODES), dice.span()) for _ in range(3)
    )
    return World(
        settings=policy(dice),
        purposes=PURPOSES,
        categories=CATEGORIES,
        agencies={
            "hub": Agency(active=dice.spans()),
            "school": Agency(active=dice.spans()),
            "clinic": Agency(sensitive_service=True),
        },
        clients={
            "mis": Client(
                agency="school",
                purposes=dice.usually(PURPOSES, dice.some(PURPOSES)),
                kinds=dice.usually(("content", "pointer"), ("content",)),
                may_override=not dice.rarely(),
            )
        },
        agreements={code: an_agreement(dice) for code in ("A", *dice.some(["B"], 0))},
        subjects={"kid": a_person(dice), "sister": Person()},
        households={"kid": (Joined("kid"), Joined("sister", dice.usual_span()))},
        records=extra if dice.rarely() else HELD,
    )


def an_agreement(dice: Dice) -> Agreement:
    stays = tuple(Joined(dice.one(*AGENCIES), dice.span()) for _ in range(4))
    return Agreement(
        members=dice.usually(ALL_AGENCIES, stays, (Joined("school"), *stays)),
        flows=tuple(a_flow(dice) for _ in range(dice.one(1, 2, 3))),
        span=dice.usual_span(),
        terminated_at=dice.maybe_day(10),
        review_due=dice.maybe_day(10),
    )


def a_flow(dice: Dice) -> Flow:
    return Flow(
        id="f",
        sources=dice.some(AGENCIES),
        recipients=dice.usually(("school",), ("hub",)),
        purposes=dice.usually(("support",), ("enquiry",)),
        categories=dice.some(CODES, 2),
        basis=dice.usually("public_task", "consent"),
        requires=dice.one("agreement", "agreement", "consent", "none"),
        kinds=dice.one(("content",), ("content", "pointer"), ("content", "pointer")),
        verbal=dice.rarely(2),
        override=dice.rarely(2),
        pierces_shield=dice.rarely(4),
    )


def a_person(dice: Dice) -> Person:
    parents = (Relative("mum", (OPEN,)), Relative("dad", (OPEN,)))
    others = tuple(
        Relative(dice.one("mum", "dad"), dice.spans(), dice.span() if dice.rarely(3) else None)
        for _ in range(dice.one(1, 2, 3))
    )
    return Person(
        born=dice.one(date(2016, 5, 10), date(2016, 5, 10), *BIRTHDAYS),
        adult=dice.rarely(),
        span=dice.usual_span(),
        people=dice.one(parents, others),
    )


def what_is_given(dice: Dice) -> Given:
    twice = range(2) if dice.rarely(3) else ()
    return Given(
        consents=tuple(a_consent(dice, place) for place in range(dice.one(0, 1, 2, 3, 4))),
        competence=tuple(an_assessment(dice) for _ in twice),
        shields=tuple(
            Shield(
                dice.some(["kid", "sister"]),
                dice.one("hidden", "masked"),
                dice.some(CODES),
                dice.some(AGENCIES, 0),
                dice.span(),
            )
            for _ in twice
        ),
        withholds=tuple(
            Withhold(dice.one(*AGENCIES), ("kid",), dice.some(CODES), dice.span())
            for _ in range(2 if dice.rarely(4) else 0)
        ),
        no_access=(NoAccess("kid", "aunt", dice.span()),) if dice.rarely(4) else (),
    )


def an_assessment(dice: Dice) -> Competence:
    return Competence(
        "kid",
        dice.usually("support", "enquiry"),
        not dice.rarely(3),
        dice.day(),
        dice.maybe_day(3),
    )


def a_consent(dice: Dice, place: int) -> Consent:
    recorded = dice.day()
    after = [day for day in DAYS if day >= recorded]
    return Consent(
        id=f"c{place}",
        kind=dice.one("agreement", "consent"),
        subjects=dice.usually(("kid", "sister"), ("sister",)),
        by=dice.one("mum", "dad", "kid"),
        decision=dice.one("given", "given", "given", "refused"),
        recorded_at=recorded,
        recipients=dice.usually(("school",), ("agreement:A",), ("hub",), (EVERYTHING,)),
        purposes=dice.usually((EVERYTHING,), ("support",), ("enquiry",)),
        categories=dice.one((EVERYTHING,), CODES, dice.some(CODES)),
        sources=dice.one((EVERYTHING,), AGENCIES, dice.some(AGENCIES)),
        method=dice.one("written", "verbal"),
        valid_from=dice.maybe_day(6),
        valid_until=dice.maybe_day(6),
        confirmed_at=dice.one(*after) if dice.rarely(4) else None,
        withdrawn_at=dice.one(*after) if dice.rarely(4) else None,
        replaces=f"c{dice.seeded.randrange(place)}" if place and dice.rarely(6) else None,
    )


def an_ask(dice: Dice) -> Ask:
    pointer = dice.rarely(4)
    everything = ("involvement",) if pointer else dice.some(CODES)
    return Ask(
        client="mis",
        subject=dice.usually("kid", "sister", "nobody"),
        source=dice.usually("*" if pointer else "hub", *AGENCIES, "*", "nowhere"),
        purpose=dice.usually("support", "enquiry", "curiosity"),
        basis=dice.usually("public_task", "consent", "whim"),
        categories=dice.usually(everything, (), ("gossip", "plan"), ("plan", "plan")),
        at=dice.day(),
        kind="pointer" if pointer else dice.usually("content", "content", "telepathy"),
        agency=dice.usually(None, "school", "hub"),
        practitioner=dice.one(None, "aunt", "teacher"),
        override=an_override(dice) if dice.rarely(5) else None,
    )


def an_override(dice: Dice) -> Override:
    return Override(
        dice.usually("vital_interests", "whim"),
        dice.usually(JUSTIFIED, "because   of   this"),
    )
