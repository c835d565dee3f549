"""A "no" counts for every request begun after it was answered, however many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import psycopg
import pytest

from app.kernel.clock import system_clock
from sharing.actions.disclosing import disclose
from sharing.terms.answers import Disclosure
from sharing.terms.asking import Asker, DisclosureRequest, Identifier
from tests.make import (
    CHILD,
    HUB,
    NOBODY,
    OAK,
    PLAN,
    SIBLING,
    SUPPORT,
    Family,
    a_record,
    a_subject,
    ask,
    overriding,
    request,
    said,
    shielded,
)
from tests.service import Service
from tests.sharing.crowd import ASKERS, WAIT, Change, await_waiting, held, on_real_time, race
from tests.sharing.seeing import Rows, Seen, entries

pytestmark = pytest.mark.long


def withdrawal(service: Service, family: Family) -> Change:
    return f"/v1/consents/{said(service, family)}/withdrawal", {}


def refusal(service: Service, family: Family) -> Change:
    said(service, family)
    return "/v1/consents", {
        "kind": "family_agreement",
        "subjects": [family.child],
        "given_by": family.mother,
        "capacity": "parental_responsibility",
        "answer": "refused",
        "method": "verbal",
        "recipients": ["*"],
        "purposes": ["*"],
        "categories": ["*"],
        "notice": {"version": "2026-1", "language": "en"},
        "recorder": {"id": "staff-1", "role": "family_support_worker"},
    }


def shield(service: Service, family: Family) -> Change:
    said(service, family)
    return "/v1/shields", {
        "subjects": [family.child],
        "mode": "hidden",
        "unaffected": [HUB],
        "reason": "a refuge",
        "set_by": "staff-2",
    }


def end_of_say(service: Service, family: Family) -> Change:
    said(service, family)
    path = f"/v1/subjects/{family.child}/relationships/{family.relationship}/no-say"
    return path, {"evidence": "court order"}


def withhold(service: Service, family: Family) -> Change:
    said(service, family)
    body = {"subjects": [{"identifiers": [CHILD]}], "categories": ["plan"], "reason": "not yet"}
    return "/v1/withholds", body


def competence(service: Service, family: Family) -> Change:
    """The child said yes as one found competent; then it is found not to be."""
    path = f"/v1/subjects/{family.child}/competence-assessments"
    nurse = {"purpose": SUPPORT, "assessor": {"role": "nurse"}}
    service.as_client(HUB).post(path, nurse | {"competent": True})
    said(service, family, given_by=family.child, capacity="self")
    return path, nurse | {"competent": False}


def conflict_of_interest(service: Service, family: Family) -> Change:
    said(service, family)
    return "/v1/conflicts-of-interest", {
        "subject": family.child,
        "practitioner": "teacher-7",
        "reason": "her aunt",
    }


CHANGES = [withdrawal, refusal, shield, end_of_say, withhold, competence, conflict_of_interest]


def recorded_at(superuser: Rows, change: Callable[..., Change]) -> datetime:
    """Return the instant that the change was recorded at, from the database itself."""
    table = {
        withdrawal: "consent_event",
        refusal: "consent",
        shield: "shield",
        end_of_say: "no_say",
        withhold: "withhold",
        competence: "competence_assessment",
        conflict_of_interest: "conflict_of_interest",
    }[change]
    statement = psycopg.sql.SQL("select max(recorded_at) from {}")
    ((at,),) = superuser.execute(statement.format(psycopg.sql.Identifier(table))).fetchall()
    found: datetime = at
    return found


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_request_begun_after_a_change_was_answered_is_permitted_by_what_it_ended(
    service: Service, family: Family, superuser: Rows, change: Callable[..., Change]
) -> None:
    """Rule 7: a withdrawal holds from its commit."""
    run = race(service, request(), change(service, family))

    assert {one.status for one in run.answers} == {200, 404}
    assert len(run.after()) >= 2 * ASKERS
    assert {one.status for one in run.after()} == {404}
    at = recorded_at(superuser, change)
    log = entries(superuser)
    permits, refusals = split(log)
    assert max(one.at for one in permits) < at < min(one.at for one in refusals)
    assert order(permits)[-1] < order(refusals)[0]
    assert max(one.id for one in permits) < min(one.id for one in refusals)
    assert len(log) == len(run.answers)


def split(log: list[Seen]) -> tuple[list[Seen], list[Seen]]:
    permits = [one for one in log if one.outcome == "permit"]
    return permits, [one for one in log if one.outcome == "deny"]


def order(log: list[Seen]) -> list[int]:
    return sorted(one.n for one in log if one.n is not None)


def test_a_change_waits_for_no_crowd(service: Service, family: Family) -> None:
    run = race(service, request(), withdrawal(service, family))

    assert run.ended - run.begun < 5.0


def test_a_member_shielded_while_many_ask_is_told_to_nobody_after(
    service: Service, family: Family, superuser: Rows
) -> None:
    sibling = a_subject(service, SIBLING)
    members = [{"subject": family.child}, {"subject": sibling}]
    service.call("PUT", f"/v1/subjects/{family.child}/household", json={"members": members})
    a_record(service, "household", {"members": members})
    said(service, family)
    hiding = {"mode": "hidden", "unaffected": [HUB], "reason": "a refuge", "set_by": "staff-2"}

    run = race(
        service,
        request(categories=["household"]),
        ("/v1/shields", hiding | {"subjects": [sibling, family.mother]}),
    )

    assert {one.status for one in run.answers} == {200}
    named = {one.begun: sibling in str(one.told["sections"]) for one in run.answers}
    assert any(named.values())
    assert not any(named[one.begun] for one in run.after())
    at = recorded_at(superuser, shield)
    for seen in entries(superuser):
        assert (seen.said["left_out"] == 0) == (seen.at < at)


def test_child_and_member_shielded_together_while_many_ask_end_in_no_deadlock(
    service: Service, family: Family
) -> None:
    siblings = [
        a_subject(service, {"scheme": "mosaic", "value": str(500200 + n)}) for n in range(4)
    ]
    members = [{"subject": one} for one in (family.child, *siblings)]
    service.call("PUT", f"/v1/subjects/{family.child}/household", json={"members": members})
    a_record(service, "household", {"members": members})
    said(service, family)
    masked = {
        "mode": "masked",
        "categories": ["assessment"],
        "unaffected": [],
        "reason": "a refuge",
        "set_by": "staff-2",
    }

    for _ in range(3):
        everybody = [family.child, *siblings]
        run = race(
            service,
            request(categories=["household"]),
            ("/v1/shields", masked | {"subjects": everybody}),
        )
        assert {one.status for one in run.answers} == {200}


def test_a_withdrawal_waits_for_the_disclosure_that_is_being_written(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    asker, changer = on_real_time(service), on_real_time(service).as_client(HUB)
    with ThreadPoolExecutor(2) as pool:
        with held(service, "lock table log_entry in share mode"):
            asking = pool.submit(asker.call, "POST", "/v1/disclosures", json=request())
            await_waiting(superuser, "insert into log_entry")
            path = f"/v1/consents/{consent}/withdrawal"
            withdrawing = pool.submit(changer.call, "POST", path, json={})
            await_waiting(superuser, "pg_advisory_xact_lock(")
            assert not withdrawing.done()
        told, withdrawn = asking.result(WAIT), withdrawing.result(WAIT)

    assert (told.status_code, withdrawn.status_code) == (200, 201)
    at = datetime.fromisoformat(told.get_json()["decided_at"])
    assert at < datetime.fromisoformat(withdrawn.get_json()["withdrawn_at"])
    for one in (asker, changer):
        one.close()


def test_a_disclosure_waits_for_the_withdrawal_that_is_being_written(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    asker, changer = on_real_time(service), on_real_time(service).as_client(HUB)
    with ThreadPoolExecutor(2) as pool:
        with held(service, "lock table consent_event in share mode"):
            path = f"/v1/consents/{consent}/withdrawal"
            withdrawing = pool.submit(changer.call, "POST", path, json={})
            await_waiting(superuser, "INSERT INTO consent_event")
            asking = pool.submit(asker.call, "POST", "/v1/disclosures", json=request())
            await_waiting(superuser, "pg_advisory_xact_lock_shared")
            assert not asking.done()
        withdrawn, told = withdrawing.result(WAIT), asking.result(WAIT)

    assert (withdrawn.status_code, told.status_code) == (201, 404)
    seen = entries(superuser)[-1]
    assert seen.said["ground"] == "withdrawn"
    assert seen.at > datetime.fromisoformat(withdrawn.get_json()["withdrawn_at"])
    for one in (asker, changer):
        one.close()


def test_who_moves_in_shielded_while_an_asker_waits_is_left_out(
    service: Service, family: Family, superuser: Rows
) -> None:
    sibling = a_subject(service, SIBLING)
    members = [{"subject": family.child}, {"subject": sibling}]
    a_record(service, "household", {"members": members})
    said(service, family)
    shielded(service, sibling)
    asker, changer = on_real_time(service), on_real_time(service).as_client(HUB)
    with ThreadPoolExecutor(2) as pool:
        with held(service, "lock table household_member in share mode"):
            path = f"/v1/subjects/{family.child}/household"
            moving = pool.submit(changer.call, "PUT", path, json={"members": members})
            await_waiting(superuser, "household_member")
            body = request(categories=["household"])
            asking = pool.submit(asker.call, "POST", "/v1/disclosures", json=body)
            await_waiting(superuser, "pg_advisory_xact_lock_shared")
        moved, told = moving.result(WAIT), asking.result(WAIT)

    assert (moved.status_code, told.status_code) == (200, 200)
    assert sibling not in told.get_data(as_text=True)
    for one in (asker, changer):
        one.close()


def test_a_disclosure_that_is_being_written_delays_no_other(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    with service.parts.database.transaction() as session:
        first = disclose(session, as_asked(), system_clock)
        assert isinstance(first, Disclosure)

        assert ask(service).status_code == 200
        assert ask(service, request(NOBODY)).status_code == 404

    assert len(entries(superuser)) == 3


def as_asked() -> DisclosureRequest:
    """Return the usual request as the storey's own action takes it."""
    purposes, kinds = frozenset({SUPPORT}), frozenset({"content"})
    return DisclosureRequest(
        asker=Asker("oak-1", OAK, purposes, kinds, may_override=False),
        recipient=OAK,
        source=HUB,
        kind="content",
        purpose=SUPPORT,
        claimed_basis="public_task",
        categories=("plan",),
        identifiers=(Identifier(**CHILD),),
        practitioner=None,
        override=None,
        narrowed_to=None,
    )


def test_an_override_goes_past_a_withdrawal_and_is_told_apart_in_the_log(
    service: Service, family: Family, superuser: Rows
) -> None:
    run = race(service, overriding(), withdrawal(service, family))

    assert {one.status for one in run.answers} == {200}
    assert {one.told["sections"]["plan"][0]["content"]["aim"] for one in run.answers} == {
        PLAN["aim"]
    }
    assert {seen.said["grounds"][0]["ground"] for seen in entries(superuser)} == {"override"}
