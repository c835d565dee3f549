"""What can be wrong with a change, by name: each says what was wrong and what to do."""

from typing import Final

from app.kernel.named import NamedProblem, kinds, statuses


class IdentifierMalformed(NamedProblem):
    """An identifier does not have the form of its scheme."""

    status, code = 422, "identifier_malformed"
    title = "An identifier does not have the form of its scheme"
    help = (
        "Check the identifier against the document it was taken from; the errors say what is off."
    )


class IdentifierTaken(NamedProblem):
    """An identifier names somebody already."""

    status, code = 409, "identifier_taken"
    title = "An identifier is on file already"
    help = "An identifier names one subject. Look the subject up by it, and use the id."


class UnknownPurpose(NamedProblem):
    """A code that is no purpose."""

    status, code = 422, "unknown_purpose"
    title = "A purpose is not one of the partnership's"
    help = "GET /v1/purposes lists those there are."


class UnknownCategory(NamedProblem):
    """A code that is no category."""

    status, code = 422, "unknown_category"
    title = "A category is not one of the partnership's"
    help = "GET /v1/categories lists those there are."


class UnknownPartner(NamedProblem):
    """A code that is no agency."""

    status, code = 422, "unknown_partner"
    title = "An agency is not one of the partners"
    help = "GET /v1/agencies lists those there are."


class UnknownAgreement(NamedProblem):
    """After `agreement:` stands no agreement's code."""

    status, code = 422, "unknown_recipient_agreement"
    title = "An agreement does not exist"
    help = "GET /v1/agreements lists those there are. Or name the agencies themselves."


class RecipientsNotNamed(NamedProblem):
    """A yes to nobody in particular is no consent (UK GDPR, Article 4(11): specific)."""

    status, code = 422, "recipients_not_named"
    title = "A consent that is given must name its recipients"
    help = "Name each agency, or agreement: and the code of an agreement that has members now."


class ConsentNotApplicable(NamedProblem):
    """Data consent was asked for where no flow in force needs a yes.

    Asking a family whose answer will not count misleads them (ICO, consent guidance).
    """

    status, code = 422, "consent_not_applicable"
    title = "No flow in force needs this consent"
    help = (
        "A data consent is taken only where the answer matters: where a flow in force runs from "
        "one of these sources to one of these recipients, for one of these purposes and "
        "categories, and requires the family's yes. Here the law carries it without consent, or "
        "no agreement covers it. Do not ask for consent: tell the family what is shared and why, "
        "or correct the recipients, purposes, categories and sources. GET /v1/agreements/register "
        "lists the flows. A refusal is always recorded."
    )


class GiverHasNoSay(NamedProblem):
    """A yes of somebody who does not decide for anyone it is about would never count."""

    status, code = 422, "giver_has_no_say"
    title = "This person cannot say yes for them"
    help = (
        "A yes counts only from somebody who decides: an adult for themselves; a young person from "
        "the age on /settings; a younger child who was assessed able to decide on this purpose; "
        "else a person on file with parental responsibility who has not lost their say. A "
        "step-parent without parental responsibility is none of these. Ask somebody who decides. "
        "If this person does, record first what shows it: POST /v1/subjects/{subject}/relationships"
        " or /v1/subjects/{subject}/competence-assessments. A refusal is recorded whoever says it."
    )


class CapacityDiffers(NamedProblem):
    """Nobody speaks for themselves about somebody else (UK GDPR, Article 7(1))."""

    status, code = 422, "capacity_differs"
    title = "The capacity does not fit who says yes for whom"
    help = (
        "Whoever says yes in their own right, with the capacity self, is one of those whom it is "
        "about. Name them among the subjects, or say in which capacity they speak for the others, "
        "such as parental_responsibility."
    )


class AdultDecides(NamedProblem):
    """Competence in Gillick's sense is a child's (Mental Capacity Act 2005, section 1(2))."""

    status, code = 422, "adult_decides"
    title = "An adult is not assessed for competence"
    help = (
        "An adult decides for themselves, and is taken to be able to. Record nothing here: record "
        "what they say, POST /v1/consents with capacity self. A child is assessed, under 18 on "
        "the day of the assessment. If the subject is a child, they were registered as an adult "
        "or with a wrong date of birth."
    )


class AdultTooYoung(NamedProblem):
    """A child who is entered as an adult would decide alone (Family Law Reform Act 1969, s 1)."""

    status, code = 422, "adult_too_young"
    title = "A person of this date of birth is no adult yet"
    help = "An adult is 18 or over. Correct born, or leave adult out."


class UnknownNotice(NamedProblem):
    """What a person was shown must be on file, or nobody could prove what they agreed to."""

    status, code = 422, "notice_unknown"
    title = "The privacy notice is not on file in this version and language"
    help = "GET /v1/consents/notices lists those there are. Name the one that was shown."


class NoticeExists(NamedProblem):
    """A notice that people relied on is never changed."""

    status, code = 409, "notice_exists"
    title = "This version of the notice is on file in this language"
    help = "A notice is never changed. Give the new text a new version."


class EvidenceNotReadable(NamedProblem):
    """A file that is none of the kinds that are kept, whatever it calls itself."""

    status, code = 422, "evidence_not_readable"
    title = "The file is no PDF, PNG or JPEG"
    help = (
        "Send the bytes of a whole PDF, PNG or JPEG file as application/octet-stream. What a file "
        "is, it must say itself: its name is not asked. To keep words, send a note instead."
    )


class TooMuchEvidence(NamedProblem):
    """The consent has as much evidence as one may."""

    status, code = 409, "evidence_full"
    title = "The consent has twenty pieces of evidence"
    help = "Nothing is taken away from it. Put what is still to be kept into one file elsewhere."


class CategoriesMisplaced(NamedProblem):
    """A masked shield without categories, or a hidden one with some."""

    status, code = 422, "shield_categories"
    title = "The categories do not fit the shield's mode"
    help = "A masked shield names the categories that it masks; a hidden one covers all of them."


class ReplacementDiffers(NamedProblem):
    """A consent cannot take the place of another person's, or leave a no unanswered."""

    status, code = 422, "replacement_differs"
    title = "This consent cannot replace that one"
    help = (
        "A consent replaces one by the same person that spoke of some of the same subjects. A "
        "refusal or a withdrawn consent is replaced for all its subjects or for none."
    )


class SaidTwice(NamedProblem):
    """One person answers one question for one subject once."""

    status, code = 422, "said_twice"
    title = "A person signs twice for the same subject"
    help = "Name each subject once for each person who signs: whatever was said last counts."


class AlreadyReplaced(NamedProblem):
    """Another consent has taken the place of this one."""

    status, code = 409, "already_replaced"
    title = "The consent has been replaced"
    help = "Read which consent replaced it, and act on that one."


class AlreadyWithdrawn(NamedProblem):
    """The consent was withdrawn."""

    status, code = 409, "already_withdrawn"
    title = "The consent was withdrawn already"
    help = "Nothing more needs doing. If the person agrees again, record a new consent."


class AlreadyConfirmed(NamedProblem):
    """The consent was confirmed in writing."""

    status, code = 409, "already_confirmed"
    title = "The consent was confirmed already"
    help = "Nothing more needs doing."


class AlreadyWritten(NamedProblem):
    """Only what was said needs confirming in writing."""

    status, code = 409, "already_written"
    title = "The consent was given in writing"
    help = "Only a verbal consent is confirmed. Nothing more needs doing."


class NothingGiven(NamedProblem):
    """A refusal gave nothing that could be withdrawn or confirmed."""

    status, code = 409, "nothing_given"
    title = "A refusal is neither withdrawn nor confirmed"
    help = "If the person has changed their mind, record what they say now."


class OwnRelative(NamedProblem):
    """Nobody is a relative of their own: a child who was could say yes as their own parent."""

    status, code = 422, "own_relative"
    title = "A person cannot be a relative of their own"
    help = "Name the other person. That a child decides is shown by a competence assessment."


class ShieldEnded(NamedProblem):
    """The shield has ended."""

    status, code = 409, "shield_ended"
    title = "The shield has ended already"
    help = "If the subject needs protection again, set a new shield."


class CodeTaken(NamedProblem):
    """A purpose or category of this code exists; what it means is not changed."""

    status, code = 409, "code_taken"
    title = "The code is taken"
    help = "A code keeps its meaning for ever. Choose another."


class StartsInThePast(NamedProblem):
    """Settings cannot rewrite the past once some are signed off."""

    status, code = 422, "starts_in_the_past"
    title = "Settings cannot change the past"
    help = "Let the change start now or later. Only the very first settings may start earlier."


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    IdentifierMalformed,
    IdentifierTaken,
    UnknownPurpose,
    UnknownCategory,
    UnknownPartner,
    UnknownAgreement,
    RecipientsNotNamed,
    ConsentNotApplicable,
    GiverHasNoSay,
    CapacityDiffers,
    AdultDecides,
    AdultTooYoung,
    UnknownNotice,
    NoticeExists,
    EvidenceNotReadable,
    TooMuchEvidence,
    CategoriesMisplaced,
    ReplacementDiffers,
    SaidTwice,
    AlreadyReplaced,
    AlreadyWithdrawn,
    AlreadyConfirmed,
    AlreadyWritten,
    NothingGiven,
    OwnRelative,
    ShieldEnded,
    CodeTaken,
    StartsInThePast,
)
ERRORS: Final = statuses(NAMED)
PROBLEMS: Final = kinds(NAMED)
