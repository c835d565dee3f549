"""What each state of consent is made of: who said what, and when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.demo.world.calendar import Calendar
from app.demo.world.families import Grown
from app.demo.world.terms import (
    Fact,
    PlannedAssessment,
    PlannedConfirmation,
    PlannedConflictOfInterest,
    PlannedConsent,
    PlannedNoSay,
    PlannedShield,
    PlannedWithdrawal,
    PlannedWithhold,
    State,
)

Made = tuple[Fact, ...]

AUNT: Final = "staff-oak-07"
"""The practitioner who is family to a child, and so must not see them."""


def facts_of(grown: Grown, calendar: Calendar) -> Made:
    """Return what puts a family into its state."""
    return _MAKERS[grown.family.state](_File(grown, calendar))


class _File:
    """A family's file while it is written."""

    def __init__(self, grown: Grown, calendar: Calendar) -> None:
        self.key = grown.family.key
        self.child = grown.family.child
        self.everyone = tuple(person.key for person in grown.persons)
        self.ago = calendar.ago
        self.ahead = calendar.ahead
        self._said = 0

    def who(self, role: str) -> str:
        """Return the key of the family's mother, father, sibling or step-parent."""
        return f"{self.key}-{role}"

    def says(self, at: datetime, role: str = "mother", **details: object) -> PlannedConsent:
        """Return an answer about the child; a yes in writing unless the details say else."""
        self._said += 1
        key, by = f"{self.key}-consent-{self._said}", self.who(role)
        return PlannedConsent(at, key, (self.child,), by, **details)  # type: ignore[arg-type]  # named fields

    def says_no(self, at: datetime, role: str = "mother", **details: object) -> PlannedConsent:
        """Return a refusal of everything, to everyone."""
        said = self.says(at, role, **details)
        return replace(said, answer="refused", recipients=("*",), purposes=("*",))


def _none(_: _File) -> Made:
    return ()


def _verbal_fresh(file: _File) -> Made:
    return (file.says(file.ago(5), method="verbal"),)


def _verbal_lapsed(file: _File) -> Made:
    return (file.says(file.ago(33), method="verbal"),)


def _confirmed(file: _File) -> Made:
    said = file.says(file.ago(62), method="verbal")
    return said, PlannedConfirmation(file.ago(53), said.key)


def _written(file: _File) -> Made:
    return (file.says(file.ago(95), recipients=("agreement:EH-ISA",), valid_until=file.ahead(270)),)


def _renewal_due(file: _File) -> Made:
    return (file.says(file.ago(85), valid_until=file.ahead(12), language="pl"),)


def _expired(file: _File) -> Made:
    return (file.says(file.ago(98), valid_until=file.ago(10, 0)),)


def _withdrawn(file: _File) -> Made:
    said = file.says(file.ago(90))
    return said, PlannedWithdrawal(file.ago(8, 14), said.key)


def _refused(file: _File) -> Made:
    return (file.says_no(file.ago(70), method="verbal"),)


def _replaced(file: _File) -> Made:
    first = file.says(file.ago(80))
    return first, file.says(file.ago(30), categories=("plan",), replaces=first.key)


def _parents_disagree(file: _File) -> Made:
    return file.says(file.ago(60)), file.says_no(file.ago(41), "father")


def _step_parent_only(file: _File) -> Made:
    # A yes of somebody without parental responsibility is not taken; their no is a fact.
    return (file.says_no(file.ago(50), "step-parent", capacity="step_parent"),)


def _whole_family(file: _File) -> Made:
    said = file.says(file.ago(75))
    return (
        PlannedConsent(
            said.at, said.key, file.everyone, said.given_by, evidence="signed at a family meeting"
        ),
    )


def _assessed(file: _File, purpose: str = "early_help_support") -> PlannedAssessment:
    return PlannedAssessment(
        file.ago(66), file.child, purpose, competent=True, role="school_nurse", agency="hv-trust"
    )


def _competent_yes(file: _File) -> Made:
    own = file.says(file.ago(65), "child", capacity="self")
    return _assessed(file), own, file.says_no(file.ago(64))


def _competent_no(file: _File) -> Made:
    own = file.says_no(file.ago(64), "child", capacity="self", method="verbal")
    return _assessed(file), file.says(file.ago(65)), own


def _not_assessed(file: _File) -> Made:
    return (_assessed(file, "programme_evaluation"),)


def _sixteen(file: _File) -> Made:
    return (file.says(file.ago(90)),)


def _sixteen_own_word(file: _File) -> Made:
    own = file.says(file.ago(30), "child", capacity="self", categories=("plan",))
    return file.says(file.ago(90)), own


def _adult_without_say(file: _File) -> Made:
    evidence = "non-molestation order, copy seen"
    return (
        file.says(file.ago(88)),
        file.says_no(file.ago(80), "father"),
        PlannedNoSay(file.ago(45), file.child, file.who("father"), evidence),
    )


def _shielded_hidden(file: _File) -> Made:
    together = (file.child, file.who("sibling"), file.who("mother"))
    return (
        file.says(file.ago(84)),
        PlannedNoSay(file.ago(31), file.child, file.who("father"), "police reference on file"),
        PlannedShield(
            file.ago(31), together, "hidden", (), ("eh-hub", "csc"), "moved to a refuge",
            "eh-hub duty manager",
        ),
    )  # fmt: skip


def _shielded_masked(file: _File) -> Made:
    return (
        file.says(file.ago(83)),
        PlannedShield(
            file.ago(26), (file.child,), "masked", ("contact", "household"), ("eh-hub",),
            "address not to be known to a relative", "eh-hub duty manager",
        ),
    )  # fmt: skip


def _sibling_shielded(file: _File) -> Made:
    return (
        file.says(file.ago(57)),
        PlannedShield(
            file.ago(55), (file.who("sibling"),), "hidden", (), ("eh-hub",),
            "placed with a relative in confidence", "csc team manager",
        ),
    )  # fmt: skip


def _sensitive_by_name(file: _File) -> Made:
    named = file.says(
        file.ago(48), kind="data_consent", categories=("involvement",), sources=("camhs",)
    )
    everything = file.says(file.ago(47))
    return named, everything


def _charity_consent(file: _File) -> Made:
    charity = file.says(
        file.ago(52), kind="data_consent", recipients=("family-vcs",), categories=("plan",)
    )
    return file.says(file.ago(53)), charity


def _charity_agreement_only(file: _File) -> Made:
    return (file.says(file.ago(52), recipients=("eh-hub", "oak-school", "family-vcs")),)


def _joined_later(file: _File) -> Made:
    return (file.says(file.ago(77), recipients=("agreement:EH-ISA",)),)


def _step_down(file: _File) -> Made:
    return (
        file.says(
            file.ago(6), "father", method="verbal", recipients=("eh-hub",),
            purposes=("step_down_handover",),
        ),
    )  # fmt: skip


def _withheld(file: _File) -> Made:
    return (
        file.says(file.ago(58)),
        PlannedWithhold(
            file.ago(20), "oak-school", file.child, ("contact",),
            "a parent's new address would become known", file.ahead(40),
        ),
    )  # fmt: skip


def _conflict_of_interest(file: _File) -> Made:
    barred = PlannedConflictOfInterest(file.ago(68), file.child, AUNT, "the child's aunt")
    return file.says(file.ago(69)), barred


_MAKERS: Final[dict[State, Callable[[_File], Made]]] = {
    State.NONE: _none,
    State.VERBAL_FRESH: _verbal_fresh,
    State.VERBAL_LAPSED: _verbal_lapsed,
    State.CONFIRMED: _confirmed,
    State.WRITTEN: _written,
    State.RENEWAL_DUE: _renewal_due,
    State.EXPIRED: _expired,
    State.WITHDRAWN: _withdrawn,
    State.REFUSED: _refused,
    State.REPLACED: _replaced,
    State.PARENTS_DISAGREE: _parents_disagree,
    State.STEP_PARENT_ONLY: _step_parent_only,
    State.WHOLE_FAMILY: _whole_family,
    State.COMPETENT_YES: _competent_yes,
    State.COMPETENT_NO: _competent_no,
    State.NOT_ASSESSED: _not_assessed,
    State.SIXTEEN: _sixteen,
    State.SIXTEEN_OWN_WORD: _sixteen_own_word,
    State.ADULT_WITHOUT_SAY: _adult_without_say,
    State.SHIELDED_HIDDEN: _shielded_hidden,
    State.SHIELDED_MASKED: _shielded_masked,
    State.SIBLING_SHIELDED: _sibling_shielded,
    State.SENSITIVE_BY_NAME: _sensitive_by_name,
    State.SENSITIVE_ONLY: _none,
    State.CHARITY_CONSENT: _charity_consent,
    State.CHARITY_AGREEMENT_ONLY: _charity_agreement_only,
    State.JOINED_LATER: _joined_later,
    State.STEP_DOWN: _step_down,
    State.WITHHELD: _withheld,
    State.POLICE_NOTICE: _none,
    State.CONFLICT_OF_INTEREST: _conflict_of_interest,
}
