"""What other settings would have queued: the same judgement, on the measures that were kept."""

from collections.abc import Iterable
from typing import Final

from sharing.rules.scoring import judge
from sharing.terms.scoring import DryRun, Look, ReviewSettings, RuleChange

MOST_EXAMPLES: Final = 10


def dry_run(looks: Iterable[Look], before: ReviewSettings, after: ReviewSettings) -> DryRun:
    """Judge each look by both settings and count what differs.

    The draw stays as it was: whether an entry is drawn rests on its month's seed, not on weights.
    """
    run = DryRun()
    for look in looks:
        run.looked_at += 1
        was = judge(look.measures, before, drawn=look.drawn)
        would = judge(look.measures, after, drawn=look.drawn)
        if was is not None:
            run.before += 1
            for one in was.sightings:
                run.rules[one.flag].before += 1
        if would is not None:
            run.after += 1
            for one in would.sightings:
                run.rules[one.flag].after += 1
        _differ(run, look, was=was is not None, would=would is not None)
    return run


def changed_rules(run: DryRun) -> dict[str, RuleChange]:
    """Return what changes of each flag, by its code; flags that nothing bore are left out."""
    return {flag.value: one for flag, one in run.rules.items() if one.before or one.after}


def _differ(run: DryRun, look: Look, *, was: bool, would: bool) -> None:
    if would and not was:
        run.more += 1
        examples = run.examples_more
    elif was and not would:
        run.fewer += 1
        examples = run.examples_fewer
    else:
        return
    if len(examples) < MOST_EXAMPLES:
        examples.append(look.entry)
