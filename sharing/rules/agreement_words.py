"""What an agreement says, in plain words: sentences for what its flows ask of whoever uses them."""

from typing import Final

from sharing.terms.agreements import FlowDraft, Means
from sharing.terms.codes import Assurance, Kind, LawfulBasis, Requirement

BASES: Final = {
    LawfulBasis.CONSENT: "Consent of the person (UK GDPR, Article 6(1)(a))",
    LawfulBasis.CONTRACT: "A contract with the person (UK GDPR, Article 6(1)(b))",
    LawfulBasis.LEGAL_OBLIGATION: "A duty in law (UK GDPR, Article 6(1)(c))",
    LawfulBasis.VITAL_INTERESTS: "To protect somebody's life (UK GDPR, Article 6(1)(d))",
    LawfulBasis.PUBLIC_TASK: "A task in the public interest (UK GDPR, Article 6(1)(e))",
    LawfulBasis.LEGITIMATE_INTERESTS: "Legitimate interests (UK GDPR, Article 6(1)(f))",
}
MEANS: Final = {
    Means.KEY: "by its own system, with its key",
    Means.PAPER: "on paper",
    Means.ACCOUNT: "on these pages",
}
_REQUIRES: Final = {
    Requirement.NONE: "Nobody is asked for consent: the law carries it.",
    Requirement.FAMILY_AGREEMENT: "Only once the family has agreed to be helped.",
    Requirement.DATA_CONSENT: "Only with consent to pass the information on.",
}
_ASKER: Final = {
    Assurance.NONE: "The agency asks; the practitioner need not be named.",
    Assurance.STATED: "The agency names the practitioner who asks.",
    Assurance.SIGNED: "The agency vouches for the practitioner who asks, with its signature.",
    Assurance.SIGNED_IN: "The practitioner who asks has signed in.",
}
_KINDS: Final = {
    frozenset({Kind.CONTENT.value}): "What is on file is told.",
    frozenset(
        {Kind.POINTER.value}
    ): "Only that an agency is involved is told, never what it knows.",
}
_BOTH: Final = "What is on file is told, and who is involved."


def conditions(flow: FlowDraft) -> tuple[str, ...]:
    """Return all that a flow opens and asks for, a sentence each."""
    said = [_KINDS.get(flow.kinds, _BOTH), _REQUIRES[flow.requires]]
    if flow.requires is not Requirement.NONE:
        spoken = "A spoken yes will do to begin with." if flow.verbal else "The yes is in writing."
        said.append(spoken)
    said.append(_ASKER[flow.practitioner])
    if flow.override:
        said.append("In an emergency a missing yes may be passed over; a person reviews each time.")
    if flow.pierces_shield:
        said.append("It reaches people who are protected by a shield; a person reviews each time.")
    return tuple(said)
