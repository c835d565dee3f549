"""What can be wrong with a change, by name: each says what was wrong and what to do."""

from typing import ClassVar, Final

from app.kernel.problem_codes import ProblemKind


class ConsentError(Exception):
    """Something asked of this storey that it does not do; `errors` says where in the body."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]

    def __init__(self, detail: str | None = None, pointer: str | None = None) -> None:
        self.detail = self.help if detail is None else detail
        super().__init__(self.detail)
        self.errors = [] if pointer is None else [{"pointer": pointer, "detail": self.detail}]


class NotAvailable(ConsentError):
    """Nobody and nothing of this id, or nothing that this caller may know of: in one voice."""

    status, code = 404, "not_available"
    title = "Nothing is available"
    help = (
        "Either there is nothing to disclose, or it may not be disclosed. The answer is the same "
        "for every cause that depends on the person, so that it reveals none of them."
    )


class IdentifierMalformed(ConsentError):
    """An identifier does not have the form of its scheme."""

    status, code = 422, "identifier_malformed"
    title = "An identifier does not have the form of its scheme"
    help = (
        "Check the identifier against the document it was taken from; the errors say what is off."
    )


class IdentifierTaken(ConsentError):
    """An identifier names somebody already."""

    status, code = 409, "identifier_taken"
    title = "An identifier is on file already"
    help = "An identifier names one subject. Look the subject up by it, and use the id."


class UnknownPurpose(ConsentError):
    """A code that is no purpose."""

    status, code = 422, "unknown_purpose"
    title = "A purpose is not one of the partnership's"
    help = "GET /v1/purposes lists those there are."


class UnknownCategory(ConsentError):
    """A code that is no category."""

    status, code = 422, "unknown_category"
    title = "A category is not one of the partnership's"
    help = "GET /v1/categories lists those there are."


class UnknownPartner(ConsentError):
    """A code that is no agency."""

    status, code = 422, "unknown_partner"
    title = "An agency is not one of the partners"
    help = "GET /v1/agencies lists those there are."


class UnknownAgreement(ConsentError):
    """After `agreement:` stands no agreement's code."""

    status, code = 422, "unknown_recipient_agreement"
    title = "An agreement does not exist"
    help = "GET /v1/agreements lists those there are. Or name the agencies themselves."


class RecipientsNotNamed(ConsentError):
    """A yes to nobody in particular is no consent (UK GDPR, Article 4(11): specific)."""

    status, code = 422, "recipients_not_named"
    title = "A consent that is given must name its recipients"
    help = "Name each agency, or agreement: and the code of an agreement that has members now."


class DatesOutOfOrder(ConsentError):
    """A period ends before it starts, or a date lies where it cannot."""

    status, code = 422, "dates_out_of_order"
    title = "The dates are out of order"
    help = "A period must start before it ends."


class CategoriesMisplaced(ConsentError):
    """A masked shield without categories, or a hidden one with some."""

    status, code = 422, "shield_categories"
    title = "The categories do not fit the shield's mode"
    help = "A masked shield names the categories that it masks; a hidden one covers all of them."


class ReplacementDiffers(ConsentError):
    """A consent cannot take the place of another person's, or leave a no unanswered."""

    status, code = 422, "replacement_differs"
    title = "This consent cannot replace that one"
    help = (
        "A consent replaces one by the same person that spoke of some of the same subjects. A "
        "refusal or a withdrawn consent is replaced for all its subjects or for none."
    )


class AlreadyReplaced(ConsentError):
    """Another consent has taken the place of this one."""

    status, code = 409, "already_replaced"
    title = "The consent has been replaced"
    help = "Read which consent replaced it, and act on that one."


class AlreadyWithdrawn(ConsentError):
    """The consent was withdrawn."""

    status, code = 409, "already_withdrawn"
    title = "The consent was withdrawn already"
    help = "Nothing more needs doing. If the person agrees again, record a new consent."


class AlreadyConfirmed(ConsentError):
    """The consent was confirmed in writing."""

    status, code = 409, "already_confirmed"
    title = "The consent was confirmed already"
    help = "Nothing more needs doing."


class AlreadyWritten(ConsentError):
    """Only what was said needs confirming in writing."""

    status, code = 409, "already_written"
    title = "The consent was given in writing"
    help = "Only a verbal consent is confirmed. Nothing more needs doing."


class NothingGiven(ConsentError):
    """A refusal gave nothing that could be withdrawn or confirmed."""

    status, code = 409, "nothing_given"
    title = "A refusal is neither withdrawn nor confirmed"
    help = "If the person has changed their mind, record what they say now."


class ShieldEnded(ConsentError):
    """The shield has ended."""

    status, code = 409, "shield_ended"
    title = "The shield has ended already"
    help = "If the subject needs protection again, set a new shield."


class CodeTaken(ConsentError):
    """A purpose or category of this code exists; what it means is not changed."""

    status, code = 409, "code_taken"
    title = "The code is taken"
    help = "A code keeps its meaning for ever. Choose another."


class StartsInThePast(ConsentError):
    """Settings cannot rewrite the past once some are signed off."""

    status, code = 422, "starts_in_the_past"
    title = "Settings cannot change the past"
    help = "Let the change start now or later. Only the very first settings may start earlier."


NAMED: Final[tuple[type[ConsentError], ...]] = (
    NotAvailable,
    IdentifierMalformed,
    IdentifierTaken,
    UnknownPurpose,
    UnknownCategory,
    UnknownPartner,
    UnknownAgreement,
    RecipientsNotNamed,
    DatesOutOfOrder,
    CategoriesMisplaced,
    ReplacementDiffers,
    AlreadyReplaced,
    AlreadyWithdrawn,
    AlreadyConfirmed,
    AlreadyWritten,
    NothingGiven,
    ShieldEnded,
    CodeTaken,
    StartsInThePast,
)
ERRORS: Final[dict[type[Exception], tuple[int, str]]] = {
    error: (error.status, error.code) for error in NAMED
}
PROBLEMS: Final = tuple(
    ProblemKind(error.code, error.status, error.title, error.help) for error in NAMED
)
