"""What a recipient owes for an answer, and who says that it was done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import TestResponse

from tests.make import (
    ELM,
    HUB,
    Family,
    ask,
    overriding,
    said,
)
from tests.service import Service
from tests.sharing.test_disclosures import refused


def test_rule_48_each_duty_is_closed_once_told_or_not_safe_to_tell(
    service: Service, family: Family
) -> None:
    entry = ask(service, overriding()).get_json()["id"]
    duties = f"/v1/disclosures/{entry}/obligations"
    how = {"outcome": "not_safe", "note": "the father listens in"}

    closed = service.post(f"{duties}/inform_subject", how, 200)

    assert closed["outcome"] == "not_safe"
    refused(service.call("POST", f"{duties}/inform_subject", json=how), 409, "obligation_closed")
    refused(service.call("POST", f"{duties}/no_such_duty", json=how), 404, "obligation_unknown")
    other = ask(service, overriding()).get_json()["id"]
    told = service.post(
        f"/v1/disclosures/{other}/obligations/inform_subject", {"outcome": "done"}, 200
    )
    assert told["outcome"] == "done"


def test_rule_47_who_asked_does_not_close_the_review_of_it(
    service: Service, family: Family
) -> None:
    assert family
    entry = ask(service, overriding()).get_json()["id"]
    path = f"/v1/disclosures/{entry}/obligations/ig_review"

    refused(service.call("POST", path, json={"outcome": "done"}), 403, "own_review")
    service.as_client(HUB)
    refused(service.call("POST", path, json={"outcome": "done"}), 404, "obligation_unknown")


def at_once(act: Callable[[int], TestResponse]) -> list[int]:
    """Do something four times at once; the statuses, in order."""
    with ThreadPoolExecutor(4) as pool:
        return sorted(answer.status_code for answer in pool.map(act, range(4)))


def test_a_duty_that_many_close_at_once_is_closed_by_one(service: Service, family: Family) -> None:
    entry = ask(service, overriding()).get_json()["id"]
    path = f"/v1/disclosures/{entry}/obligations/notify_source"

    statuses = at_once(lambda _: service.call("POST", path, json={"outcome": "done"}))

    assert statuses == [200, 409, 409, 409]


def test_a_record_that_many_replace_at_once_is_replaced_by_one(
    service: Service, family: Family
) -> None:
    said(service, family)
    path = f"/v1/records/{family.plan}"
    service.as_client(HUB)

    statuses = at_once(lambda n: service.call("PUT", path, json={"content": {"v": n}}))

    assert statuses == [200, 404, 404, 404]
    assert len(ask(service).get_json()["sections"]["plan"]) == 1


def test_a_duty_is_closed_by_the_agency_that_received_it_alone(
    service: Service, family: Family
) -> None:
    entry = ask(service, overriding()).get_json()["id"]
    path = f"/v1/disclosures/{entry}/obligations/notify_source"

    for other in (HUB, ELM):
        service.as_client(other)
        refused(service.call("POST", path, json={"outcome": "done"}), 404, "obligation_unknown")
