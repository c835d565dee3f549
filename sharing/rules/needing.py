"""Whether a family is to be asked at all: only where the answer will change something.

Highland's practice, and the ICO's: consent that would not be heeded is not asked for.
"""

from collections.abc import Collection

from consent.terms import ALL, Scope


def waits_for(
    scope: Scope,
    sources: Collection[str],
    recipients: Collection[str],
    members: Collection[str],
) -> bool:
    """Say whether a flow between these agencies runs between any two that a yes names.

    Both must be members of its agreement; what an agency holds itself it need not be told.
    """
    named = scope.recipients & set(recipients) & set(members)
    held_by = set(sources) & set(members)
    if ALL not in scope.sources:
        held_by &= scope.sources
    return any(source != recipient for source in held_by for recipient in named)
