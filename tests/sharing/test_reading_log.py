"""The log does not say to an asking agency what the answer, in its one voice, did not."""

from typing import Any

import pytest

from tests.make import HUB, NOBODY, OAK, Family, ask, request, said, shielded, withdrawn, withheld
from tests.service import Service

READ = ("log.read",)
AUDIT = ("log.read", "log.audit")
OWN = ("id", "at", "leaf", "leaf_hash")


def latest_as(service: Service, agency: str, *scopes: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The newest entry that this agency reads: in the list, and by itself."""
    service.as_client(agency, scopes=scopes or READ)
    listed = service.get("/v1/log/entries?size=1")["items"][0]
    return listed, service.get(f"/v1/log/entries/{listed['id']}")


def refused(service: Service, *identifiers: dict[str, str]) -> dict[str, Any]:
    """A refused request; what the asking agency reads of it, but for what is its own."""
    answer = ask(service, request(*identifiers))
    assert answer.get_json()["code"] == "not_available"
    service.clock.passes(minutes=1)
    listed, whole = latest_as(service, OAK)
    assert listed["facts"] == whole["facts"]
    whole["about"]["identifiers"] = None
    return {name: value for name, value in whole.items() if name not in OWN}


@pytest.mark.long
def test_the_asker_reads_one_and_the_same_of_every_refusal(
    service: Service, family: Family
) -> None:
    seen, grounds = [], []

    def note(*identifiers: dict[str, str]) -> None:
        seen.append(refused(service, *identifiers))
        grounds.append(latest_as(service, OAK, *AUDIT)[1]["facts"]["ground"])
        source = latest_as(service, HUB)[1]["facts"]
        assert (source["ground"], source["recipient"]) == (grounds[-1], OAK)

    note()
    note(NOBODY)
    consent = said(service, family)
    withdrawn(service, consent)
    note()
    said(service, family)
    shielded(service, family.child)
    note()
    withheld(service, "plan")
    note()

    assert grounds == ["no_consent", "no_record", "withdrawn", "shielded", "source_withheld"]
    assert all(one == seen[0] for one in seen)
    assert seen[0]["facts"]["code"] == "not_available"
    assert not {"ground", "withheld", "flags", "left_out"} & seen[0]["facts"].keys()
    assert not {"subject", "facts_used", "left_out"} & seen[0]["about"].keys()


def test_of_a_permit_the_asker_reads_what_it_was_told_and_what_was_withheld_is_for_the_source(
    service: Service, family: Family
) -> None:
    said(service, family)
    withheld(service, "household")
    answer = ask(service, request(categories=["plan", "household"])).get_json()
    assert answer["outcome"] == "partial"
    facts = latest_as(service, OAK)[1]["facts"]
    assert facts["disclosed"] == ["plan"]
    assert facts["refused"] == answer["refused"] == {"household": "not_available"}
    assert "withheld" not in facts
    for agency, scopes in ((HUB, READ), (OAK, AUDIT)):
        told = latest_as(service, agency, *scopes)[1]["facts"]
        assert told["withheld"]["household"] in {"source_withheld", "no_record"}
