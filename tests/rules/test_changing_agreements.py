"""Who may change an agreement, act by act."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.rules.changing import may, why_not
from sharing.terms.changing import Act, Standing

KEEPER, MEMBER, OTHER, STRANGER = "hub", "oak", "elm", "stranger"
KEPT = Standing(KEEPER, frozenset({MEMBER, OTHER}))
ORPHANED = Standing(None, frozenset({MEMBER, OTHER}))
FOR_ALL = (Act.VERSION, Act.ADMIT, Act.REVIEW, Act.TERMINATE)
AGENCIES = st.sampled_from([KEEPER, MEMBER, OTHER, STRANGER])


@pytest.mark.parametrize("act", FOR_ALL)
def test_its_keeper_alone_changes_it_for_all(act: Act) -> None:
    assert may(act, KEEPER, KEPT)
    assert not may(act, MEMBER, KEPT)
    assert not may(act, STRANGER, KEPT)
    assert why_not(act, KEPT).startswith("Only hub, which keeps this agreement, may ")


def test_its_keeper_and_its_members_put_a_version_in_force() -> None:
    assert [may(Act.ACTIVATE, one, KEPT) for one in (KEEPER, MEMBER, STRANGER)] == [
        True,
        True,
        False,
    ]
    assert "and its members may put a version in force" in why_not(Act.ACTIVATE, KEPT)


def test_a_member_leaves_for_itself_and_its_keeper_ends_any_membership() -> None:
    assert may(Act.END_MEMBERSHIP, MEMBER, KEPT, MEMBER)
    assert may(Act.END_MEMBERSHIP, KEEPER, KEPT, MEMBER)
    assert not may(Act.END_MEMBERSHIP, OTHER, KEPT, MEMBER)
    assert not may(Act.END_MEMBERSHIP, OTHER, ORPHANED, MEMBER)
    assert why_not(Act.END_MEMBERSHIP, ORPHANED).endswith("each member leaves for itself.")


@pytest.mark.parametrize("act", [*FOR_ALL, Act.ACTIVATE])
def test_where_nobody_keeps_it_each_member_acts(act: Act) -> None:
    assert may(act, MEMBER, ORPHANED)
    assert not may(act, KEEPER, ORPHANED)
    assert why_not(act, ORPHANED).endswith("only agencies that are members act in its place.")


@given(act=st.sampled_from(Act), agency=AGENCIES, of=AGENCIES, standing=st.just(KEPT))
def test_who_has_no_part_in_it_never_changes_it(
    act: Act, agency: str, of: str, standing: Standing
) -> None:
    part = {KEEPER, *standing.members}
    if agency not in part:
        assert not may(act, agency, standing, of) or agency == of
