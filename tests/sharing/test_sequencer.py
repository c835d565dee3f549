"""Entries get their place in the tree once each, and nobody can take the log back unseen."""

import base64
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import NullPool, create_engine, text

from app.kernel.db import Database
from app.kernel.roles import SEQUENCER, role_url
from sharing.actions.log import Line, append_entry
from sharing.actions.sequencing import Head
from sharing.chain.checkpoints import open_checkpoint
from sharing.chain.leaves import leaf_hash
from sharing.chain.notes import Signer
from sharing.chain.proofs import parse_proof, verify_proof
from sharing.chain.receipts import open_receipt
from sharing.chain.tiles import parse_bundle
from sharing.chain.tree import EMPTY_ROOT, verify_consistency
from sharing.jobs.sequencer import Anchor, Sequencer
from tests.make import Family, request, said
from tests.service import LOG_ORIGIN, Service

Sequencers = Callable[[], Sequencer]
LOG_KEY = Signer(LOG_ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
ASK = {
    "subject": {"identifiers": [{"scheme": "nhs_number", "value": "9990000018"}]},
    "source": "eh-hub",
    "purpose": "curiosity",
    "lawful_basis": "public_task",
    "categories": ["plan"],
}


def ask(service: Service, times: int = 1) -> None:
    """Ask something invalid, which is logged like everything else."""
    for _ in range(times):
        service.post("/v1/disclosures", ASK, 422)


@pytest.fixture
def school(service: Service) -> Service:
    service.as_client("operator").post(
        "/v1/agencies", {"code": "oak-school", "name": "Oak", "kind": "school"}
    )
    return service.as_client("oak-school", scopes=("disclosure.request", "log.read", "log.audit"))


@pytest.fixture
def sequencer(service: Service, tmp_path: Path) -> Iterator[Callable[[], Sequencer]]:
    """Makes sequencers that share a database and an anchor file."""
    opened = []

    def make() -> Sequencer:
        database = Database.connect(role_url(service.admin_url, SEQUENCER), None, pool_size=1)
        opened.append(database)
        return Sequencer(database, LOG_KEY, Anchor(tmp_path / "anchor.json"), service.clock)

    yield make
    for database in opened:
        database.close()


def drain(one: Sequencer) -> int:
    total = 0
    while added := one.step():
        total += added
    return total


def as_admin(service: Service, *statements: str) -> None:
    engine = create_engine(service.admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def checkpoint(service: Service) -> Any:
    raw = service.call("GET", "/log/checkpoint").get_data()
    return open_checkpoint(raw, [LOG_KEY.verifier()]).checkpoint


def test_before_anything_was_asked_the_log_is_empty_and_signed(
    school: Service, sequencer: Sequencers
) -> None:
    sequencer().step()

    assert checkpoint(school).size == 0


def test_every_entry_gets_one_place_and_a_proof(school: Service, sequencer: Sequencers) -> None:
    ask(school, 5)
    assert drain(sequencer()) == 5

    listed = school.get("/v1/log/entries")["items"]
    indexes = []
    for line in listed:
        whole = school.get(f"/v1/log/entries/{line['id']}")
        raw = school.call("GET", f"/v1/log/entries/{line['id']}/proof").get_data()
        proof = parse_proof(raw)
        verify_proof(proof, leaf_hash(whole["leaf"].encode()), [LOG_KEY.verifier()])
        indexes.append(proof.index)
    assert sorted(indexes) == [0, 1, 2, 3, 4]


def test_bundles_hold_the_leaves_as_they_were_hashed(
    school: Service, sequencer: Sequencers
) -> None:
    ask(school, 3)
    drain(sequencer())

    leaves = parse_bundle(school.call("GET", "/log/tile/entries/000.p/3").get_data())
    tile = school.call("GET", "/log/tile/0/000.p/3").get_data()
    assert b"".join(leaf_hash(leaf) for leaf in leaves) == tile


def test_the_log_proves_that_it_only_grew(school: Service, sequencer: Sequencers) -> None:
    one = sequencer()
    ask(school, 3)
    drain(one)
    before = checkpoint(school)
    ask(school, 4)
    drain(one)
    after = checkpoint(school)

    answer = school.get("/v1/log/consistency?from=3&to=7")
    hashes = [base64.b64decode(hashed) for hashed in answer["hashes"]]
    verify_consistency(3, 7, before.root, after.root, hashes)


@pytest.mark.parametrize(
    "path",
    [
        "64/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/x1/000",
        "0/000.p/4",
        "0/001",
        "entries/000",
        "",
        "a",
    ],
)
def test_a_tile_that_is_not_there_is_not_found_and_not_kept(
    school: Service, sequencer: Sequencers, path: str
) -> None:
    ask(school, 3)
    drain(sequencer())

    answer = school.call("GET", f"/log/tile/{path}")
    assert answer.status_code in {400, 404}
    # Without a word a proxy might keep it, and a tile that comes later stay hidden behind it.
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_entry_that_waits_has_no_proof_yet(school: Service, sequencer: Sequencers) -> None:
    sequencer().step()
    ask(school)
    entry = school.get("/v1/log/entries")["items"][0]["id"]

    answer = school.call("GET", f"/v1/log/entries/{entry}/proof")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "log_not_in_the_tree")


def test_an_entry_that_is_not_committed_yet_delays_nobody_and_is_placed_later(
    school: Service, sequencer: Sequencers
) -> None:
    one = sequencer()
    with school.parts.database.transaction(speaking_for="oak-school") as session:
        append_entry(session, Line("oak-school", None, "deny", {}, about={}), school.clock.at)
        ask(school, 2)  # it would wait for ever: the other ends only after it
        assert drain(one) == 2
        assert checkpoint(school).size == 2

    assert drain(one) == 1
    assert checkpoint(school).size == 3


def test_of_two_sequencers_each_entry_is_placed_by_one(
    school: Service, sequencer: Sequencers
) -> None:
    ask(school, 4)
    one, other = sequencer(), sequencer()

    assert one.step() + other.step() == 4
    assert checkpoint(school).size == 4


def test_a_log_that_was_cut_back_halts_and_says_why(school: Service, sequencer: Sequencers) -> None:
    one = sequencer()
    ask(school, 3)
    drain(one)
    as_admin(
        school,
        "alter table log_leaf disable trigger append_only",
        "delete from log_leaf where leaf_index = 2",
        "update log_state set size = 2, published_size = 2",
    )

    assert one.step() == 0
    answer = school.call("GET", "/readyz")
    assert answer.status_code == 503
    assert "rollback" in answer.get_data(as_text=True)


def test_a_tile_that_was_rewritten_halts_the_next_sequencer(
    school: Service, sequencer: Sequencers
) -> None:
    ask(school, 3)
    drain(sequencer())
    as_admin(school, "update log_tile set hashes = sha256('x') || substr(hashes, 33)")

    sequencer().step()
    assert school.call("GET", "/readyz").status_code == 503


def test_what_was_signed_but_not_published_is_published_next(
    school: Service, sequencer: Sequencers, tmp_path: Path
) -> None:
    ask(school, 2)
    drain(sequencer())
    as_admin(school, "update log_state set published_size = 0")
    Anchor(tmp_path / "anchor.json").write(Head(0, EMPTY_ROOT))  # killed before it was written

    sequencer().step()
    assert checkpoint(school).size == 2


def test_a_tile_that_was_rewritten_under_a_sequencer_at_work_is_not_signed_for(
    school: Service, sequencer: Sequencers
) -> None:
    one = sequencer()
    ask(school, 3)
    drain(one)
    as_admin(school, "update log_tile set hashes = sha256('x') || substr(hashes, 33)")
    ask(school)

    assert one.step() == 0
    assert checkpoint(school).size == 3
    said = school.call("GET", "/readyz").get_data(as_text=True)
    assert "the tree of 3 entries is not the one signed for" in said


@pytest.mark.parametrize("held", [None, "", "{}", '{"size": -1, "root": ""}'])
def test_without_the_file_of_what_was_signed_a_log_that_holds_anything_halts(
    school: Service, sequencer: Sequencers, tmp_path: Path, held: str | None
) -> None:
    ask(school, 2)
    drain(sequencer())
    (tmp_path / "anchor.json").unlink()
    if held is not None:
        (tmp_path / "anchor.json").write_text(held)
    ask(school)

    assert sequencer().step() == 0
    assert checkpoint(school).size == 2
    said = school.call("GET", "/readyz").get_data(as_text=True)
    assert ("anchor.json should hold" if held is not None else "is gone, and the log holds") in said
    assert school.call("POST", "/v1/disclosures", json=ASK).status_code == 503


def test_a_sequencer_at_work_remembers_what_it_signed_without_the_file(
    school: Service, sequencer: Sequencers, tmp_path: Path
) -> None:
    one = sequencer()
    ask(school, 3)
    drain(one)
    (tmp_path / "anchor.json").unlink()
    as_admin(school, "update log_state set size = 2, published_size = 2")

    assert one.step() == 0
    said = school.call("GET", "/readyz").get_data(as_text=True)
    assert "rollback: the database holds 2 entries, 3 were signed for" in said


def test_a_halted_log_discloses_nothing(school: Service) -> None:
    as_admin(school, "update log_state set halted_because = 'somebody restored a backup'")

    answer = school.call("POST", "/v1/disclosures", json=ASK)
    assert answer.status_code == 503
    assert "halted" in answer.get_json()["detail"]


def test_a_log_whose_sequencer_is_silent_for_too_long_discloses_nothing(
    school: Service, sequencer: Sequencers
) -> None:
    sequencer().step()
    school.clock.passes(minutes=16)

    assert school.call("POST", "/v1/disclosures", json=ASK).status_code == 503


def test_an_answer_can_wait_for_its_proof(
    service: Service, family: Family, sequencer: Sequencers
) -> None:
    said(service, family)
    stopping = threading.Event()
    working = threading.Thread(target=sequencer().run, args=(stopping,))
    working.start()
    told = waiting(service, "wait=5")
    stopping.set()
    working.join()

    receipt = open_receipt(told["receipt"].encode(), [service.parts.receipts.verifier()])
    proof = parse_proof(told["proof"].encode())
    verify_proof(proof, receipt.leaf_hash, [LOG_KEY.verifier()])


def test_an_answer_waits_no_longer_than_it_was_asked_to(service: Service, family: Family) -> None:
    said(service, family)

    assert waiting(service, "respond-async, wait=0")["proof"] is None


def waiting(service: Service, wish: str) -> Any:
    service.as_client("oak-school")
    answer = service.call("POST", "/v1/disclosures", json=request(), headers={"Prefer": wish})
    assert answer.headers["Preference-Applied"] == "wait"
    return answer.get_json()


def test_a_log_that_does_not_keep_up_is_late_and_discloses_nothing(
    school: Service, sequencer: Sequencers
) -> None:
    one = sequencer()
    one.step()
    school.clock.passes(minutes=10)
    as_admin(
        school,
        "insert into log_pending (entry_id, leaf_hash)"
        " select gen_random_uuid(), sha256('x') from generate_series(1, 2100)",
    )
    one.step()
    school.clock.passes(minutes=6)
    behind = school.call("POST", "/v1/disclosures", json=ASK).status_code
    drain(one)
    one.step()

    assert (behind, school.call("POST", "/v1/disclosures", json=ASK).status_code) == (503, 422)
