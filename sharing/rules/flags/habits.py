"""Flags for what is unlike a practitioner, their role or their account (5, 6, 12, 15)."""

from sharing.terms.scoring import Measures, Seen, Thresholds


def many_children(seen: Measures, limits: Thresholds) -> Seen | None:
    """See more children in an hour than is usual for this practitioner over 30 days."""
    usual = seen.children_usual * limits.times_usual
    if seen.children_in_hour < limits.children_in_hour or seen.children_in_hour <= usual:
        return None
    return Seen(
        1,
        f"{seen.children_in_hour} different people were asked about within an hour; this"
        f" practitioner's usual number is {seen.children_usual:g}.",
    )


def unusual_hours(seen: Measures, limits: Thresholds) -> Seen | None:
    """See an hour of the day at which this role hardly ever asks."""
    if not _is_rare(seen.role_at_this_hour, seen, limits):
        return None
    return Seen(
        1,
        f"Of {seen.role_looks} requests of this role in 30 days, {seen.role_at_this_hour} came at"
        " this hour of the day.",
    )


def unusual_purpose(seen: Measures, limits: Thresholds) -> Seen | None:
    """See a purpose for which this role hardly ever asks."""
    if not _is_rare(seen.role_for_this_purpose, seen, limits):
        return None
    return Seen(
        1,
        f"Of {seen.role_looks} requests of this role in 30 days, {seen.role_for_this_purpose} were"
        " for this purpose.",
    )


def dormant_or_new(seen: Measures, limits: Thresholds) -> Seen | None:
    """See an account that slept for long, or a practitioner at a system that is new for them."""
    slept = seen.days_silent is not None and seen.days_silent >= limits.dormant_days
    said = []
    if slept:
        said.append(f"The practitioner had asked nothing for {seen.days_silent} days.")
    if seen.new_client:
        said.append("The practitioner had not used this system before.")
    return Seen(len(said), " ".join(said)) if said else None


def _is_rare(count: int, seen: Measures, limits: Thresholds) -> bool:
    """Say whether so few of enough requests of the role are like this one."""
    enough = seen.role_looks >= limits.role_looks
    return enough and count * 100 < seen.role_looks * limits.rare_percent
