from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.chain.checkpoints import parse_checkpoint
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.receipts import (
    Receipt,
    open_receipt,
    parse_receipt,
    receipt_key_name,
    receipt_text,
)
from tests.chain.make import ORIGIN, head, signed, signer

AT = datetime(2026, 3, 2, 9, 30, 0, 125, tzinfo=UTC)
RECEIPT = Receipt(
    ORIGIN,
    UUID("0190163d-8694-739b-aea5-966c26f8ad91"),
    b"\x00" * 32,
    AT,
    AT + timedelta(minutes=15),
)
TEXT = (
    b"log.example/1 receipt v1\n"
    b"0190163d-8694-739b-aea5-966c26f8ad91\n"
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    b"2026-03-02T09:30:00.000125Z\n"
    b"2026-03-02T09:45:00.000125Z\n"
)
KEY = signer(receipt_key_name(ORIGIN))
instants = st.datetimes(max_value=AT.replace(year=9000, tzinfo=None), timezones=st.just(UTC))
receipts = st.builds(
    lambda origin, entry, leaf, at, wait: Receipt(origin, entry, leaf, at, at + wait),
    st.from_regex(r"[a-z.]{1,20}(/[0-9]{1,3})?", fullmatch=True),
    st.uuids(),
    st.binary(min_size=32, max_size=32),
    instants,
    st.timedeltas(timedelta(0), timedelta(hours=4)),
)


def test_a_receipt_has_exactly_this_text() -> None:
    assert receipt_text(RECEIPT) == TEXT
    assert parse_receipt(TEXT) == RECEIPT


@given(receipts)
def test_a_receipt_is_read_back_and_is_no_checkpoint(receipt: Receipt) -> None:
    text = receipt_text(receipt)
    assert parse_receipt(text) == receipt
    with pytest.raises(MalformedError):
        parse_checkpoint(text)


def test_a_checkpoint_is_no_receipt() -> None:
    with pytest.raises(MalformedError, match="not a receipt"):
        parse_receipt(head(7))


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": ""},
        {"origin": "a b"},
        {"leaf_hash": b"short"},
        {"integrated_by": AT - timedelta(seconds=1)},
        {"at": AT.replace(tzinfo=None)},
        {"integrated_by": AT.replace(tzinfo=timezone(timedelta(hours=-1)))},
    ],
)
def test_a_promise_that_makes_no_sense_is_not_written(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        receipt_text(replace(RECEIPT, **changes))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b" receipt v1", b" receipt v2"),
        (b"log.example/1 ", b" "),
        (b"log.example/1 ", b""),
        (b"0190163d-", b"0190163D-"),
        (b"0190163d-", b"019-0163d"),
        (b"0190163d-8694", b"gossip"),
        (b"AAA=", b"AAB="),
        (b"AAA=", b"AA=="),
        (b"2026-03-02T09:30:00.000125Z", b"2026-03-02T09:30:00Z"),
        (b"2026-03-02T09:30:00.000125Z", b"2026-03-02 09:30:00.000125Z"),
        (b"2026-03-02T09:30:00.000125Z", b"2026-03-02T09:30:00.000125+00:00"),
        (b"2026-03-02T09:30:00", b"2026-02-30T09:30:00"),
        (b"2026-03-02T09:30:00", b"2026-03-02T10:30:00"),
        (b"45:00.000125Z\n", b"45:00.000125Z"),
        (b"45:00.000125Z\n", b"45:00.000125Z\nmore\n"),
        (b"\n", b"\r\n"),
        (b"log", b"\xff"),
    ],
)
def test_any_other_text_of_a_receipt_is_refused(good: bytes, bad: bytes) -> None:
    assert good in TEXT
    with pytest.raises(MalformedError):
        parse_receipt(TEXT.replace(good, bad))


def test_a_receipt_signed_by_its_log_is_opened() -> None:
    assert open_receipt(signed(TEXT, KEY), [KEY.verifier()]) == RECEIPT


def test_the_key_of_the_log_signs_no_receipts() -> None:
    log = signer(ORIGIN)
    with pytest.raises(UnprovenError, match="log itself"):
        open_receipt(signed(TEXT, log), [log.verifier(), KEY.verifier()])


def test_a_receipt_of_one_log_is_not_signed_by_another() -> None:
    other = signer(receipt_key_name("other.example"))
    with pytest.raises(UnprovenError, match="log itself"):
        open_receipt(signed(TEXT, other), [other.verifier()])
