"""What the agency that asked may know of why its own request is looked at.

The answer it was given tells nothing of the subject that it may not know, and a queue that did
would undo that: whether anybody is known, shielded, of interest, at which address. So its own
reviewers see the judgement on what the agency could have measured itself; where that queues
nothing, they see no item. Whoever may read the whole log, and the source, see all.
"""

from dataclasses import replace

from sharing.rules.scoring import judge
from sharing.terms.reviewing import Examiner
from sharing.terms.scoring import Judgement, Measures, ReviewSettings


def told_to_recipient(
    measures: Measures, settings: ReviewSettings, *, drawn: bool, told: bool
) -> Judgement | None:
    """Return the judgement that the asking agency may see; `told`: it was told something."""
    return judge(_masked(measures, told=told), settings, drawn=drawn)


def sees_all(by: Examiner, recipient: str) -> bool:
    """Say whether somebody sees an item as it is; else as the asking agency may."""
    return by.whole or by.agency != recipient


def _masked(measures: Measures, *, told: bool) -> Measures:
    masked = replace(
        measures,
        shared=(),
        public_interest=False,
        shield=None,
        hours_since_withdrawal=None,
        agencies_in_week=0,
        without_say=False,
    )
    if told:
        return masked
    return replace(
        masked,
        colleague=None,
        involved=True,
        refusals=0,
        colleagues_trying=0,
        hours_since_refusal=None,
    )
