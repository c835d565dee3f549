"""What a letter says, word for word where it matters."""

from datetime import date

from directory.rules.letters import letter, plain, subject
from directory.terms.reminding import Asked

CLINIC = Asked("Sleep\n clinic", date(2026, 3, 2), assured=True, token="t1")  # noqa: S106  (no secret)
GROUP = Asked("Group", date(2026, 1, 31), assured=False, token="t2")  # noqa: S106  (no secret)


def test_a_letter_about_one_service() -> None:
    said = letter([CLINIC], date(2026, 6, 20), "Leeds", "https://x.example/{}".format)
    assert subject([CLINIC]) == "Is this still right? Sleep clinic"
    assert "a service that you vouch for" in said
    assert (
        "Sleep clinic\n  Last checked on 2 March 2026.\n"
        "  Still right:      https://x.example/t1\n"
        "  Something wrong:  https://x.example/t1/wrong\n"
    ) in said
    assert "until 20 June 2026" in said
    assert said.rstrip().endswith("by the second link.")


def test_a_letter_about_several() -> None:
    said = letter([CLINIC, GROUP], date(2026, 6, 20), "Leeds", str)
    assert subject([CLINIC, GROUP]) == "Are these still right? 2 services"
    assert "2 services that you vouch for" in said
    assert "Nobody has checked it since it came on file on 31 January 2026." in said
    assert said.index("Sleep clinic") < said.index("Group\n")


def test_a_name_is_one_line_of_a_bearable_length() -> None:
    assert plain(" a \n b ") == "a b"
    assert plain("x" * 120) == "x" * 120
    assert plain("x" * 121) == "x" * 119 + "…"
