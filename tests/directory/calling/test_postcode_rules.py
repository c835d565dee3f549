"""How people type postcodes, and what is made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.postcodes import compacted, elsewhere, is_whole, outward, tidy
from directory.terms.places import MalformedPostcode

WHOLE = ["LS8 5NG", "M1 1AE", "W1A 1AA", "EC1A 1BB", "SO14 7AA", "YO1 7EP", "BL0 9AA", "GY1 1AA"]


@given(
    st.sampled_from(WHOLE),
    st.lists(st.sampled_from(["", " ", "\u00a0", "-", "."]), min_size=9, max_size=9),
    st.sampled_from(["lower", "upper"]),
)
def test_spaces_signs_and_case_do_not_matter(whole: str, between: list[str], as_typed: str) -> None:
    letters = compacted(whole)
    typed = "".join(sign + one for sign, one in zip(between, letters, strict=False))

    assert tidy(typed.lower() if as_typed == "lower" else typed) == whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("S014 7AA", "SO14 7AA"),
        ("0X1 1AA", "OX1 1AA"),
        ("YO1O 4AA", "YO10 4AA"),
        ("WIA 1AA", "W1A 1AA"),
        ("LS8 5NG", "LS8 5NG"),
        ("1G1 IAA", "IG1 1AA"),
        ("ＬＳ８　５ＮＧ", "LS8 5NG"),  # noqa: RUF001  (as a phone set to Japanese types it)
        ("ls8", "LS8"),
        ("W1A", "W1A"),
    ],
)
def test_what_looks_alike_is_read_as_the_one_postcode_that_it_can_be(
    typed: str, meant: str
) -> None:
    assert tidy(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "LS8 5N", "LS8 5NG 1", "LS8 5N6", "5NG", "QS8 5NG", "LS08 5NG", "Leeds"),
        *("LS8 5CI", "LS8 5NG" + " " * 20, "1000000", "LS8'5NG", "%", "LS8\x005NG", "0000000"),
    ],
)
def test_what_is_no_postcode_is_called_so(typed: str) -> None:
    with pytest.raises(MalformedPostcode):
        tidy(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_tidy_postcode_or_none(typed: str) -> None:
    try:
        found = tidy(typed)
    except MalformedPostcode:
        return
    assert tidy(found) == found
    assert tidy(compacted(found)) == found
    assert found.startswith(outward(found))


def test_the_halves_and_the_countries_that_are_not_held() -> None:
    assert outward("LS8 5NG") == outward("LS8") == "LS8"
    assert is_whole("LS85NG")
    assert not is_whole("LS8")
    assert elsewhere("BT1 1AA")
    assert elsewhere("JE2 3AB")
    assert not elsewhere("B1 1AA")
