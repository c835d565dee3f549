"""Why something would be told or not, as a person reads it: one sentence for each rule."""

from typing import Final

from sharing.terms.codes import Ground, Reason

_REASONS: Final = {
    Reason.REQUEST_INVALID: "The request makes no sense as it stands.",
    Reason.AGENCY_NOT_ACTIVE: "The agency that asks takes no part in the partnership now.",
    Reason.CLIENT_NOT_PERMITTED: "The client that asks is not registered for this.",
    Reason.JUSTIFICATION_REQUIRED: "The override lacks a justification.",
    Reason.NO_AGREEMENT: "No agreement is in force with both agencies as members.",
    Reason.FLOW_NOT_COVERED: "Agreements are in force, but no flow of theirs opens this.",
    Reason.BASIS_NOT_ACCEPTED: (
        "A flow opens this, but not on the lawful basis claimed, or not by an override."
    ),
    Reason.NOT_AVAILABLE: (
        "Not available. Either nothing is held, or a rule stops it that only those may know who"
        " read the whole log."
    ),
}
_GROUNDS: Final = {
    Ground.NO_RECORD: "The source holds nothing of this kind about this person.",
    Ground.NO_CONSENT: "Nobody who may decide has said yes.",
    Ground.OUT_OF_SCOPE: (
        "A yes is on file, but not to this agency, purpose, kind of information or source."
    ),
    Ground.EXPIRED: "The yes on file has expired.",
    Ground.LAPSED_VERBAL: "The yes was spoken, was not confirmed in writing in time, and lapsed.",
    Ground.VERBAL_NOT_ACCEPTED: "The yes was only spoken, and the flow wants it in writing.",
    Ground.REFUSED: "Somebody who may decide has said no.",
    Ground.WITHDRAWN: "The yes was withdrawn.",
    Ground.CONFLICT: "Those who may decide disagree: a person must talk with them.",
    Ground.SHIELDED: "A shield protects this person from this agency.",
    Ground.SOURCE_WITHHELD: "The source has decided to hold this back.",
    Ground.CONFLICT_OF_INTEREST: "The practitioner has a conflict of interest about this person.",
    Ground.STATUTORY: "The law asks for it: nobody's consent is needed.",
    Ground.AGREEMENT: "The family has agreed to be helped.",
    Ground.CONSENT: "Consent to pass data on was given.",
    Ground.OVERRIDE: "An override passes over the missing consent; a person reviews it.",
}
_OF_CODE: Final = {str(code): said for code, said in (*_REASONS.items(), *_GROUNDS.items())}


def why(reason: Reason | None, ground: Ground | None) -> str:
    """Return the rule that decided, in a sentence; the true one where it is known."""
    if ground is not None:
        return _GROUNDS[ground]
    return _REASONS[Reason.NOT_AVAILABLE if reason is None else reason]


def why_given_up(because: str) -> str:
    """Return what became of a replay that failed for good, and what to do."""
    return (
        f"It failed each time it was tried, the last time with {because}, and was given up. The"
        " counts are of what was replayed until then. Ask for it again; if that fails as well,"
        " tell whoever runs the service, whose log holds the fault."
    )


def why_code(code: str) -> str:
    """Return the sentence of a reason or ground that is on file as its code."""
    return _OF_CODE.get(code, code)
