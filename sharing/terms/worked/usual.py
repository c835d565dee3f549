"""What the worked examples have in common: laws, and sentences that fit most partnerships."""

from typing import Final

from sharing.terms.agreements import Retention
from sharing.terms.codes import Kind

COOPERATE: Final = "Children Act 2004, section 10"
SAFEGUARD: Final = "Children Act 2004, section 11"
ENQUIRE: Final = "Children Act 1989, section 47"
SUBSTANTIAL_INTEREST: Final = "Data Protection Act 2018, Schedule 1, paragraph 18"
HELP: Final = frozenset({"early_help_support"})
ENQUIRY: Final = frozenset({"safeguarding_enquiry"})
POINTER: Final = frozenset({Kind.POINTER.value})
INVOLVED: Final = frozenset({"involvement"})

RIGHTS: Final = (
    "Any member takes a request for access, correction, erasure or objection and passes it within "
    "two working days to the member that holds the record, which answers within one month. "
    "Families are shown who has seen what. They may complain to any member's data protection "
    "contact, and to the Information Commissioner."
)
SECURITY: Final = (
    "Information passes through this service only, never by open e-mail. Each request is made by a "
    "named practitioner, decided on at that moment and logged. Members keep what they receive in "
    "a case system with personal accounts and a second factor, and train their staff every year."
)
BREACH: Final = (
    "Whoever notices that information was lost, altered or seen by the wrong person tells their "
    "data protection contact at once. The contact tells the source and the coordinating member "
    "within 24 hours, and together they decide on telling the Information Commissioner within 72 "
    "hours and the family without delay. What was learnt is written down at the next review."
)
EXIT: Final = (
    "A member leaves by giving one month's notice. It asks for nothing more from that day, keeps "
    "what it has received only as long as its own duties demand, and destroys the rest. The "
    "record of what was disclosed stays with the partnership."
)


def kept(months: int, counted_from: str, *categories: str) -> tuple[Retention, ...]:
    """Return that each of these categories is kept for as long."""
    return tuple(Retention(category, months, counted_from) for category in categories)
