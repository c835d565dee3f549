"""What can be wrong with what an agency pushes: deposits, notices, handovers, decisions."""

from typing import Final

from app.kernel.named import NamedProblem


class PointerMalformed(NamedProblem):
    """A pointer says who is involved and whom to ring; anything more is content."""

    status, code = 422, "pointer_malformed"
    title = "A pointer holds more than it may, or not what it must"
    help = (
        'The content of "involvement" may hold since, until, status (open or closed) and '
        "lead_practitioner (name, role, telephone, email). Deposit the rest in its own category."
    )


class RetentionTooLong(NamedProblem):
    """A deposit may not be kept for as long as was asked."""

    status, code = 422, "retention_too_long"
    title = "The record would be kept for longer than may be"
    help = "Leave retain_until out to keep it for as long as the agreements in force allow."


class WithholdEnded(NamedProblem):
    """What was held back is held back no more."""

    status, code = 409, "withhold_ended"
    title = "The withhold has ended already"
    help = "To hold the categories back again, POST a new one to /v1/withholds."


class InvolvementNotOpen(NamedProblem):
    """The agency has no standing involvement with this subject to close."""

    status, code = 409, "involvement_not_open"
    title = "The agency is not involved"
    help = "Your agency has no open involvement with this subject, so there is none to close."


class FamilyNotTold(NamedProblem):
    """Where a family is not told of a decision, why not is part of it; where it is, it is not."""

    status, code = 422, "family_told_or_why_not"
    title = "Say that the family was told, or why it was not"
    help = "Send family_told true alone, or family_told false with not_told_because."


class NothingToCorrect(NamedProblem):
    """What is to be corrected is not the caller's, is about somebody else, or stands no more."""

    status, code = 409, "notice_not_standing"
    title = "The notice does not stand as it was"
    help = (
        "It was withdrawn, or a later notice has corrected it, or the new one names another kind, "
        "recipient or subject. GET /v1/notices lists those that your agency sent or received."
    )


class NoticeUnread(NamedProblem):
    """Nobody can say what was done about a notice that nobody has read."""

    status, code = 409, "notice_unread"
    title = "Nobody of your agency has read the notice yet"
    help = "POST /v1/notices/{id}/reading first: it returns the notice, and is logged."


class NoticeAcknowledged(NamedProblem):
    """The recipient said before what it did."""

    status, code = 409, "notice_acknowledged"
    title = "The notice was acknowledged already"
    help = "Nothing more needs doing."


class EscalationEnded(NamedProblem):
    """It was completed, declined or withdrawn."""

    status, code = 409, "escalation_ended"
    title = "The escalation waits for nothing any more"
    help = "GET /v1/escalations says how it ended. To hand the family over anew, POST another."


class DutyMisplaced(NamedProblem):
    """Stepping up rests on a duty of the Children Act 1989; stepping down on the family's yes."""

    status, code = 422, "duty_misplaced"
    title = "The duty does not fit the direction"
    help = "A step up names section_17 or section_47. A step down names none: the family agrees."


class ToItself(NamedProblem):
    """An agency sends and hands over to another."""

    status, code = 422, "to_itself"
    title = "An agency cannot tell itself"
    help = "Name another agency than your own."


PUSHED: Final[tuple[type[NamedProblem], ...]] = (
    PointerMalformed,
    RetentionTooLong,
    WithholdEnded,
    InvolvementNotOpen,
    FamilyNotTold,
    NothingToCorrect,
    NoticeUnread,
    NoticeAcknowledged,
    EscalationEnded,
    DutyMisplaced,
    ToItself,
)
