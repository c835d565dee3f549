"""What follows when a family is to be handed over (rule 36): with agreement down, without it up.

1. It is done if everyone's handover is permitted, by one of the agreements' flows.
2. What an agreement does not open, a shield hides or a source withholds, nobody's yes can open: the
   handover is refused.
3. A step up waits for nobody: what statute does not carry is refused.
4. A step down waits while all that it lacks is somebody's yes.
5. It is declined if one of the family said no to it after it was started. A no from before does not
   count as an answer: they are asked anew.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from consent.terms import ALL, Answer, Consent
from sharing.terms.answers import Decision, Permit
from sharing.terms.codes import Ground
from sharing.terms.escalations import PURPOSES, Direction, Duty, Next

_FAMILYS_WORD: Final = frozenset(
    {
        Ground.NO_CONSENT,
        Ground.OUT_OF_SCOPE,
        Ground.EXPIRED,
        Ground.LAPSED_VERBAL,
        Ground.VERBAL_NOT_ACCEPTED,
        Ground.REFUSED,
        Ground.WITHDRAWN,
        Ground.CONFLICT,
    }
)


def duty_fits(direction: Direction, duty: Duty | None) -> bool:
    """Say whether a step up names its duty, and a step down none."""
    return (duty is not None) == (direction is Direction.STEP_UP)


def what_follows(
    direction: Direction,
    decisions: Collection[Decision],
    said: Iterable[Consent] = (),
    since: datetime | None = None,
) -> Next:
    """Return what follows for all of a family from the decisions about each of them.

    `said` is what is on file of their answers, and `since` when they were asked, if they were.
    """
    lacking = [one for one in decisions if not isinstance(one, Permit)]
    if not lacking:
        return Next.COMPLETE  # 1
    if any(one.ground not in _FAMILYS_WORD for one in lacking):
        return Next.REFUSE  # 2
    if direction is Direction.STEP_UP:
        return Next.REFUSE  # 3
    if since is not None and any(_no_since(one, PURPOSES[direction], since) for one in said):
        return Next.DECLINE  # 5
    return Next.WAIT  # 4


def _no_since(consent: Consent, purpose: str, since: datetime) -> bool:
    if consent.purposes.isdisjoint({purpose, ALL}):
        return False
    if consent.answer is Answer.REFUSED:
        return consent.recorded_at > since
    return consent.withdrawn_at is not None and consent.withdrawn_at > since
