"""Flags for going on after a no, going past one, and feeling for what is there (7 to 11)."""

from typing import Final

from sharing.terms.scoring import Measures, Seen, ShieldTouch, Thresholds

_TOUCHED: Final = {
    ShieldTouch.PIERCED: "A shield was pierced.",
    ShieldTouch.REFUSED: "A shield refused this.",
    ShieldTouch.LOOKED_UP: "A shielded person was looked up.",
}


def repeated_tries(seen: Measures, limits: Thresholds) -> Seen | None:
    """See one subject refused again and again, or tried by several people of one agency."""
    said = []
    if seen.refusals >= limits.tries:
        said.append(f"The agency was refused {seen.refusals} times on this subject in 7 days.")
    if seen.colleagues_trying >= limits.colleagues_trying:
        said.append(
            f"{seen.colleagues_trying} people of the agency tried this subject in 7 days, and were"
            " refused."
        )
    return Seen(len(said), " ".join(said)) if said else None


def probing(seen: Measures, limits: Thresholds) -> Seen | None:
    """See numbers tried in sequence, or one person after another asked for who is involved.

    One name with varying birth dates cannot be tried: this service finds nobody by name.
    """
    said = []
    if seen.in_sequence >= limits.in_sequence:
        said.append(f"{seen.in_sequence} numbers in sequence were tried within an hour.")
    if seen.pointers_in_hour >= limits.pointers_in_hour:
        said.append(f"Who is involved was asked of {seen.pointers_in_hour} people within an hour.")
    return Seen(len(said), " ".join(said)) if said else None


def override(seen: Measures, limits: Thresholds) -> Seen | None:
    """See any override; more so if it is one of several, or in words that were used before."""
    if not seen.override:
        return None
    said = ["A missing consent was passed over."]
    if seen.overrides_before >= limits.overrides_before:
        said.append(f"It was done {seen.overrides_before} times in the 30 days before.")
    if seen.same_words_before:
        said.append(f"The same words had been given {seen.same_words_before} times before.")
    return Seen(len(said), " ".join(said))


def shield(seen: Measures, _: Thresholds) -> Seen | None:
    """See a shield that was pierced or touched, or any look-up of a shielded person."""
    return None if seen.shield is None else Seen(1, _TOUCHED[seen.shield])


def soon_after_no(seen: Measures, limits: Thresholds) -> Seen | None:
    """See a request that follows a refusal or a withdrawal on the same subject."""
    said = []
    for hours, what in (
        (seen.hours_since_refusal, "a refusal"),
        (seen.hours_since_withdrawal, "a withdrawal"),
    ):
        if hours is not None and hours < limits.hours_after_no:
            said.append(f"It came within {hours + 1} hours after {what}.")
    return Seen(len(said), " ".join(said)) if said else None
