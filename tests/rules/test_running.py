"""A log that cannot promise stops disclosures, and says why."""

from datetime import UTC, datetime, timedelta

from sharing.rules.running import LOG_DELAY_LIMIT, why_stopped
from sharing.terms.answers import Pulse

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_log_that_was_heard_of_lately_runs() -> None:
    assert why_stopped(Pulse(NOON - LOG_DELAY_LIMIT, None), NOON) is None


def test_a_log_that_never_ran_is_not_late() -> None:
    assert why_stopped(Pulse(None, None), NOON) is None


def test_a_silent_log_is_late() -> None:
    silent = NOON - LOG_DELAY_LIMIT - timedelta(microseconds=1)
    assert "late" in (why_stopped(Pulse(silent, None), NOON) or "")


def test_a_halted_log_stops_everything_even_if_it_was_heard_of_just_now() -> None:
    assert "halted" in (why_stopped(Pulse(NOON, "rollback"), NOON) or "")
