"""Who may change what in the directory: one rule for every entry."""

from collections.abc import Collection

from directory.terms.keeping import OPERATOR, Actor


def may_change(by: Actor, owner: str | None, keepers: Collection[str]) -> bool:
    """Say whether somebody may change what an agency answers for.

    The agency itself may, an agency that keeps the directory for all, and whoever runs the
    service. What no agency answers for, as an area that all share, is for the keepers.
    """
    if by == OPERATOR:
        return True
    return by.agency is not None and (by.agency == owner or by.agency in keepers)
