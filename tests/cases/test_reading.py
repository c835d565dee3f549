"""What a case file may say, and what no reader may pass over in silence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cases.reading import merged, read
from tests.cases.rows import UnreadableError, instant
from tests.cases.spans import meet, without
from tests.cases.words import OPEN, Answer, Audit, Span, differences
from tests.decision_cases import by_world

APRIL, MAY, JUNE = (datetime(2026, month, 1, tzinfo=UTC) for month in (4, 5, 6))
SMALLEST = """
format: decision-cases/1
world:
  purposes: [support]
  categories: {plan: {}}
  agencies: {hub: {}, school: {suspended_from: 2026-05-01, suspended_until: 2026-06-01}}
  clients: {mis: {agency: school, purposes: [support], kinds: [content]}}
  agreements:
    A:
      effective_from: 2026-01-01
      members: [{agency: hub}, {agency: school, joined: 2026-04-01, left: 2026-05-01}, {agency: school, joined: 2026-06-01}]
      flows: [{id: f, from: [hub], to: [school], purposes: [support], categories: [plan], basis: public_task, requires: none}]
  subjects: {kid: {born: 2016-01-01, people: {mum: {pr: true, no_say_from: 2026-05-01}, nan: {pr_from: 2026-04-01}}}}
  records: {kid: {hub: [plan, {category: plan, from: 2026-04-01, until: 2026-05-01}]}}
cases:
  - id: C1
    given: {no_access: {kid: [aunt, {practitioner: uncle, from: 2026-04-01}]}}
    ask: {client: mis, subject: kid, from: hub, purpose: support, basis: public_task, categories: [plan], at: 2026-04-02}
    steps:
      - {expect: {outcome: permit, categories: [plan]}}
      - {ask: {at: 2026-04-02T10:00:00+01:00}, expect: {outcome: permit, categories: [plan], audit: {flags: []}}}
"""  # noqa: E501  (a file as people write it)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "cases.yaml"
    written.write_text(SMALLEST, encoding="utf-8")
    return written


def test_a_case_is_read_with_every_interval_it_states(file: Path) -> None:
    (case,) = read(file)
    world = case.world
    assert world.agencies["school"].active == (Span(None, MAY), Span(JUNE, None))
    stays = [one.span for one in world.agreements["A"].members if one.name == "school"]
    assert stays == [Span(APRIL, MAY), Span(JUNE, None)]
    mum, nan = world.subjects["kid"].people
    assert (mum.responsible, mum.no_say) == ((OPEN,), Span(MAY, None))
    assert nan.responsible == (Span(APRIL, None),)
    assert [record.span for record in world.records] == [OPEN, Span(APRIL, MAY)]
    assert [bar.span for bar in case.given.no_access] == [OPEN, Span(APRIL, None)]


def test_a_step_adds_to_what_its_case_asks(file: Path) -> None:
    first, second = read(file)[0].steps
    assert first.ask.at == datetime(2026, 4, 2, tzinfo=UTC)
    assert second.ask.at == datetime(2026, 4, 2, 9, tzinfo=UTC)
    assert first.ask.source == second.ask.source == "hub"
    assert (first.expect.audit.flags, second.expect.audit.flags) == (None, frozenset())


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ("kinds: [content]}", "kinds: [content], rank: 3}", "world: mis: unknown key rank"),
        ("from: hub, purpose", "form: hub, purpose", "from is missing"),
        ("requires: none", "requires: luck", "requires is 'luck'"),
        ("at: 2026-04-02}", "at: soon}", "'soon' is no instant"),
        ("outcome: permit, categories: [plan]}}", "outcome: maybe}}", "outcome is 'maybe'"),
        ("joined: 2026-06-01", "joined: 2026-06-01, from: 2026-06-01", "mean the same"),
        ("decision-cases/1", "decision-cases/2", "format is 'decision-cases/2'"),
        ("purposes: [support]\n", "purposes: 7\n", "must be a list of codes"),
        ("practitioner: uncle", "practitioner: 7", "must be text"),
        ("pr: true", "pr: perhaps", "must be true or false"),
        ("born: 2016-01-01", "born: 2016-01-01T10:00:00Z", "is no date"),
        ("cases:\n  - id: C1", "cases:\n  - 7\n  - id: C1", "expected keys and values"),
    ],
)
def test_what_the_reader_does_not_know_is_an_error_that_says_where(
    file: Path, said: str, instead: str, complaint: str
) -> None:
    assert said in SMALLEST
    file.write_text(SMALLEST.replace(said, instead, 1), encoding="utf-8")
    with pytest.raises(UnreadableError, match=complaint):
        read(file)


def test_two_cases_of_one_name_are_an_error(file: Path) -> None:
    again = SMALLEST.partition("cases:\n")[2]
    file.write_text(SMALLEST + again, encoding="utf-8")
    with pytest.raises(UnreadableError, match="said twice: C1"):
        read(file)


def test_a_case_may_lay_its_own_world_over_that_of_the_file(file: Path) -> None:
    own = "    world: {settings: {own_decision_age: 12}, agreements: {A: {expires: 2026-05-01}}}\n"
    other = SMALLEST.partition("cases:\n")[2].replace("id: C1\n", f"id: C2\n{own}")
    file.write_text(SMALLEST + other, encoding="utf-8")
    first, second = read(file)
    assert second.world.settings.own_decision_age == 12
    assert second.world.agreements["A"].span.ends == MAY
    assert second.world.agreements["A"].flows == first.world.agreements["A"].flows
    assert len(list(by_world((first, second, first)))) == 2


def test_laying_over_replaces_lists_and_null_takes_away() -> None:
    below = {"a": {"b": 1, "c": [1, 2]}, "d": None}
    assert merged(below, {"a": {"b": None, "c": [3]}, "e": 4}) == {
        "a": {"c": [3]},
        "d": None,
        "e": 4,
    }


def test_instants_without_an_offset_are_utc() -> None:
    for said in ("2026-04-01", "2026-04-01T00:00:00", "2026-04-01T01:00:00+01:00"):
        assert instant("here", said) == APRIL


def test_intervals_meet_and_leave_gaps() -> None:
    assert meet(Span(APRIL, JUNE), Span(None, MAY)) == (Span(APRIL, MAY),)
    assert meet(Span(None, MAY), Span(MAY, None)) == ()
    assert without([OPEN], Span(APRIL, MAY)) == (Span(None, APRIL), Span(MAY, None))
    assert without([Span(APRIL, JUNE)], OPEN) == ()


def test_an_answer_is_compared_in_all_that_the_file_states() -> None:
    told = Answer("permit", sources=frozenset({"hub"}), audit=Audit(ground="statutory"))
    assert differences(Answer("permit"), told) == []
    assert differences(Answer("permit", audit=Audit(ground="consent")), told) == [
        "audit ground: expected consent, got statutory"
    ]
    assert differences(Answer("deny", reason="no_agreement"), told) == [
        "outcome: expected deny, got permit",
        "reason: expected no_agreement, got None",
    ]
