"""What a reviewer's filters mean, which do not fit, and what the log says of a reading."""

from datetime import UTC, datetime, timedelta

import pytest

from sharing.rules.searching import (
    faults,
    filters_said,
    is_filtered,
    marks_unwanted,
    marks_wanted,
    not_for,
    overdue_before,
    whom_said,
)
from sharing.terms.asking import Identifier
from sharing.terms.codes import Flag, Ground, Kind, LawfulBasis, Obligation, Reason
from sharing.terms.lines import Worker
from sharing.terms.searching import Duty, EntryKind, LogSearch, Outcome, Whom

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CHILD = Identifier("nhs_number", "9990000018")
TEACHER = Worker("oak", "teacher-7")


def test_each_filter_of_codes_wants_the_mark_that_lines_bear() -> None:
    search = LogSearch(
        agency="oak",
        client="oak-client",
        purpose="support",
        basis=LawfulBasis.CONSENT,
        category="plan",
        outcome=Outcome.DENY,
        code=Reason.NOT_AVAILABLE,
        ground=Ground.SHIELDED,
        flag=Flag.SHIELD_PIERCED,
        entry=EntryKind.DECISION,
        act="step_up",
        kind=Kind.POINTER,
        agreement="A",
        version=3,
        override=True,
        out_of_hours=False,
        first_contact=True,
    )
    assert set(marks_wanted(search)) == {
        *("agency:oak", "client:oak-client", "purpose:support", "basis:consent", "category:plan"),
        *("outcome:deny", "code:not_available", "ground:shielded", "flag:shield_pierced"),
        *("entry:decision", "act:step_up", "kind:pointer", "agreement:A/3", "override:yes"),
        "first_contact:yes",
    }
    assert marks_unwanted(search) == ("out_of_hours:yes",)
    assert marks_wanted(LogSearch(agreement="A")) == ("agreement:A",)
    assert marks_wanted(LogSearch(source="hub", duty=Duty.OPEN)) == ()


@pytest.mark.parametrize(
    ("search", "wrong"),
    [
        (LogSearch(), []),
        (LogSearch(since=NOON, until=NOON + timedelta(seconds=1)), []),
        (LogSearch(since=NOON, until=NOON), ["until"]),
        (LogSearch(until=NOON), []),
        (LogSearch(agreement="A", version=1), []),
        (LogSearch(version=1), ["version"]),
        (LogSearch(whom=Whom(family=True)), ["family"]),
        (LogSearch(whom=Whom(family=True, subject=(CHILD,))), []),
    ],
)
def test_filters_that_contradict_each_other_are_named(search: LogSearch, wrong: list[str]) -> None:
    assert [one.name for one in faults(search)] == wrong


def test_grounds_and_flags_are_for_those_who_read_the_whole_log() -> None:
    search = LogSearch(ground=Ground.REFUSED, flag=Flag.REFUSAL_ON_FILE, code=Reason.NOT_AVAILABLE)

    assert not_for(search, whole=True) == ()
    assert not_for(search, whole=False) == ("ground", "flag")
    known = LogSearch(first_contact=False, whom=Whom(subject=(CHILD,), family=True))
    assert not_for(known, whole=False) == ("first_contact", "subject", "family")
    assert not_for(LogSearch(code=Reason.NOT_AVAILABLE), whole=False) == ()


def test_a_duty_is_overdue_after_its_days_and_a_standing_one_never() -> None:
    assert overdue_before(Obligation.NOTIFY_SOURCE, NOON) == NOON - timedelta(days=1)
    assert overdue_before(Obligation.DO_NOT_REVEAL_LOCATION, NOON) is None


def test_what_a_search_says_for_ever_names_nobody() -> None:
    whom = Whom(practitioner=TEACHER, subject=(CHILD,), family=True)
    search = LogSearch(since=NOON, outcome=Outcome.DENY, override=False, whom=whom)

    assert filters_said(search) == {
        "since": "2026-03-03T12:00:00+00:00",
        "outcome": "deny",
        "override": False,
        "named": ["practitioner", "subject", "family"],
    }
    assert whom_said(whom) == {
        "looked_for": {"agency": "oak", "id": "teacher-7"},
        "identifiers": [{"scheme": "nhs_number", "value": "9990000018"}],
    }
    assert (filters_said(LogSearch()), whom_said(Whom())) == ({}, {})


def test_a_search_for_anything_at_all_is_filtered() -> None:
    assert not is_filtered(LogSearch())
    assert is_filtered(LogSearch(override=False))
    assert is_filtered(LogSearch(whom=Whom(practitioner=TEACHER)))
