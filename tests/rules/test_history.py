"""What became of an answer, with pencil and paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.rules.history import steps_of
from consent.terms import Answer, Consent, ConsentKind, Method, Policy

AT = datetime(2026, 3, 2, tzinfo=UTC)
POLICY = Policy(verbal_grace_days=14)
YES = Consent(
    UUID(int=10),
    ConsentKind.FAMILY_AGREEMENT,
    UUID(int=2),
    Answer.GIVEN,
    Method.WRITTEN,
    AT,
    frozenset({"oak"}),
    frozenset({"support"}),
    frozenset({"plan"}),
)
SPOKEN = replace(YES, method=Method.VERBAL)


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


@pytest.mark.parametrize(
    ("consent", "became"),
    [
        (YES, ["given 0"]),
        (replace(YES, answer=Answer.REFUSED, method=Method.VERBAL), ["refused 0"]),
        (SPOKEN, ["given 0", "lapsed 14"]),
        (replace(SPOKEN, valid_from=day(3)), ["given 0", "lapsed 17"]),
        (replace(SPOKEN, confirmed_at=day(5)), ["given 0", "confirmed 5"]),
        (replace(SPOKEN, confirmed_at=day(20)), ["given 0", "lapsed 14", "confirmed 20"]),
        (replace(SPOKEN, withdrawn_at=day(5)), ["given 0", "withdrawn 5"]),
        (replace(SPOKEN, withdrawn_at=day(20)), ["given 0", "lapsed 14", "withdrawn 20"]),
        (replace(SPOKEN, replaced_at=day(14)), ["given 0", "replaced 14"]),
        (replace(SPOKEN, valid_until=day(9)), ["given 0", "expired 9"]),
        (replace(SPOKEN, valid_until=day(30)), ["given 0", "lapsed 14"]),
        (replace(YES, valid_until=day(30)), ["given 0", "expired 30"]),
        (replace(YES, valid_until=day(50)), ["given 0"]),
        (replace(YES, valid_until=day(30), withdrawn_at=day(30)), ["given 0", "withdrawn 30"]),
    ],
)
def test_each_thing_that_happened_stands_in_its_order(consent: Consent, became: list[str]) -> None:
    steps = steps_of(consent, POLICY, day(40))
    assert [f"{one.value} {(when - AT).days}" for when, one in steps] == became
