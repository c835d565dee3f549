"""Who may change an agreement: one agency answers for the words, and each signs for itself.

1. The agency that drafted an agreement keeps it. It alone drafts versions, admits members, records
   reviews and terminates it.
2. A version is put in force by its keeper or by a member: nothing comes into force but what all who
   must have signed.
3. A member leaves for itself, whatever anybody says; its keeper may end a membership too.
4. Where the keeper takes no part in the partnership any more, each member acts in its place, so
   that an agreement can always be ended; another's membership it cannot end.
"""

from collections.abc import Mapping
from typing import Final

from sharing.terms.changing import Act, Standing

_DONE: Final[Mapping[Act, str]] = {
    Act.VERSION: "may draft its versions",
    Act.ACTIVATE: "and its members may put a version in force",
    Act.ADMIT: "may admit members",
    Act.REVIEW: "may record reviews",
    Act.TERMINATE: "may terminate it",
    Act.END_MEMBERSHIP: "may end the membership of others",
}


def may(act: Act, agency: str, standing: Standing, of: str | None = None) -> bool:
    """Say whether an agency may do this to an agreement; `of` is whose membership would end."""
    if act is Act.END_MEMBERSHIP:
        return agency in {of, standing.keeper}  # 3, 4
    if act is Act.ACTIVATE and agency in standing.members:  # 2
        return True
    if standing.keeper is None:  # 4
        return agency in standing.members
    return agency == standing.keeper  # 1


def why_not(act: Act, standing: Standing) -> str:
    """Return the rule by which an agency may not do this, in a sentence."""
    if standing.keeper is not None:
        return f"Only {standing.keeper}, which keeps this agreement, {_DONE[act]}."
    if act is Act.END_MEMBERSHIP:
        return "Nobody keeps this agreement now: each member leaves for itself."
    return "Nobody keeps this agreement now: only agencies that are members act in its place."
