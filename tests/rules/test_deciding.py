"""The decision's tables: one row, one fact, one answer."""

from dataclasses import replace

import pytest

from sharing.rules.deciding import left_out
from tests.cases.words import (
    Agency,
    Answer,
    Client,
    Joined,
    NoAccess,
    Override,
    Record,
    Relative,
    Shield,
    Span,
    Withhold,
)
from tests.rules.builders import (
    AGREEMENT,
    FLOW,
    FRIDAY,
    INSTANT,
    MONDAY,
    OVERRIDE,
    STATUTE,
    THURSDAY,
    TUESDAY,
    TUESDAY_TO_THURSDAY,
    UNTIL_THURSDAY,
    WEDNESDAY,
    WORLD,
    answer,
    passes,
    refused,
    said,
    with_flows,
    with_person,
)

STAYS = {
    "the recipient's membership": lambda span: replace(
        WORLD, agreements={"A": replace(AGREEMENT, members=(Joined("hub"), Joined("school", span)))}
    ),
    "the source's membership": lambda span: replace(
        WORLD, agreements={"A": replace(AGREEMENT, members=(Joined("hub", span), Joined("school")))}
    ),
    "the agreement": lambda span: replace(WORLD, agreements={"A": replace(AGREEMENT, span=span)}),
    "the recipient": lambda span: replace(
        WORLD, agencies={**WORLD.agencies, "school": Agency(active=(span,))}
    ),
    "the source": lambda span: replace(
        WORLD, agencies={**WORLD.agencies, "hub": Agency(active=(span,))}
    ),
    "the subject": lambda span: with_person(span=span),
    "the record": lambda span: replace(WORLD, records=(Record("kid", "hub", "plan", span),)),
    "parental responsibility": lambda span: with_person(
        people=(Relative("mum", (span, Span(MONDAY, MONDAY + INSTANT))),)
    ),
}
BLOCKS = {
    "a shield": lambda span: {"shields": [Shield(("kid",), "hidden", span=span)]},
    "a mask": lambda span: {"shields": [Shield(("kid",), "masked", ("plan",), span=span)]},
    "a withhold": lambda span: {"withholds": [Withhold("hub", ("kid",), ("plan",), span)]},
    "a conflict of interest": lambda span: {"no_access": [NoAccess("kid", "aunt", span)]},
}
INSIDE = {
    TUESDAY - INSTANT: False,
    TUESDAY: True,
    THURSDAY - INSTANT: True,
    THURSDAY: False,
}


@pytest.mark.parametrize(("at", "inside"), INSIDE.items())
@pytest.mark.parametrize("what", STAYS)
def test_what_opens_counts_from_its_start_up_to_and_without_its_end(what, at, inside) -> None:
    world = STAYS[what](TUESDAY_TO_THURSDAY)
    assert passes(answer(world, at, consents=[said()])) is inside


@pytest.mark.parametrize(("at", "inside"), INSIDE.items())
@pytest.mark.parametrize("what", BLOCKS)
def test_what_blocks_counts_from_its_start_up_to_and_without_its_end(what, at, inside) -> None:
    facts = BLOCKS[what](TUESDAY_TO_THURSDAY)
    blocked = answer(at=at, consents=[said()], practitioner="aunt", **facts)
    assert passes(blocked) is not inside


@pytest.mark.parametrize(("at", "inside"), INSIDE.items())
def test_a_yes_counts_from_its_start_up_to_and_without_its_end(at, inside) -> None:
    yes = said(valid_from=TUESDAY, valid_until=THURSDAY)
    assert passes(answer(at=at, consents=[yes])) is inside


def test_an_agency_that_left_and_came_back_is_a_member_in_both_stays() -> None:
    stays = (Joined("school", Span(MONDAY, TUESDAY)), Joined("school", Span(THURSDAY, FRIDAY)))
    agreement = replace(AGREEMENT, members=(Joined("hub"), *stays))
    world = replace(WORLD, agreements={"A": agreement})
    outcomes = [
        passes(answer(world, at, consents=[said()]))
        for at in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
    ]
    assert outcomes == [True, False, False, True, False]


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        ("request_invalid", {"purpose": "curiosity"}),
        ("request_invalid", {"kind": "telepathy"}),
        ("request_invalid", {"categories": ()}),
        ("request_invalid", {"categories": ("plan", "gossip")}),
        ("request_invalid", {"source": "*"}),
        ("request_invalid", {"kind": "pointer", "categories": ("involvement", "plan")}),
        ("request_invalid", {"override": Override("whim", OVERRIDE.justification)}),
        ("client_not_permitted", {"purpose": "enquiry"}),
        ("client_not_permitted", {"agency": "hub"}),
        ("justification_required", {"override": Override("court_order", "a" * 19 + " \n\t ")}),
        ("no_agreement", {"source": "stranger"}),
        ("no_agreement", {"source": "an agency that nobody knows"}),
        ("flow_not_covered", {"source": "school"}),
        ("basis_not_accepted", {"basis": "consent"}),
        ("basis_not_accepted", {"basis": "no basis at all"}),
        ("not_available", {"subject": "nobody"}),
    ],
)
def test_a_wrong_request_is_answered_by_its_code(reason: str, asked: dict) -> None:
    assert answer(consents=[said()], **asked).reason == reason


def test_twenty_characters_that_are_not_blank_are_a_justification() -> None:
    assert passes(answer(override=Override("court_order", "a" * 10 + "  " + "b" * 10)))


@pytest.mark.parametrize(
    "registered",
    [
        Client("school", ("enquiry",), ("content",), may_override=True),
        Client("school", ("support",), ("pointer",), may_override=True),
        Client("school", ("support",), ("content",), may_override=False),
    ],
)
def test_a_client_does_only_what_it_is_registered_for(registered: Client) -> None:
    world = replace(WORLD, clients={"mis": registered})
    assert answer(world, override=OVERRIDE).reason == "client_not_permitted"


def test_the_asking_agency_is_checked_before_its_client() -> None:
    world = replace(
        WORLD,
        agencies={**WORLD.agencies, "school": Agency(active=())},
        clients={"mis": Client("school", ())},
    )
    assert answer(world).reason == "agency_not_active"


def test_of_several_categories_the_code_furthest_down_the_list_is_told() -> None:
    flow = replace(FLOW, categories=("plan",))
    world = with_flows(flow, replace(flow, categories=("contact",), basis="consent"))
    every = ("involvement", "contact")
    assert answer(world, categories=every).reason == "basis_not_accepted"
    assert answer(world, categories=(*every, "plan")).reason == "not_available"


def test_each_category_that_is_left_out_has_its_own_code() -> None:
    flow = replace(FLOW, categories=("plan", "therapy"))
    told = answer(
        with_flows(flow, replace(flow, categories=("contact",), basis="consent")),
        consents=[said()],
        categories=("plan", "contact", "involvement", "therapy", "plan"),
    )
    assert told.categories == {"plan"}
    assert told.refused == {
        "contact": "basis_not_accepted",
        "involvement": "flow_not_covered",
        "therapy": "not_available",
    }
    assert told.audit.withheld == {"therapy": "out_of_scope"}


def test_a_piercing_flow_leaves_its_duties_and_only_where_a_shield_stood() -> None:
    world = with_flows(STATUTE, replace(STATUTE, pierces_shield=True))
    shield = Shield(("kid",), "masked", ("plan",))
    pierced = answer(world, shields=[shield])
    assert pierced.obligations == {"ig_review", "do_not_reveal_location"}
    assert pierced.audit.flags == {"shield_pierced"}
    assert answer(world, shields=[shield], categories=("contact",)).obligations == set()
    assert answer(world, shields=[replace(shield, allow=("school",))]).obligations == set()


def test_an_override_waives_what_is_required_and_leaves_its_duties() -> None:
    told = answer(override=OVERRIDE, consents=[refused()])
    assert (told.audit.ground, told.audit.flags) == ("override", {"refusal_on_file"})
    assert told.obligations == {"ig_review", "notify_source", "inform_subject"}
    needless = answer(override=OVERRIDE, consents=[said(method="verbal")])
    assert (needless.audit.ground, needless.obligations) == ("override", told.obligations)


def test_an_override_is_not_accepted_where_no_flow_allows_it() -> None:
    world = with_flows(replace(STATUTE, override=False))
    assert answer(world, override=OVERRIDE).reason == "basis_not_accepted"


@pytest.mark.parametrize("what", BLOCKS)
def test_an_override_opens_nothing_that_is_blocked(what: str) -> None:
    facts = BLOCKS[what](UNTIL_THURSDAY)
    assert not passes(answer(override=OVERRIDE, practitioner="aunt", **facts))


def test_a_review_that_is_due_is_said_and_does_not_stop_anything() -> None:
    world = replace(WORLD, agreements={"A": replace(AGREEMENT, review_due=WEDNESDAY)})
    yes = [said()]
    assert answer(world, WEDNESDAY - INSTANT, consents=yes).obligations == set()
    assert answer(world, WEDNESDAY, consents=yes).obligations == {"agreement_review_due"}


def test_an_agreement_that_was_terminated_is_no_longer_in_force() -> None:
    world = replace(WORLD, agreements={"A": replace(AGREEMENT, terminated_at=WEDNESDAY)})
    assert passes(answer(world, WEDNESDAY - INSTANT, consents=[said()]))
    assert answer(world, WEDNESDAY, consents=[said()]).reason == "no_agreement"


def test_flows_are_tried_in_the_order_listed() -> None:
    yes = [said(kind="consent")]
    consent = replace(FLOW, id="f3", requires="consent")
    assert answer(with_flows(consent, FLOW, STATUTE), consents=yes).audit.ground == "consent"
    assert answer(with_flows(STATUTE, consent), consents=yes).audit.ground == "statutory"
    assert answer(with_flows(consent, STATUTE)).audit.ground == "statutory"


def ask_around(**other) -> Answer:
    world = with_flows(replace(STATUTE, sources=("hub", "clinic", "school")))
    held = tuple(Record("kid", source, "involvement") for source in ("hub", "school", "clinic"))
    asked = {"source": "*", "kind": "pointer", "categories": ("involvement",)}
    return answer(replace(world, records=held), **asked | other)


def test_a_pointer_names_each_source_that_passes_and_never_the_asker() -> None:
    assert ask_around().sources == {"hub", "clinic"}
    held_back = [Withhold("clinic", ("kid",), ("involvement",))]
    told = ask_around(withholds=held_back)
    assert (told.sources, told.audit.withheld) == ({"hub"}, {"clinic": "source_withheld"})


def test_a_pointer_with_nobody_left_to_name_is_not_available() -> None:
    assert ask_around(source="school").reason == "not_available"
    assert ask_around(subject="nobody").reason == "not_available"


@pytest.mark.parametrize(
    ("shield", "redacted"),
    [
        (Shield(("sister",), "hidden"), {"sister"}),
        (Shield(("sister",), "masked", ("contact",)), {"sister"}),
        (Shield(("sister",), "masked", ("household",)), {"sister"}),
        (Shield(("sister",), "masked", ("plan",)), set()),
        (Shield(("sister",), "hidden", allow=("school",)), set()),
        (Shield(("sister",), "hidden", span=Span(THURSDAY, None)), set()),
    ],
)
def test_household_content_leaves_out_whoever_is_shielded(shield, redacted) -> None:
    told = answer(consents=[said()], shields=[shield], categories=("household",))
    assert (told.outcome, told.redact) == ("permit", redacted)
    assert answer(consents=[said()], shields=[shield]).redact == set()


def test_nobody_is_left_out_of_an_empty_household() -> None:
    assert left_out((), "school", WEDNESDAY) == frozenset()
