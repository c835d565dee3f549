"""What an agency reads in the log of its own requests, and of those made to it."""

from typing import Any

import pytest

from sharing.rules.reading_log import hidden_about, hidden_facts, without

OAK, HUB = "oak", "hub"
DENIED = {"outcome": "deny", "code": "not_available", "ground": "shielded", "withheld": {}}


def facts(reader: str, said: dict[str, Any], source: str | None = HUB) -> dict[str, Any]:
    return without(said, hidden_facts(reader, said, OAK, source))


@pytest.mark.parametrize("outcome", ["permit", "partial", "deny"])
def test_the_asker_reads_what_it_was_told_and_no_truth_beside_it(outcome: str) -> None:
    said = DENIED | {"outcome": outcome, "flags": ["refusal_on_file"], "left_out": 1}
    assert facts(OAK, said) == {"outcome": outcome, "code": "not_available"}
    about = {"subject": "1", "identifiers": [], "facts_used": ["2"], "left_out": ["3"]}
    assert without(about, hidden_about(OAK, said, OAK, HUB)) == {"identifiers": []}


def test_the_source_reads_why_its_own_was_refused() -> None:
    assert facts(HUB, DENIED) == DENIED
    assert hidden_about(HUB, DENIED, OAK, HUB) == frozenset()


@pytest.mark.parametrize("source", [None, OAK])
def test_who_asks_everybody_or_itself_is_no_source_of_the_answer(source: str | None) -> None:
    assert "ground" not in facts(OAK, DENIED, source)


def test_what_an_agency_did_itself_is_no_answer_and_is_read_whole() -> None:
    erased = {"outcome": "erased", "ground": "objection"}
    assert facts(OAK, erased, None) == erased


def test_a_preview_of_the_whole_is_for_those_who_read_the_whole() -> None:
    own = {"outcome": "preview", "whole_log": False, "grounds": {"shielded": 1}}
    assert facts(OAK, own, None) == own
    assert hidden_about(OAK, own, OAK, None) == frozenset()
    whole = own | {"whole_log": True, "permitted": 0, "refused": 1}
    assert facts(OAK, whole, None) == {"outcome": "preview", "whole_log": True}
    assert "subject" in hidden_about(OAK, whole, OAK, None)
