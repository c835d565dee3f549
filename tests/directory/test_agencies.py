from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from directory.actions import agencies as actions
from directory.queries import agencies as queries
from directory.terms.agencies import (
    Agency,
    AgencyActive,
    AgencyExists,
    AgencyNotActive,
    Interval,
    Standing,
    UnknownAgency,
)

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
JANUARY, MARCH, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 5))
OPEN = (Interval(JANUARY),)


def some_agency(code: str = "oak-school", **details: object) -> Agency:
    facts = {"name": "Oak School", "kind": "school", "recorded_at": AT, "active": OPEN}
    return Agency(code, **(facts | details))  # type: ignore[arg-type]  # builder of a test


def standings(session: Session, codes: list[str] | None) -> dict[str, Standing]:
    within_another = select(literal(1), queries.agency_standings(codes).scalar_subquery())
    return queries.standings(session.execute(within_another).one()[1])


def test_a_registered_agency_is_on_file(session: Session) -> None:
    registered = actions.register_agency(session, some_agency())

    assert registered == queries.agency(session, "oak-school") == some_agency()


def test_a_code_names_one_agency_for_ever(session: Session) -> None:
    actions.register_agency(session, some_agency())

    with pytest.raises(AgencyExists):
        actions.register_agency(session, some_agency(name="Another"))


def test_a_suspended_agency_takes_no_part_until_it_is_reinstated(session: Session) -> None:
    actions.register_agency(session, some_agency())

    suspended = actions.suspend(session, "oak-school", Interval(MARCH), AT)
    reinstated = actions.reinstate(session, "oak-school", MAY, AT)

    assert suspended.active == (Interval(JANUARY, MARCH),)
    assert reinstated.active == (Interval(JANUARY, MARCH), Interval(MAY))


def test_a_suspension_with_an_end_opens_again_by_itself(session: Session) -> None:
    actions.register_agency(session, some_agency())

    suspended = actions.suspend(session, "oak-school", Interval(MARCH, MAY), AT)

    assert suspended.active == (Interval(JANUARY, MARCH), Interval(MAY))


def test_an_agency_suspended_from_its_first_day_never_took_part(session: Session) -> None:
    actions.register_agency(session, some_agency())

    suspended = actions.suspend(session, "oak-school", Interval(JANUARY), AT)

    assert suspended.active == ()
    assert actions.reinstate(session, "oak-school", JANUARY, AT).active == OPEN


def test_what_is_suspended_already_cannot_be_suspended(session: Session) -> None:
    actions.register_agency(session, some_agency(active=(Interval(JANUARY, MARCH),)))

    with pytest.raises(AgencyNotActive):
        actions.suspend(session, "oak-school", Interval(MAY), AT)


def test_what_takes_part_cannot_be_reinstated(session: Session) -> None:
    actions.register_agency(session, some_agency())

    with pytest.raises(AgencyActive):
        actions.reinstate(session, "oak-school", MAY, AT)


def test_nobody_suspends_an_agency_that_is_not_there(session: Session) -> None:
    with pytest.raises(UnknownAgency):
        actions.suspend(session, "nowhere", Interval(MAY), AT)


def test_agencies_are_listed_by_code_from_any_of_them(session: Session) -> None:
    for code in ("elm-school", "camhs", "oak-school"):
        actions.register_agency(session, some_agency(code))

    first = queries.agencies(session, limit=2)
    rest = queries.agencies(session, after=first[-1].code)

    assert [one.code for one in first + rest] == ["camhs", "elm-school", "oak-school"]


def test_codes_that_no_agency_has_are_named(session: Session) -> None:
    actions.register_agency(session, some_agency())

    assert queries.unknown_codes(session, {"oak-school", "oak-skool"}) == {"oak-skool"}
    assert queries.unknown_codes(session, set()) == frozenset()


def test_standings_come_as_one_value_that_another_statement_can_carry(session: Session) -> None:
    fraction = JANUARY + timedelta(microseconds=120)
    actions.register_agency(session, some_agency(active=(Interval(fraction),)))
    actions.register_agency(session, some_agency("camhs", sensitive_service=True, active=()))
    actions.suspend(session, "oak-school", Interval(MARCH, MAY), AT)

    expected = {
        "oak-school": Standing(
            sensitive_service=False, active=(Interval(fraction, MARCH), Interval(MAY))
        ),
        "camhs": Standing(sensitive_service=True, active=()),
    }
    assert standings(session, ["oak-school", "camhs", "nowhere"]) == expected
    assert standings(session, None) == expected
    assert standings(session, []) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "update agency set sensitive_service = false",
        "update agency_period set starts = now()",
        "delete from agency_period",
        "insert into vault_key values ('log', 'k1', '')",
    ],
)
def test_the_web_process_cannot_rewrite_who_took_part(session: Session, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(statement))
