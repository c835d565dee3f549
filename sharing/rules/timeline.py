"""Who may see which line of a subject's timeline.

1. A practitioner with a conflict of interest sees nothing of it.
2. An agency sees what is its own knowledge: what it recorded itself.
3. It sees what a flow in force carries to it from the source, for the purpose asked: the decision
   that opens that has looked at shields, withholds and consents.
4. It sees what it was a party to (a notice it was sent, a handover to it, a consent that names it),
   but for what a shield hides from it by now.
5. Everything else is not there.
"""

from collections.abc import Iterable
from datetime import datetime

from consent.rules.deciding import barred, hides, shielding
from consent.terms import Subject
from sharing.terms.timeline import Item, Viewer


def visible(items: Iterable[Item], subject: Subject, viewer: Viewer, at: datetime) -> list[Item]:
    """Return the lines that this viewer may see, the newest first."""
    if barred(subject, viewer.practitioner, at):  # 1
        return []
    shown = [one for one in items if _may_see(one, subject, viewer, at)]
    return sorted(shown, key=lambda one: (one.at, one.id), reverse=True)


def wanted(items: Iterable[Item], agency: str) -> dict[str, frozenset[str]]:
    """Return by source the categories that a flow would have to carry for all to be seen."""
    found: dict[str, frozenset[str]] = {}
    for one in items:
        if one.category is not None and agency not in one.parties:
            found[one.source] = found.get(one.source, frozenset()) | {one.category}
    return found


def _may_see(item: Item, subject: Subject, viewer: Viewer, at: datetime) -> bool:
    if item.source == viewer.agency:  # 2
        return True
    if item.category is not None and (item.source, item.category) in viewer.opened:  # 3
        return True
    categories = () if item.category is None else (item.category,)
    shields = shielding(subject.shields, viewer.agency, at)
    hidden = any(hides(one, *categories) for one in shields)
    return viewer.agency in item.parties and not hidden  # 4, 5
