"""Standard Webhooks: the specification's own vector, the days of trying, what a message says."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.webhooks import (
    WAITS,
    body_of,
    headers_of,
    message_id,
    next_attempt,
    secret_text,
    signature,
    taken,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EVENT = UUID("019cade2-11c0-7ab8-9c8c-2bf13b7db84c")
# The example that the specification's reference libraries test themselves with.
SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
MESSAGE, TIMESTAMP = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signature_is_the_one_of_the_specification() -> None:
    assert signature(SECRET, MESSAGE, TIMESTAMP, BODY) == SIGNED
    assert secret_text(SECRET) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_headers_are_signed_with_each_secret_and_name_the_instant_of_the_attempt() -> None:
    at = datetime.fromtimestamp(TIMESTAMP, UTC)
    headers = headers_of(MESSAGE, BODY, [b"newer" * 8, SECRET], at)
    assert headers["webhook-id"] == MESSAGE
    assert headers["webhook-timestamp"] == str(TIMESTAMP)
    first, second = headers["webhook-signature"].split(" ")
    assert first.startswith("v1,")
    assert first != second == SIGNED


def test_a_message_names_an_event_and_nobody() -> None:
    assert json.loads(body_of("consent.withdrawn", AT, EVENT)) == {
        "type": "consent.withdrawn",
        "timestamp": "2026-03-02T09:30:00+00:00",
        "data": {"event": str(EVENT)},
    }
    assert json.loads(body_of("ping", AT, None))["data"] == {}
    assert message_id(EVENT) == "msg_019cade211c07ab89c8c2bf13b7db84c"


@pytest.mark.parametrize(
    ("status", "is_taken"),
    [
        (200, True),
        (204, True),
        (299, True),
        (199, False),
        (301, False),
        (410, False),
        (None, False),
    ],
)
def test_only_a_2xx_takes_a_message(status: int | None, *, is_taken: bool) -> None:
    assert taken(status) is is_taken


@given(st.floats(0, 1))
def test_a_message_is_tried_for_five_days_at_growing_waits_and_then_given_up(dice: float) -> None:
    at, waits = AT, []
    for failed in range(1, len(WAITS) + 1):
        again = next_attempt(failed, at, dice)
        assert again is not None
        waits.append(again - at)
        at = again
    assert waits == sorted(waits)
    assert timedelta(days=5) <= at - AT <= timedelta(days=6.5)
    assert next_attempt(len(WAITS) + 1, at, dice) is None
