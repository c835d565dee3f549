"""What a letter says that asks whether services are still right: plain text, and one link each."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from directory.rules.timetables import said_on
from directory.terms.reminding import Asked

_LONGEST_NAME: Final = 120
_UNANSWERED: Final = (
    "Without an answer we go on showing the service, after others and with a warning that nobody "
    "has checked it."
)
_WHY_YOU: Final = (
    "You get this because your address is on file with the service, its organisation or the agency "
    "that answers for it. If it should not be, say so by the second link."
)


def subject(asked: Sequence[Asked]) -> str:
    """Return the subject: the service's name, or how many there are."""
    if len(asked) == 1:
        return f"Is this still right? {plain(asked[0].name)}"
    return f"Are these still right? {len(asked)} services"


def letter(asked: Sequence[Asked], until: date, publisher: str, link: Callable[[str], str]) -> str:
    """Return the text of a letter; `link` makes an address of a token."""
    what = "a service that" if len(asked) == 1 else f"{len(asked)} services that"
    opening = (
        f"{publisher} tells families and practitioners about {what} you vouch for. Please look "
        "whether what it says is still right: it takes a minute."
    )
    about_links = (
        f"A link works once, until {said_on(until)}. Nothing changes until you press the button on "
        "the page that it opens. Whoever has the link can press it, so please do not pass it on."
    )
    services = [_about(one, link) for one in asked]
    return "\n\n".join(["Hello,", opening, *services, about_links, _UNANSWERED, _WHY_YOU, ""])


def plain(name: str) -> str:
    """Return a name in one line of a bearable length."""
    short = " ".join(name.split())
    return short if len(short) <= _LONGEST_NAME else f"{short[: _LONGEST_NAME - 1]}…"


def _about(service: Asked, link: Callable[[str], str]) -> str:
    since = (
        f"Last checked on {said_on(service.since)}."
        if service.assured
        else (f"Nobody has checked it since it came on file on {said_on(service.since)}.")
    )
    there = link(service.token)
    return "\n".join(
        [
            plain(service.name),
            f"  {since}",
            f"  Still right:      {there}",
            f"  Something wrong:  {there}/wrong",
        ]
    )
