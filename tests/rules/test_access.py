"""Who may ask what is held of a person, by when, and what of it is told, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.receipts import Titles
from consent.terms import (
    CompetenceAssessment,
    ParentalResponsibility,
    Period,
    Policy,
    Shield,
    ShieldMode,
    Subject,
)
from sharing.rules.access import (
    SOMEBODY,
    cautions,
    months_after,
    pack,
    standing,
    without_others,
    without_places,
)
from sharing.terms.access import Asking, Capacity, Caution, Kept, OnFile
from sharing.terms.rights import Erased
from sharing.terms.seeing import Told

AT = datetime(2026, 3, 2, tzinfo=UTC)
EARLIER, LATER = AT - timedelta(days=1), AT + timedelta(days=1)
CHILD, MUM, UNCLE = (UUID(int=n) for n in range(1, 4))
KID = Subject(CHILD, born=date(2016, 5, 10), responsible=(ParentalResponsibility(MUM),))
TEEN = replace(KID, born=date(2009, 5, 10))
ADULT = Subject(CHILD, adult=True)
ABLE = CompetenceAssessment("early_help_support", competent=True, at=EARLIER)
HIDDEN = Shield(UUID(int=9), ShieldMode.HIDDEN, Period(EARLIER))
PARENT, SELF, OTHER = Capacity.PARENT, Capacity.SELF, Capacity.REPRESENTATIVE


def asked(capacity: Capacity, by: UUID | None) -> Asking:
    return Asking(
        subject=CHILD,
        asked_by=by,
        capacity=capacity,
        requester=None,
        identity_check="passport",
        taken_by="s",
        asked_on=AT.date(),
    )


@pytest.mark.parametrize(
    ("may", "subject", "capacity", "by"),
    [
        (True, KID, SELF, CHILD),
        (False, KID, SELF, MUM),
        (True, ADULT, SELF, CHILD),
        (True, KID, PARENT, MUM),
        (False, KID, PARENT, UNCLE),
        (False, TEEN, PARENT, MUM),
        (False, ADULT, PARENT, MUM),
        (True, ADULT, OTHER, None),
        (False, ADULT, OTHER, UNCLE),
        (
            False,
            replace(KID, responsible=(ParentalResponsibility(MUM, Period(LATER)),)),
            PARENT,
            MUM,
        ),
        (
            False,
            replace(KID, responsible=(ParentalResponsibility(MUM, no_say=Period(EARLIER)),)),
            PARENT,
            MUM,
        ),
        (
            True,
            replace(KID, responsible=(ParentalResponsibility(MUM, no_say=Period(EARLIER, AT)),)),
            PARENT,
            MUM,
        ),
    ],
)
def test_who_may_ask_at_all(
    *, may: bool, subject: Subject, capacity: Capacity, by: UUID | None
) -> None:
    assert standing(subject, asked(capacity, by), Policy(), AT) is may


@pytest.mark.parametrize(
    ("subject", "capacity", "withheld", "found"),
    [
        (ADULT, SELF, False, ()),
        (TEEN, SELF, False, ()),
        (replace(KID, assessments=(ABLE,)), SELF, False, ()),
        (KID, SELF, False, (Caution.CHILD_ASKS,)),
        (KID, PARENT, False, (Caution.PARENT_ASKS,)),
        (ADULT, OTHER, False, (Caution.REPRESENTATIVE_ASKS,)),
        (ADULT, SELF, True, (Caution.SOURCE_WITHHOLDS,)),
        (replace(KID, shields=(HIDDEN,)), PARENT, False, (Caution.PARENT_ASKS, Caution.HIDDEN)),
        (replace(ADULT, shields=(HIDDEN,)), SELF, False, ()),
    ],
)
def test_rule_41_a_person_looks_first_where_telling_could_harm(
    subject: Subject, capacity: Capacity, *, withheld: bool, found: tuple[Caution, ...]
) -> None:
    asking = asked(capacity, {SELF: CHILD, PARENT: MUM}.get(capacity))
    assert cautions(subject, asking, Policy(), AT, withheld=withheld) == found


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 3, 2), 1, date(2026, 4, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 9, 15), 3, date(2026, 12, 15)),
    ],
)
def test_a_month_is_a_calendar_month(day: date, months: int, due: date) -> None:
    assert months_after(day, months) == due


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(1, 36))
def test_the_day_is_the_same_or_the_months_last(day: date, months: int) -> None:
    due = months_after(day, months)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


def file(**more: Any) -> OnFile:
    usual: dict[str, Any] = {
        "subject": CHILD,
        "asked_by": CHILD,
        "asked_on": AT.date(),
        "capacity": SELF,
        "about": {"name": {"given": "Amy", "family": "Lee"}, "past_names": []},
        "told": (),
        "consents": (),
        "records": (),
        "retention": (),
        "titles": Titles(categories={"plan": "Plan"}, sensitive=frozenset({"health"})),
        "sensitive_agencies": frozenset({"clinic"}),
        "names_near": (),
        "shielded_near": False,
    }
    return OnFile(**(usual | more))


def kept(category: str, source: str = "hub", **content: Any) -> Kept:
    return Kept(category, source, EARLIER, None, content)


def contents(**more: Any) -> list[Any]:
    return [one["content"] for one in pack(file(**more), AT)["records"]]


def test_rule_33_siblings_and_third_parties_inside_content_are_left_out() -> None:
    sibling = {"given": "Ben", "family": "Lee"}
    record = kept(
        "plan",
        aim="Ben Lee and Amy share a room; ben snores, Benjamin does not",
        who=[{"subject": str(UNCLE), "says": "no"}, {"subject": str(CHILD), "says": "yes"}],
        worker={"subject": str(MUM), "phone": "1"},
        members=[{"name": "nobody named them"}, {"subject": str(CHILD)}],
        level=3,
    )
    (told,) = contents(records=(record,), names_near=(sibling,))
    assert told == {
        "aim": f"{SOMEBODY} and Amy share a room; {SOMEBODY} snores, Benjamin does not",
        "who": [{"subject": str(CHILD), "says": "yes"}],
        "members": [{"subject": str(CHILD)}],
        "level": 3,
    }


def test_a_name_that_is_the_persons_own_too_stays() -> None:
    mother = {"given": "Amy", "family": "Lee"}
    (told,) = contents(records=(kept("plan", aim="Amy sleeps"),), names_near=(mother,))
    assert told == {"aim": "Amy sleeps"}
    assert pack(file(about={"name": None}), AT)["records"] == []


def test_rule_40_shielded_places_are_left_out_whoever_asks() -> None:
    records = (
        kept("contact", phone="1"),
        kept("household", members=[]),
        kept("plan", aim="sleep", meets=[{"address": "1 Safe St", "day": "Monday"}]),
    )
    assert len(contents(records=records)) == 3
    assert contents(records=records, shielded_near=True) == [
        {"aim": "sleep", "meets": [{"day": "Monday"}]}
    ]


def test_what_is_sensitive_or_left_out_by_a_reviewer_is_not_told_to_others() -> None:
    records = (kept("plan", a="1"), kept("health", a="2"), kept("plan", "clinic", a="3"))
    assert len(contents(records=records)) == 3
    assert contents(records=records, capacity=PARENT, asked_by=MUM) == [{"a": "1"}]
    assert contents(records=records, leave_out=frozenset({"plan"})) == [{"a": "2"}]


def test_a_disputed_record_says_since_when_and_no_other_does() -> None:
    records = (kept("plan", a="1"), replace(kept("plan", a="2"), disputed_at=EARLIER))
    listed = pack(file(records=records), AT)["records"]
    assert [one.get("disputed_since") for one in listed] == [None, EARLIER.isoformat()]


def told(**facts: Any) -> Told:
    return Told(
        UUID(int=7), EARLIER, "oak", {"basis": "public_task", "disclosed": ["plan"]} | facts
    )


def test_rule_40_a_disclosure_whose_telling_would_endanger_is_not_in_the_pack() -> None:
    crime = told(override="serious_crime")
    (listed,) = pack(file(told=(told(), crime)), AT)["disclosures"]
    assert (listed["id"], listed["basis"], listed["recipient"]) == (
        str(UUID(int=7)),
        "public_task",
        "oak",
    )
    assert len(pack(file(told=(crime,)), AT + timedelta(days=200))["disclosures"]) == 1


def consent(given_by: UUID, recipients: list[str]) -> dict[str, Any]:
    return {
        "id": "c",
        "kind": "family_agreement",
        "subjects": [str(CHILD), str(UNCLE)],
        "given_by": str(given_by),
        "capacity": "self",
        "answer": "given",
        "method": "written",
        "recipients": recipients,
        "purposes": ["support"],
        "categories": ["*"],
        "sources": ["*"],
        "valid_from": None,
        "valid_until": None,
        "replaces": None,
        "notice": {"version": "1", "language": "en"},
        "recorder": {"id": "s", "role": "r"},
        "recorded_at": EARLIER.isoformat(),
        "recorded_by": "hub",
        "confirmed_at": None,
        "withdrawn_at": None,
        "replaced_by": None,
    }


def test_a_consent_names_no_other_subject_and_a_childs_own_words_are_for_the_child() -> None:
    said = (consent(MUM, ["oak"]), consent(CHILD, ["oak"]), consent(MUM, ["clinic"]))
    own = pack(file(consents=said), AT)["consents"]
    assert [one["given_by"]["you"] for one in own] == [False, True, False]
    assert str(UNCLE) not in str(own)
    assert str(MUM) not in str(own)
    mothers = pack(file(consents=said, capacity=PARENT, asked_by=MUM), AT)["consents"]
    assert [one["given_by"]["you"] for one in mothers] == [True]
    assert pack(file(consents=said, capacity=OTHER, asked_by=None), AT)["consents"] == []


def test_json_of_any_shape_goes_through() -> None:
    content = [1, None, True, "text", [], {"members": "none"}]
    assert without_others(content, str(CHILD), None) == content
    assert without_places(content) == content


def test_an_erasure_without_an_entry_has_not_happened() -> None:
    assert Erased(None, {}, 0).dry_run
    assert not Erased(CHILD, {}, 0).dry_run
