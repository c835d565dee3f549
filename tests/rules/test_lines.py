"""The line of an entry, what it is found by, and what it adds to its month."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.lines import (
    first_contacts,
    line_of,
    marks_of,
    month_of,
    out_of_hours,
    tallies_of,
    touched,
    worker_of,
)
from sharing.terms.lines import USUAL_HOURS, Counted, Hours, LogLine, Tally, Worker, Written

TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
PERMITTED: dict[str, Any] = {
    "client": "oak-client",
    "agency": "oak",
    "kind": "content",
    "purpose": "support",
    "basis": "public_task",
    "categories": ["plan", "contact", "plan"],
    "disclosed": ["plan"],
    "record_count": 2,
    "override": "court_order",
    "flags": ["refusal_on_file"],
    "withheld": {"contact": "shielded"},
    "refused": {"contact": "not_available"},
    "grounds": [
        {"ground": "statutory", "agreement": "A", "version": 3, "flow": "f1"},
        {"ground": "override", "agreement": "B", "version": 1, "flow": "f9"},
        {"ground": "statutory", "agreement": "A", "version": 3, "flow": "f1"},
    ],
}
REFUSED: dict[str, Any] = {
    "client": "oak-client",
    "agency": "oak",
    "kind": "content",
    "purpose": "support",
    "categories": ["plan", "health"],
    "override": None,
    "code": "flow_not_covered",
    "ground": "out_of_scope",
}


def written(facts: Any, **changes: Any) -> Written:
    entry = Written(
        leaf_index=7,
        id=UUID(int=7),
        at=TUESDAY,
        recipient="oak",
        source="hub",
        outcome="partial",
        entry_kind="decision",
        facts=facts,
        about={"practitioner": {"id": "teacher-7", "role": "head"}},
        subject=None,
    )
    return replace(entry, **changes)


def line(facts: Any, **changes: Any) -> LogLine:
    return line_of(written(facts, **changes), USUAL_HOURS)


def test_the_line_of_a_permit_holds_what_it_rests_on_what_matters_most_first() -> None:
    made = line(PERMITTED)

    assert made.grounds == ("override", "statutory", "shielded")
    assert made.agreements == ("A/3", "B/1")
    assert made.flows == ("A/3/f1", "B/1/f9")
    assert (made.categories, made.disclosed, made.records) == (("plan", "contact"), ("plan",), 2)
    assert (made.override, made.code, made.out_of_hours) == ("court_order", None, False)


def test_a_line_is_found_by_every_code_in_it() -> None:
    assert set(marks_of(touched(line(PERMITTED), first=True))) == {
        *("agency:oak", "agency:hub", "client:oak-client", "entry:decision", "kind:content"),
        *("purpose:support", "basis:public_task", "outcome:partial", "override:yes"),
        *("override:court_order", "first_contact:yes", "category:plan", "category:contact"),
        *("ground:override", "ground:statutory", "ground:shielded", "flag:refusal_on_file"),
        *("agreement:A", "agreement:A/3", "agreement:B", "agreement:B/1"),
    }
    alone = marks_of(line(REFUSED, source=None, outcome="deny", at=TUESDAY.replace(hour=23)))
    assert set(alone) == {
        *("agency:oak", "client:oak-client", "entry:decision", "kind:content", "purpose:support"),
        *("outcome:deny", "code:flow_not_covered", "ground:out_of_scope", "out_of_hours:yes"),
        *("category:plan", "category:health"),
    }


def test_a_refusal_for_want_of_a_flow_counts_as_a_gap_for_each_category() -> None:
    assert tallies_of(line(REFUSED, outcome="deny")) == (
        Counted(Tally.ASKED, "content"),
        Counted(Tally.OUTCOME, "deny"),
        Counted(Tally.GROUND, "out_of_scope"),
        Counted(Tally.CODE, "flow_not_covered"),
        Counted(Tally.GAP, "support/plan"),
        Counted(Tally.GAP, "support/health"),
    )


def test_a_permit_counts_its_flows_once_and_what_was_unusual() -> None:
    made = touched(line(PERMITTED | {"act": "step_up"}, at=TUESDAY.replace(hour=3)), first=True)

    found = {(one.what.value, one.which) for one in tallies_of(made)}
    assert found == {
        *(("asked", "content"), ("outcome", "partial"), ("ground", "override")),
        *(("ground", "statutory"), ("ground", "shielded"), ("flow", "A/3/f1"), ("flow", "B/1/f9")),
        *(("override", "court_order"), ("act", "step_up"), ("out_of_hours", "yes")),
        ("first_contact", "yes"),
    }


@pytest.mark.parametrize(
    ("kind", "facts", "counted"),
    [
        ("reading", {"act": "export", "client": "c"}, "export"),
        ("erasure", {"client": "c", "ground": "no_longer_needed"}, "erasure"),
        ("retention", {"class": "record"}, "retention"),
        ("key", {"act": "added"}, "added"),
        ("restore", {"act": "restored"}, "restored"),
        ("preview", {"grounds": {"*": 3}, "kind": "*", "override": "court_order"}, "preview"),
    ],
)
def test_an_entry_that_is_no_decision_has_a_line_and_is_counted_apart(
    kind: str, facts: dict[str, Any], counted: str
) -> None:
    made = line(facts, entry_kind=kind, source=None, outcome=kind)

    assert (made.grounds, made.override, made.disclosed, made.flows) == ((), None, (), ())
    assert f"entry:{kind}" in marks_of(made)
    assert tallies_of(made) == (Counted(Tally.OTHER, counted),)


def test_a_replay_names_the_version_it_is_about() -> None:
    made = line({"agreement": "A", "version": 4}, entry_kind="preview")

    assert made.agreements == ("A/4",)


def test_what_is_written_in_another_form_is_left_out() -> None:
    odd = {"client": 7, "categories": "plan", "grounds": ["x"], "flags": [1, "f"], "withheld": []}
    made = line(odd | {"record_count": -1, "ground": "because Ann said so", "override": {}})

    assert (made.client, made.categories, made.grounds, made.flags) == ("", (), (), ("f",))
    assert (made.records, made.override, made.agreements) == (0, None, ())
    assert line({"record_count": 2**31}).records == 0
    assert line({"grounds": [{"ground": "consent"}]}).agreements == ("/0",)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (written(REFUSED), Worker("oak", "teacher-7")),
        (written({}), Worker("oak", "teacher-7")),
        (written(REFUSED, about=None), None),
        (written(REFUSED, about={"practitioner": None}), None),
        (written(REFUSED, about={"practitioner": {"id": 7}}), None),
        # Whom a preview asks about is not who asked.
        (
            written(REFUSED, entry_kind="preview", about={"person": "ig", "practitioner": {}}),
            Worker("oak", "ig"),
        ),
        (written(REFUSED, entry_kind="reading", about={"person": None}), None),
    ],
)
def test_who_stood_behind_an_entry(entry: Written, found: Worker | None) -> None:
    assert worker_of(entry) == found


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-03T08:00+00:00", False),
        ("2026-03-03T07:59+00:00", True),
        ("2026-03-03T17:59+00:00", False),
        ("2026-03-03T18:00+00:00", True),
        ("2026-03-07T12:00+00:00", True),  # a Saturday
        ("2026-12-25T12:00+00:00", True),  # Christmas
        ("2026-07-07T07:00+00:00", False),  # eight by summer time
        ("2026-07-07T17:00+00:00", True),
    ],
)
def test_hours_are_those_of_clocks_in_england(at: str, expected: object) -> None:
    assert out_of_hours(datetime.fromisoformat(at), USUAL_HOURS) is expected


def test_a_partnership_may_keep_other_hours() -> None:
    assert out_of_hours(TUESDAY, Hours(time(10), time(12)))


def test_a_month_is_that_of_the_calendar_in_england() -> None:
    assert month_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


@given(st.lists(st.none() | st.integers(0, 5), max_size=9), st.frozensets(st.integers(0, 5)))
def test_each_contact_is_first_once_and_never_if_it_was_known(
    pairs: list[int | None], known: frozenset[int]
) -> None:
    first = first_contacts(pairs, known)

    assert len(first) == len(pairs)
    new = [pair for pair, is_first in zip(pairs, first, strict=True) if is_first]
    assert sorted(new, key=str) == sorted({one for one in pairs if one is not None} - known)
    assert all(pairs.index(pair) == place for place, pair in enumerate(pairs) if first[place])
