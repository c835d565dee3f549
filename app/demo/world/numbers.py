"""Identifiers with right check digits, from ranges that are never given to a person."""

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NHS_TEST_RANGE = 999
_UPN_NO_AUTHORITY = 999


def nhs_number(serial: int) -> str | None:
    """Return the NHS number of the test range with this six-digit serial; None if it has none.

    One serial in eleven would need the check digit 10, and is never used.
    """
    first = f"{_NHS_TEST_RANGE}{serial:06}"
    check = (
        11
        - sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True))
        % 11
    )
    if check == 10:  # noqa: PLR2004  (modulus 11 leaves one remainder without a digit)
        return None
    return f"{first}{check % 11}"


def upn(serial: int) -> str:
    """Return a unique pupil number of a local authority that does not exist."""
    digits = f"{_UPN_NO_AUTHORITY}{serial:09}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return _UPN_LETTERS[total % 23] + digits
