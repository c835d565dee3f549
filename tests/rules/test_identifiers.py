import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.rules.identifiers import Fault, agency_of, normal_form

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
SCHEMES = st.sampled_from(["nhs_number", "upn", "mosaic", "liquidlogic", "agency:oak-school"])
digits = st.text("0123456789", min_size=9, max_size=9)


def fault(scheme: str, value: str) -> Fault:
    found = normal_form(scheme, value)
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        ("nhs_number", "9990000018", "9990000018"),
        ("nhs_number", " 943 476-5919 ", "9434765919"),
        ("upn", "h801200001001", "H801200001001"),
        ("upn", "B801200005001", "B801200005001"),
        ("mosaic", "0001234", "1234"),
        ("liquidlogic", "500100", "500100"),
        ("agency:oak-school", "  Pupil 17/b ", "Pupil 17/b"),
    ],
)
def test_an_identifier_is_found_however_it_is_typed(scheme: str, typed: str, kept: str) -> None:
    assert normal_form(scheme, typed) == kept


@pytest.mark.parametrize(
    ("scheme", "typed", "within", "says"),
    [
        ("nhs_number", "9990000019", "value", "check digit should be 8"),
        ("nhs_number", "0000000060", "value", "No NHS number begins"),
        ("nhs_number", "١٢٣٤٥٦٧٨٩٠", "value", "ten digits"),
        ("nhs_number", "999000001", "value", "ten digits"),
        ("upn", "B207000016049", "value", "check letter should be P"),
        ("upn", "I207000016049", "value", "none of the letters I, O and S"),
        ("mosaic", "0000", "value", "not zero"),
        ("liquidlogic", "12a", "value", "1 to 12 digits"),
        ("agency:oak-school", "a\nb", "value", "printable"),
        ("agency:oak-school", " ", "value", "printable"),
        ("agency:oak-school", "x" * 65, "value", "1 to 64"),
        ("agency:", "17", "scheme", "an agency's code"),
        ("passport", "17", "scheme", "nhs_number, upn, or agency:"),
    ],
)
def test_a_fault_says_where_and_what(scheme: str, typed: str, within: str, says: str) -> None:
    found = fault(scheme, typed)

    assert found.within == within
    assert says in found.detail


@given(digits)
def test_nine_digits_make_at_most_one_nhs_number(first_nine: str) -> None:
    valid = [
        last
        for last in "0123456789"
        if normal_form("nhs_number", first_nine + last) == first_nine + last
    ]

    assert len(valid) <= 1


@given(digits, st.integers(0, 8))
def test_one_digit_mistyped_is_noticed(first_nine: str, place: int) -> None:
    valid = [
        first_nine + last
        for last in "0123456789"
        if isinstance(normal_form("nhs_number", first_nine + last), str)
    ]
    for number in valid:
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        fault("nhs_number", wrong)


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from("0123456789" + LETTERS))
def test_every_pupil_has_one_check_letter(middle: str, last: str) -> None:
    valid = [
        letter for letter in LETTERS if isinstance(normal_form("upn", letter + middle + last), str)
    ]

    assert len(valid) == 1


@given(SCHEMES, st.text(max_size=70))
def test_a_normal_form_is_its_own_normal_form(scheme: str, typed: str) -> None:
    found = normal_form(scheme, typed)

    if isinstance(found, str):
        assert normal_form(scheme, found) == found


@given(SCHEMES, st.text("0123456789ABCDEF", min_size=6, max_size=80))
def test_a_fault_never_repeats_the_value(scheme: str, typed: str) -> None:
    found = normal_form(scheme, typed)

    if isinstance(found, Fault):
        assert typed not in found.detail


def test_a_local_id_belongs_to_an_agency() -> None:
    assert agency_of("agency:oak-school") == "oak-school"
    assert agency_of("upn") is None
