"""How words are compared, corrected, and turned into what PostgreSQL is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.reading import (
    notes_of,
    notes_on,
    notes_on_unused,
    query_of,
    reading_of,
    written_by_hand,
)
from directory.rules.spelling import meant, slips
from directory.rules.words import folded, key_of, words_of
from directory.terms.places import Place
from directory.terms.reading import NearWord, Phrase, TypedWord

letters = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Drop-in  GROUP", ("drop", "in", "group")),
        ("Women's and children\u2019s", ("womens", "and", "childrens")),
        ("Zoë\u2019s Café", ("zoes", "cafe")),
        ("0-5 years (16+)", ("0", "5", "years", "16")),
        ("Łódź Straße", ("lodz", "strasse")),
        ("বাংলা", ("বাংলা",)),
        ("!?", ()),
        ("", ()),
    ],
)
def test_words_are_what_stands_between_signs(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=60))
def test_words_are_read_again_as_themselves(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words
    assert all(word and " " not in word and len(word) <= 60 for word in words)
    assert folded(folded(text)) == folded(text) or not text.isascii()


def test_a_key_is_the_same_however_a_name_is_written() -> None:
    assert key_of("Self-referral") == key_of("self_referral ") == key_of("SELF  referral")


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("speach", "speech", 1),
        ("autsim", "autism", 1),
        ("theraphy", "therapy", 1),
        ("behavoir", "behaviour", 2),
        ("", "abc", 3),
        ("same", "same", 0),
        ("ab", "ba", 1),
    ],
)
def test_slips_are_counted(one: str, other: str, number: int) -> None:
    assert slips(one, other) == number


@given(letters, letters)
def test_slips_are_the_same_both_ways_and_none_only_between_equals(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert (slips(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= slips(one, other) <= max(len(one), len(other))


def near(word: str, services: int = 1) -> NearWord:
    return NearWord(word, f"'{word}'", services)


def test_the_nearest_word_is_meant_then_the_commonest() -> None:
    candidates = [near("speak", 90), near("speech", 3), near("specch", 1)]
    assert meant("speach", candidates) == near("speech", 3)
    assert meant("slep", [near("sleep", 2), near("step", 9)]) == near("step", 9)


@pytest.mark.parametrize("typed", ["ab", "abc", "ls8", "section17", "xqzzyw"])
def test_nothing_is_meant_by_short_words_codes_and_nonsense(typed: str) -> None:
    assert meant(typed, [near("abcd"), near("section"), near("quarry")]) is None


def a_word(text: str, **more: object) -> TypedWord:
    return TypedWord(text, f"'{text}'", known=True, **more)  # type: ignore[arg-type]  # of the test's own making


def test_a_word_is_answered_by_itself_or_a_synonym() -> None:
    autism = Phrase("autism", "'autism'")
    reading = reading_of([a_word("asd", synonyms=(Phrase("asd", "'asd'"), autism)), a_word("play")])
    assert query_of(reading.words) == "(('asd') | ('autism')) & (('play'))"
    assert notes_of(reading, found=True) == ("'asd' was also read as 'autism'.",)


def test_a_near_spelling_is_named_only_where_it_finds_something() -> None:
    word = TypedWord("speach", "'speach'", known=False, near=(near("speech"),))
    reading = reading_of([word])
    assert query_of(reading.words) == "(('speech'))"
    assert notes_of(reading, found=False) == ()
    said = "No service holds the word 'speach'. These hold 'speech'."
    assert notes_of(reading, found=True) == (said,)


def test_a_near_spelling_finds_what_the_right_one_finds() -> None:
    synonyms = (Phrase("asd", "'asd'"), Phrase("autism", "'autism'"))
    meant_word = NearWord("autism", "'autism'", 3, synonyms)
    right = reading_of([a_word("autism", synonyms=synonyms)])
    wrong = reading_of([TypedWord("autisim", "'autisim'", known=False, near=(meant_word,))])
    assert query_of(wrong.words) == query_of(right.words) == "(('autism') | ('asd'))"
    assert notes_of(wrong, found=True) == (
        "No service holds the word 'autisim'. These hold 'autism'.",
        "'autisim' was also read as 'asd'.",
    )


def test_nonsense_is_sought_as_it_is() -> None:
    reading = reading_of([TypedWord("xqzzyw", "'xqzzyw'", known=False)])
    assert query_of(reading.words) == "(('xqzzyw'))"
    assert notes_of(reading, found=False) == ()


def test_common_words_alone_are_said_to_be_too_common() -> None:
    common = TypedWord("the", "", known=False)
    assert reading_of([common]).words == ()
    told = notes_of(reading_of([common]), found=False)
    assert told == ("Too common to search by: 'the'. Add another word.",)
    assert notes_of(reading_of([common, a_word("play")]), found=True) == ()


def test_what_no_service_has_is_named_in_words() -> None:
    assert written_by_hand(["free:yes", "language:klingon"]) == ["language:klingon"]
    (note,) = notes_on_unused(["language:klingon"])
    assert note.startswith("No service here says that it speaks 'klingon'.")


def test_an_approximate_place_is_said_to_be_one() -> None:
    exact = Place("LS8 5NG", 53.8, -1.5, "E08000035", "E05011388")
    assert notes_on(None) == notes_on(exact) == ()
    about = Place("LS8 9ZZ", 53.8, -1.5, "E08000035", approximate=True)
    said = "LS8 9ZZ is not on file: distances are from about the middle of LS8."
    assert notes_on(about) == (said,)
