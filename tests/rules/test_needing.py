"""Whether a family is to be asked at all (rule 4)."""

import pytest

from consent.terms import ALL, Scope
from sharing.rules.needing import waits_for

HUB, OAK, ELM = "eh-hub", "oak-school", "elm-school"
EVERYONE = (HUB, OAK, ELM)


def scope(recipients: set[str], sources: set[str]) -> Scope:
    plan = frozenset({"plan"})
    return Scope(frozenset(recipients), frozenset(sources), frozenset({"support"}), plan)


@pytest.mark.parametrize(
    ("asked", "sources", "recipients", "members", "matters"),
    [
        (scope({OAK}, {ALL}), [HUB], [OAK], EVERYONE, True),
        (scope({OAK}, {HUB, ELM}), [HUB], [OAK, ELM], EVERYONE, True),
        (scope({OAK}, {ELM}), [HUB], [OAK], EVERYONE, False),
        (scope({ELM}, {ALL}), [HUB], [OAK], EVERYONE, False),
        (scope({OAK}, {ALL}), [HUB], [OAK], [OAK], False),
        (scope({OAK}, {ALL}), [HUB], [OAK], [HUB], False),
        (scope({HUB}, {ALL}), [HUB], [HUB, OAK], EVERYONE, False),
        (scope({HUB, OAK}, {HUB}), [HUB], [HUB, OAK], EVERYONE, True),
    ],
)
def test_rule_4_an_answer_matters_where_a_flow_runs_between_two_members_that_it_names(
    asked: Scope, sources: list[str], recipients: list[str], members: list[str], *, matters: bool
) -> None:
    assert waits_for(asked, sources, recipients, members) is matters
