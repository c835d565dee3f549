"""The normal form of an identifier, so that one person's number is found however it is typed.

A fault says what is wrong with the form and never repeats the value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

AGENCY_SCHEME: Final = "agency:"
LONGEST_LOCAL_ID: Final = 64
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_GAPS: Final = re.compile(r"[\s-]+")
_NHS_NUMBER: Final = re.compile(r"[0-9]{10}")
_CASE_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN: Final = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an identifier: in its `scheme` or in its `value`."""

    within: str
    detail: str


def normal_form(scheme: str, value: str) -> str | Fault:
    """Return the value as it is kept and compared, or what is wrong with it."""
    if scheme.startswith(AGENCY_SCHEME):
        return _local_id(scheme, value)
    read = _SCHEMES.get(scheme)
    if read is None:
        known = ", ".join(sorted(_SCHEMES))
        return Fault("scheme", f"This must be one of {known}, or agency: and an agency's code.")
    return read(_GAPS.sub("", value).upper())


def agency_of(scheme: str) -> str | None:
    """Return the agency whose own numbering a scheme is, or None."""
    return scheme.removeprefix(AGENCY_SCHEME) if scheme.startswith(AGENCY_SCHEME) else None


def _nhs_number(value: str) -> str | Fault:
    """Ten digits, the last a check digit by modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
    if not _NHS_NUMBER.fullmatch(value):
        return Fault("value", "An NHS number is ten digits.")
    total = sum(int(digit) * weight for digit, weight in zip(value, range(10, 1, -1), strict=False))
    check = -total % 11
    if check == 10:  # noqa: PLR2004  (the one remainder that is no digit)
        return Fault("value", "No NHS number begins with these nine digits.")
    if check != int(value[-1]):
        return Fault("value", f"The NHS number's check digit should be {check}.")
    return value


def _upn(value: str) -> str | Fault:
    """Check letter, eleven digits, then a digit or, if temporary, a letter (DfE, UPN guide)."""
    if not _UPN.fullmatch(value):
        form = "a letter, 11 digits and a digit or letter, none of the letters I, O and S"
        return Fault("value", f"A unique pupil number is {form}.")
    figures = [*map(int, value[1:12]), _upn_figure(value[12])]
    check = _UPN_LETTERS[sum(figure * place for place, figure in enumerate(figures, 2)) % 23]
    if check != value[0]:
        return Fault("value", f"The unique pupil number's check letter should be {check}.")
    return value


def _upn_figure(last: str) -> int:
    return int(last) if last.isdigit() else _UPN_LETTERS.index(last)


def _case_number(value: str) -> str | Fault:
    """Up to twelve digits; zeros in front are how a screen pads it, not part of it."""
    number = value.lstrip("0")
    if not _CASE_NUMBER.fullmatch(value) or not number:
        return Fault("value", "A number of this case system is 1 to 12 digits, and not zero.")
    return number


def _local_id(scheme: str, value: str) -> str | Fault:
    code = scheme.removeprefix(AGENCY_SCHEME)
    if not _CODE.fullmatch(code):
        return Fault("scheme", "After agency: comes an agency's code.")
    local = value.strip()
    if not local or len(local) > LONGEST_LOCAL_ID or not local.isprintable():
        return Fault(
            "value", f"An agency's own id is 1 to {LONGEST_LOCAL_ID} printable characters."
        )
    return local


_SCHEMES: Final[dict[str, Callable[[str], str | Fault]]] = {
    "nhs_number": _nhs_number,
    "upn": _upn,
    "mosaic": _case_number,
    "liquidlogic": _case_number,
}
SCHEME_PATTERN: Final = f"^({'|'.join(sorted(_SCHEMES))}|{AGENCY_SCHEME}{_CODE.pattern})$"
"""Every scheme, for the published description."""
