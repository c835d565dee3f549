"""Flags for what ties a practitioner or an agency to a subject, or fails to (1 to 4, 13, 14)."""

from typing import Final

from sharing.terms.scoring import ColleagueTie, Measures, Seen, Shared, Thresholds

_SHARED: Final = {
    Shared.SURNAME: "surname",
    Shared.ADDRESS: "address",
    Shared.PHONE: "phone number",
    Shared.RELATIVE: "declared relative",
}
_COLLEAGUES: Final = {
    ColleagueTie.THEMSELVES: "The subject works for the agency that asked.",
    ColleagueTie.RELATIVE: "The subject is a relative of somebody at the agency that asked.",
}


def shared_details(seen: Measures, _: Thresholds) -> Seen | None:
    """See what a practitioner, by what their agency declared of them, shares with the subject."""
    if not seen.shared:
        return None
    named = ", ".join(_SHARED[one] for one in seen.shared)
    return Seen(len(seen.shared), f"The practitioner and the subject share: {named}.")


def colleague(seen: Measures, _: Thresholds) -> Seen | None:
    """See that the subject is one of the agency's own people, or a declared relative of one."""
    return None if seen.colleague is None else Seen(1, _COLLEAGUES[seen.colleague])


def public_interest(seen: Measures, _: Thresholds) -> Seen | None:
    """See that somebody marked the subject as one whom people are curious about."""
    if not seen.public_interest:
        return None
    return Seen(1, "The subject is marked as of public interest.")


def not_involved(seen: Measures, limits: Thresholds) -> Seen | None:
    """See that the agency had nothing open with the subject, nor lately."""
    if seen.involved:
        return None
    days = seen.days_since_involved
    if days is None:
        return Seen(1, "The agency had no involvement with the subject on file.")
    if days <= limits.involvement_days:
        return None
    return Seen(1, f"The agency's involvement with the subject had ended {days} days before.")


def many_agencies(seen: Measures, limits: Thresholds) -> Seen | None:
    """See that several agencies look a subject up who has no plan: a need, not misconduct."""
    if seen.plan or seen.agencies_in_week < limits.agencies_in_week:
        return None
    return Seen(
        1,
        f"{seen.agencies_in_week} agencies looked the subject up within 7 days and there is no"
        " plan. This is no misconduct: tell the lead practitioner, or find one.",
    )


def without_say(seen: Measures, _: Thresholds) -> Seen | None:
    """See that an adult asked for what is held of a child for whom they have no say."""
    if not seen.without_say:
        return None
    return Seen(1, "An adult whose say had ended asked what is held of the subject.")
