"""What an agency reads in the log: of what it asked, what it was told; of the rest, everything.

1. Whoever may read the whole log reads every word, and so does the source of a request: why its own
   was refused is no secret from it.
2. The asking agency reads what it asked and what it was told. The true ground, what was withheld
   beside a permit, who was left out, the flags, the facts that decided, and whether anybody is
   known at all stay out: else the log would say what the answer, in its one voice, did not.
3. A preview of the whole is kept from its own agency in the same way: what its IG lead may know,
   not every client of the agency may.
"""

from collections.abc import Mapping
from typing import Any, Final

from sharing.rules.telling import DENIED, PARTIAL, PERMITTED, PREVIEWED

_ANSWERS: Final = frozenset({PERMITTED, PARTIAL, DENIED})
_TRUTHS: Final = frozenset({"ground", "withheld", "left_out", "flags"})
_COUNTED: Final = frozenset({"grounds", "permitted", "refused"})
_PERSONAL: Final = frozenset({"subject", "facts_used", "left_out"})

Said = Mapping[str, Any]


def hidden_facts(reader: str, said: Said, recipient: str, source: str | None) -> frozenset[str]:
    """Return which of an entry's facts a reader from this agency does not read."""
    if said.get("outcome") == PREVIEWED:
        return _COUNTED if said.get("whole_log") else frozenset()  # 3
    if said.get("outcome") not in _ANSWERS or (reader == source and reader != recipient):  # 1
        return frozenset()
    return _TRUTHS  # 2


def hidden_about(reader: str, said: Said, recipient: str, source: str | None) -> frozenset[str]:
    """Return what of an entry's personal half a reader from this agency does not read."""
    return _PERSONAL if hidden_facts(reader, said, recipient, source) else frozenset()


def without(said: Said, hidden: frozenset[str]) -> dict[str, Any]:
    """Return what is said but for what is hidden."""
    return {name: value for name, value in said.items() if name not in hidden}
