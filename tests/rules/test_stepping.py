"""What follows when a family is to be handed over (rule 36 of the domain)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.terms import ALL, Answer, Consent, ConsentKind, Method
from sharing.rules.stepping import duty_fits, what_follows
from sharing.terms.answers import Decision, Permit, Refusal
from sharing.terms.asking import Asker, DisclosureRequest
from sharing.terms.codes import Ground, Reason
from sharing.terms.escalations import Direction, Duty, Next

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
BEFORE, AFTER = SINCE - timedelta(days=1), SINCE + timedelta(days=1)
UP, DOWN = Direction.STEP_UP, Direction.STEP_DOWN
ASKED = DisclosureRequest(
    Asker("c", "hub", frozenset(), frozenset(), may_override=False),
    *("hub", "csc", "content", "step_down_handover", "public_task", ("plan",)),
)
YES: Decision = Permit(ASKED, (), {}, {}, (), ())
SAID = Consent(
    UUID(int=1),
    ConsentKind.FAMILY_AGREEMENT,
    UUID(int=2),
    Answer.REFUSED,
    Method.WRITTEN,
    AFTER,
    frozenset({ALL}),
    frozenset({"step_down_handover"}),
    frozenset({ALL}),
)
TOOK_BACK = replace(SAID, answer=Answer.GIVEN, recorded_at=BEFORE, withdrawn_at=AFTER)


def no(ground: Ground | None, reason: Reason = Reason.NOT_AVAILABLE) -> Decision:
    return Refusal(ASKED, reason, ground)


@pytest.mark.parametrize("direction", Direction)
def test_what_is_permitted_for_everyone_is_done(direction: Direction) -> None:
    assert what_follows(direction, [YES, YES]) is Next.COMPLETE


@pytest.mark.parametrize("ground", [Ground.SHIELDED, Ground.SOURCE_WITHHELD, Ground.NO_RECORD])
def test_what_no_yes_could_open_is_refused(ground: Ground) -> None:
    assert what_follows(DOWN, [YES, no(ground), no(Ground.NO_CONSENT)]) is Next.REFUSE
    assert what_follows(DOWN, [no(None, Reason.NO_AGREEMENT)]) is Next.REFUSE


def test_a_step_up_waits_for_nobody_and_a_step_down_for_the_family() -> None:
    lacking = [YES, no(Ground.NO_CONSENT)]
    assert what_follows(UP, lacking) is Next.REFUSE
    assert what_follows(DOWN, lacking) is Next.WAIT
    assert what_follows(DOWN, lacking, [SAID]) is Next.WAIT


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        (SAID, Next.DECLINE),
        (TOOK_BACK, Next.DECLINE),
        (replace(SAID, purposes=frozenset({ALL})), Next.DECLINE),
        (replace(SAID, purposes=frozenset({"early_help_support"})), Next.WAIT),
        (replace(SAID, recorded_at=BEFORE), Next.WAIT),
        (replace(TOOK_BACK, withdrawn_at=BEFORE), Next.WAIT),
        (replace(TOOK_BACK, withdrawn_at=None), Next.WAIT),
    ],
)
def test_only_a_no_said_after_they_were_asked_declines(said: Consent, follows: Next) -> None:
    assert what_follows(DOWN, [no(Ground.REFUSED)], [said], SINCE) is follows


def test_a_step_up_names_its_duty_and_a_step_down_none() -> None:
    assert duty_fits(UP, Duty.SECTION_17)
    assert duty_fits(DOWN, None)
    assert not duty_fits(UP, None)
    assert not duty_fits(DOWN, Duty.SECTION_47)
