import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.chain.encoding import LARGEST
from sharing.chain.errors import MalformedError, UnprovenError
from sharing.chain.notes import (
    LARGEST_NOTE,
    KeyKind,
    Note,
    Signature,
    VerifierKey,
    format_note,
    format_vkey,
    parse_note,
    parse_vkey,
    sign,
    stamp,
    verify,
)
from tests.chain.make import flipped, signed, signer

TEXT = b"one line\n\nand another\n"
LOG, PARTNER = signer("log.example"), signer("partner.example/witness")
RAW = signed(TEXT, LOG)
LINE = RAW.removeprefix(TEXT + b"\n")
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="+"), min_size=1
)
lines = st.text(st.characters(exclude_categories=("Cs", "Cc")))
texts = st.lists(lines, min_size=1).map(lambda some: "".join(f"{one}\n" for one in some).encode())


@given(texts, st.lists(names.filter(lambda name: not name.isspace()), min_size=1, max_size=4))
def test_a_note_is_read_back_as_it_was_written(text: bytes, signed_by: list[str]) -> None:
    signers = [signer(name) for name in dict.fromkeys(signed_by)]
    raw = signed(text, *signers)
    note = parse_note(raw)
    assert note.text == text
    assert format_note(note) == raw
    keys = [one.verifier() for one in signers]
    assert [one.key for one in verify(note, keys)] == keys


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(RAW) * 8 - 1))
def test_one_flipped_bit_spoils_a_note(bit: int) -> None:
    with pytest.raises((MalformedError, UnprovenError)):
        verify(parse_note(flipped(RAW, bit)), [LOG.verifier()])


@given(names, st.sampled_from(KeyKind))
def test_a_published_key_is_read_back(name: str, kind: KeyKind) -> None:
    key = signer(name).verifier(kind)
    assert parse_vkey(format_vkey(key)) == key


def test_several_may_sign_and_strangers_do_not_count() -> None:
    note = parse_note(signed(TEXT, PARTNER, LOG, signer("stranger.example")))
    both = verify(note, [LOG.verifier(), PARTNER.verifier()])
    assert [one.key.name for one in both] == [PARTNER.name, LOG.name]
    assert [one.key.name for one in verify(note, [LOG.verifier()])] == [LOG.name]


def test_a_strangers_line_may_hold_anything_twice() -> None:
    stranger = Signature("stranger.example", b"abcd", b"nonsense")
    note = Note(TEXT, (stranger, sign(TEXT, LOG), stranger))
    assert verify(parse_note(format_note(note)), [LOG.verifier()])[0].key == LOG.verifier()


def test_a_note_nobody_known_signed_is_refused() -> None:
    with pytest.raises(UnprovenError, match="no known key"):
        verify(parse_note(RAW), [PARTNER.verifier()])
    with pytest.raises(UnprovenError, match="no known key"):
        verify(parse_note(RAW), [])


def test_the_right_key_under_a_wrong_name_is_a_stranger() -> None:
    renamed = VerifierKey("other.example", LOG.verifier().public)
    with pytest.raises(UnprovenError, match="no known key"):
        verify(parse_note(RAW), [renamed])


def test_a_swapped_key_under_the_same_name_is_a_stranger() -> None:
    with pytest.raises(UnprovenError, match="no known key"):
        verify(parse_note(RAW), [signer(LOG.name, seed="another").verifier()])


def test_one_bad_line_of_a_known_key_spoils_the_good_ones() -> None:
    bad = Signature(PARTNER.name, PARTNER.verifier().key_id, sign(b"other\n", PARTNER).made)
    note = Note(TEXT, (sign(TEXT, LOG), bad))
    with pytest.raises(UnprovenError, match="does not hold"):
        verify(note, [LOG.verifier(), PARTNER.verifier()])


@pytest.mark.parametrize("made", [b"", b"short", b"x" * 63, b"x" * 65])
@pytest.mark.parametrize("kind", KeyKind)
def test_a_signature_of_another_length_does_not_hold(kind: KeyKind, made: bytes) -> None:
    key = LOG.verifier(kind)
    with pytest.raises((UnprovenError, MalformedError)):
        verify(Note(TEXT, (Signature(key.name, key.key_id, made),)), [key])


def test_a_known_key_signs_once() -> None:
    note = Note(TEXT, (sign(TEXT, LOG), sign(TEXT, LOG)))
    with pytest.raises(UnprovenError, match="twice"):
        verify(note, [LOG.verifier()])


def test_two_keys_with_one_name_and_id_are_refused() -> None:
    class Twin(VerifierKey):
        """A key made to collide: four bytes are soon found."""

        @property
        def key_id(self) -> bytes:
            return LOG.verifier().key_id

    twin = Twin(LOG.name, PARTNER.verifier().public)
    with pytest.raises(UnprovenError, match="one name and one id"):
        verify(parse_note(RAW), [LOG.verifier(), twin])
    assert verify(parse_note(RAW), [LOG.verifier(), LOG.verifier()])


def test_a_stamp_states_its_time_and_answers_for_it() -> None:
    line = stamp(TEXT, PARTNER, 1_679_315_147)
    key = PARTNER.verifier(KeyKind.COSIGNATURE)
    (vouched,) = verify(Note(TEXT, (line,)), [key])
    assert (vouched.key, vouched.at) == (key, 1_679_315_147)
    for bit in range(64):
        changed = Signature(line.name, line.key_id, flipped(line.made, bit))
        with pytest.raises((UnprovenError, MalformedError)):
            verify(Note(TEXT, (changed,)), [key])


def test_a_stamp_is_not_a_plain_signature() -> None:
    with pytest.raises(UnprovenError, match="no known key"):
        verify(Note(TEXT, (stamp(TEXT, PARTNER, 1),)), [PARTNER.verifier()])


@pytest.mark.parametrize("at", [-1, LARGEST + 1])
def test_a_stamp_has_a_time_a_clock_can_show(at: int) -> None:
    with pytest.raises(MalformedError, match="out of range"):
        stamp(TEXT, PARTNER, at)


@pytest.mark.parametrize("text", [b"", b"no newline", b"tab\t\n", b"nul\x00\n", b"\xff\n"])
def test_a_text_outside_the_format_is_not_signed(text: bytes) -> None:
    with pytest.raises(MalformedError):
        sign(text, LOG)
    with pytest.raises(MalformedError):
        stamp(text, LOG, 1)
    with pytest.raises(MalformedError):
        format_note(Note(text, (sign(TEXT, LOG),)))


def test_the_largest_note_is_the_limit() -> None:
    with pytest.raises(MalformedError, match="too large"):
        format_note(Note(b"x" * LARGEST_NOTE + b"\n", (sign(TEXT, LOG),)))


@pytest.mark.parametrize("count", [0, 101])
def test_a_note_carries_1_to_100_signatures(count: int) -> None:
    with pytest.raises(MalformedError):
        format_note(Note(TEXT, (sign(TEXT, LOG),) * count))
    assert len(parse_note(format_note(Note(TEXT, (sign(TEXT, LOG),) * 100))).signatures) == 100


@pytest.mark.parametrize(
    "line",
    [
        Signature("name", b"abc", b""),
        Signature("name", b"abcde", b"made"),
        Signature("na me", b"abcd", b"made"),
        Signature("\ud800", b"abcd", b"made"),
    ],
)
def test_a_line_that_would_read_otherwise_is_not_written(line: Signature) -> None:
    with pytest.raises(MalformedError):
        format_note(Note(TEXT, (line,)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        TEXT,
        TEXT + b"\n",
        RAW[:-1],
        RAW + b"\n",
        RAW + b"more\n",
        RAW.replace(b"\n", b"\r\n"),
        TEXT + b"\n" + LINE.replace("\N{EM DASH}".encode(), b"-"),
        TEXT + b"\n" + LINE.removeprefix("\N{EM DASH} ".encode()),
        TEXT + b"\n" + "\N{EM DASH} log.example\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} log.example \n".encode(),
        TEXT + b"\n" + "\N{EM DASH} log.example AAAAAA==\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} log.example AAAAAAB=\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} log.example AAAA AAAA\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} log.example ÄÄÄÄ\n".encode(),
        TEXT + b"\n" + "\N{EM DASH}  AAAAAAA=\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} a+b AAAAAAA=\n".encode(),
        TEXT + b"\n" + "\N{EM DASH} a\N{NO-BREAK SPACE}b AAAAAAA=\n".encode(),
    ],
)
def test_what_is_not_a_note_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_note(raw)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "log.example",
        "log.example+530d903a",
        "log.example+530d903a+",
        "log.example+530d903a+AAAA",
        "log.example+530d903a+AQ==",
        format_vkey(LOG.verifier()).replace("+", "++", 1),
        format_vkey(LOG.verifier()).upper(),
        format_vkey(LOG.verifier()) + "\n",
        "x" + format_vkey(LOG.verifier()),
        "\ud800" + format_vkey(LOG.verifier()),
        "é" + format_vkey(LOG.verifier()),
    ],
)
def test_what_is_not_a_published_key_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedError):
        parse_vkey(vkey)


@pytest.mark.parametrize(("name", "length"), [("", 32), ("a b", 32), ("a+b", 32), ("a", 31)])
def test_a_key_has_a_name_and_32_bytes(name: str, length: int) -> None:
    with pytest.raises(MalformedError):
        VerifierKey(name, b"x" * length)
