"""What can be wrong with a change in this storey, by name: what was wrong and what to do."""

from collections.abc import Sequence
from typing import Final

from app.kernel.named import NamedProblem, kinds, statuses
from app.kernel.problem_codes import ProblemKind
from sharing.actions.agreement_errors import AGREEMENTS
from sharing.actions.pushed_errors import PUSHED
from sharing.actions.searching_errors import SEARCHING
from sharing.terms.agreements import MissingPart
from sharing.terms.codes import Reason


class UnknownAgreement(NamedProblem):
    """No agreement, or no such version of it, has this code."""

    status, code = 404, "agreement_unknown"
    title = "There is no agreement of this code"
    help = "GET /v1/agreements lists those there are."


class AgreementExists(NamedProblem):
    """The code is taken; a change of an agreement is a new version of it."""

    status, code = 409, "agreement_exists"
    title = "The agreement exists already"
    help = "To change it, POST a new version to /v1/agreements/{code}/versions."


class AlreadyActive(NamedProblem):
    """An activated version is frozen."""

    status, code = 409, "already_active"
    title = "The version is active already"
    help = "An activated version is frozen. To change something, draft a new version."


class SupersededVersion(NamedProblem):
    """A newer version was activated; the older draft can no longer be."""

    status, code = 409, "version_superseded"
    title = "A newer version is in force"
    help = "Draft a new version from the one in force and activate that."


class AlreadyTerminated(NamedProblem):
    """The agreement has ended."""

    status, code = 409, "already_terminated"
    title = "The agreement was terminated already"
    help = "Make a new agreement if the agencies want to share again."


class MembershipClash(NamedProblem):
    """The agency is a member at that instant, or is not."""

    status, code = 409, "membership_clash"
    title = "The membership does not allow this"
    help = "GET the agreement: it lists when each agency joined and left."


class UnknownEvent(NamedProblem):
    """The agency has no event of this id."""

    status, code = 404, "event_unknown"
    title = "There is no event of this id"
    help = "GET /v1/events lists what your agency must hear."


class EventAcknowledged(NamedProblem):
    """The agency said before what it did about the event."""

    status, code = 409, "event_acknowledged"
    title = "The event was acknowledged already"
    help = "Nothing more needs doing."


class UnknownWebhook(NamedProblem):
    """The agency has no webhook of this id."""

    status, code = 404, "webhook_unknown"
    title = "There is no webhook of this id"
    help = "GET /v1/webhooks lists those of your agency."


class UnknownDelivery(NamedProblem):
    """The webhook has no message of this id."""

    status, code = 404, "delivery_unknown"
    title = "There is no message of this id"
    help = "GET /v1/webhooks/{id}/deliveries lists what was sent."


class WebhookDisabled(NamedProblem):
    """Nothing is sent to the webhook any more."""

    status, code = 409, "webhook_disabled"
    title = "The webhook is switched off"
    help = "GET /v1/webhooks says why. To have events sent again, register the address anew."


class TooManyWebhooks(NamedProblem):
    """The agency has as many webhooks as it may."""

    status, code = 409, "too_many_webhooks"
    title = "The agency has five webhooks"
    help = "Remove one that is no longer needed: POST /v1/webhooks/{id}/removal."


class TargetRefused(NamedProblem):
    """An address that would let somebody make this service call machines of its own network."""

    status, code = 422, "webhook_target_refused"
    title = "Nothing is sent to this address"
    help = "Name an https address on a host that the internet reaches, without user name."


class UnknownWord(NamedProblem):
    """A purpose, category or agency that the partnership does not know."""

    status, code = 422, "unknown_word"
    title = "A word is not one of the partnership's"
    help = "GET /v1/purposes, /v1/categories and /v1/agencies list those there are."


class IncompleteAgreement(NamedProblem):
    """An agreement that cannot be activated, and what it lacks (ICO data sharing code)."""

    status, code = 422, "agreement_incomplete"
    title = "The agreement is not complete"
    help = "The errors name each part that is missing or does not fit."

    def __init__(self, missing: Sequence[MissingPart]) -> None:
        super().__init__()
        self.errors = [{"pointer": one.pointer, "detail": one.detail} for one in missing]


class NotAMember(NamedProblem):
    """Only members sign, and each agency for itself."""

    status, code = 403, "not_a_member"
    title = "The agency is not a member of the agreement"
    help = "An agency signs for itself, and only what it is a member of. GET the agreement."


class AlreadySigned(NamedProblem):
    """The agency has signed this content, or the draft has been signed by somebody."""

    status, code = 409, "already_signed"
    title = "This was signed already"
    help = "A signature is kept for ever. To change what was signed, draft a new version."


class OtherContent(NamedProblem):
    """The hash that was signed is not that of the version's content."""

    status, code = 422, "content_differs"
    title = "What was signed is not the content of this version"
    help = (
        "Read the version's content, take the SHA-256 of exactly those bytes, and sign that. "
        "The draft may have been changed since you read it."
    )


class SignatureInvalid(NamedProblem):
    """No registered key made the signature, or it says something else than the address."""

    status, code = 422, "signature_invalid"
    title = "The signature does not hold"
    help = (
        "Sign the statement {agreement, version, content_sha256, agency, signatory, signed_at} as "
        "a JWS with a key that the calling client is registered with."
    )


class UnknownTemplate(NamedProblem):
    """There is no worked example of this code."""

    status, code = 422, "template_unknown"
    title = "There is no template of this code"
    help = "GET /v1/agreements/templates lists those there are."


class HouseholdMalformed(NamedProblem):
    """Household content must name its members by id, or nobody could be left out of it."""

    status, code = 422, "household_malformed"
    title = "Household content must list its members"
    help = (
        'Send {"members": [{"subject": the id that POST /v1/subjects gave, …}, …]}: a shielded '
        "member can only be left out if members are named."
    )


class UnknownEntry(NamedProblem):
    """No entry of this id that the caller may read."""

    status, code = 404, "entry_unknown"
    title = "There is no such entry"
    help = "GET /v1/log/entries lists those that concern the caller's agency."


class NoSuchTree(NamedProblem):
    """The log was never, or is not yet, of that size; or has no such tile."""

    status, code = 404, "log_no_such_tree"
    title = "The log has no such tree or tile"
    help = "GET /log/checkpoint says how long the log is. Ask for what lies within it."


class NotInTheTree(NamedProblem):
    """The entry waits for its place; a moment later it has one."""

    status, code = 404, "log_not_in_the_tree"
    title = "The entry has no place in the published tree yet"
    help = "Entries get their place within seconds. Ask again; the receipt says by when at latest."


class UnknownObligation(NamedProblem):
    """This disclosure brought the caller no such duty."""

    status, code = 404, "obligation_unknown"
    title = "There is no such duty"
    help = "The answer to a disclosure lists the duties that came with it."


class ObligationClosed(NamedProblem):
    """The duty is met."""

    status, code = 409, "obligation_closed"
    title = "The duty was closed already"
    help = "Nothing more needs doing."


class PreviewNotYours(NamedProblem):
    """Nothing of this concerns the agency of whoever previews."""

    status, code = 403, "preview_not_yours"
    title = "This preview is for other agencies' IG leads"
    help = (
        "An agency's IG lead previews what that agency would disclose or receive, and agreements it"
        " is a member of. Whoever may read the whole log previews everything."
    )


class AgencySuspended(NamedProblem):
    """The agency takes no part in the partnership now; the code is that of a refused request."""

    status, code = 403, Reason.AGENCY_NOT_ACTIVE.value
    title = "The asking agency is suspended"
    help = (
        "An agency that is suspended receives nothing, and decides nothing for others. Ask the "
        "partnership when it is reinstated."
    )


class UnknownPreview(NamedProblem):
    """No preview of this version has this id."""

    status, code = 404, "preview_unknown"
    title = "There is no such preview"
    help = "GET /v1/agreements/{code}/versions/{number}/preview lists those of a version."


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    UnknownEvent,
    EventAcknowledged,
    UnknownWebhook,
    UnknownDelivery,
    WebhookDisabled,
    TooManyWebhooks,
    TargetRefused,
    UnknownAgreement,
    AgreementExists,
    AlreadyActive,
    SupersededVersion,
    AlreadyTerminated,
    MembershipClash,
    UnknownWord,
    IncompleteAgreement,
    NotAMember,
    AlreadySigned,
    OtherContent,
    SignatureInvalid,
    UnknownTemplate,
    HouseholdMalformed,
    UnknownEntry,
    NoSuchTree,
    NotInTheTree,
    UnknownObligation,
    ObligationClosed,
    PreviewNotYours,
    UnknownPreview,
    *AGREEMENTS,
    *PUSHED,
    *SEARCHING,
)
ERRORS: Final = statuses((*NAMED, AgencySuspended))

_REFUSALS: Final = (
    (
        Reason.AGENCY_NOT_ACTIVE,
        403,
        "The asking agency is suspended",
        "An agency that is suspended receives nothing. Ask the partnership when it is reinstated.",
    ),
    (
        Reason.CLIENT_NOT_PERMITTED,
        403,
        "The client is not registered for this",
        (
            "The client is not registered for this purpose, kind or override, or it speaks for "
            "another agency or practitioner than its token. Ask the partnership to register it."
        ),
    ),
    (
        Reason.JUSTIFICATION_REQUIRED,
        422,
        "The override lacks a justification",
        (
            "Say in at least 20 characters that are not blank why a missing consent must be passed "
            "over. A person reviews every override."
        ),
    ),
    (
        Reason.NO_AGREEMENT,
        403,
        "No agreement is in force between the two agencies",
        (
            "Both agencies must be active, current members of one agreement in force. Ask a "
            "person: the contacts listed can help today."
        ),
    ),
    (
        Reason.FLOW_NOT_COVERED,
        403,
        "No flow of an agreement covers this",
        (
            "Agreements are in force, but none opens this direction, purpose, category and kind. "
            "Ask for what they open, or propose a flow to the partnership."
        ),
    ),
    (
        Reason.BASIS_NOT_ACCEPTED,
        403,
        "The flow does not rest on the claimed basis",
        (
            "A flow exists, but rests on another lawful basis, or allows no override. GET "
            "/v1/agreements shows what each flow rests on."
        ),
    ),
)
PROBLEMS: Final = (
    *kinds(NAMED),
    *(ProblemKind(*refusal) for refusal in _REFUSALS),
)
