import threading

from tests.make import HUB, Family, ask, overriding, request, said, withdrawn
from tests.service import Service
from tests.sharing.seeing import Rows, entries

KEY = "3f6c1d1e-77cb-4a3c-9d0c-8d1d2f3f8a11"


def test_a_retry_gets_the_same_bytes_and_leaves_no_second_entry(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    first = ask(service, key=KEY)
    service.clock.passes(hours=23)
    withdrawn(service, consent)

    again = ask(service, key=KEY)

    assert first.status_code == again.status_code == 200
    assert first.get_data() == again.get_data()
    assert len(entries(superuser)) == 1


def test_a_refusal_is_repeated_too(service: Service, family: Family, superuser: Rows) -> None:
    first = ask(service, key=KEY)
    said(service, family)

    again = ask(service, key=KEY)

    assert first.status_code == again.status_code == 404
    assert len(entries(superuser)) == 1


def test_a_day_later_the_key_stands_for_a_new_request(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    ask(service, key=KEY)
    withdrawn(service, consent)
    service.clock.passes(hours=24)

    assert ask(service, key=KEY).status_code == 404
    assert len(entries(superuser)) == 2


def test_a_key_that_came_with_another_body_is_refused_and_that_is_logged(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    ask(service, key=KEY)

    answer = ask(service, request(categories=["plan", "contact"]), key=KEY)

    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_key_reused")
    assert [one.said.get("code") for one in entries(superuser)] == [None, "request_invalid"]
    assert ask(service, key=KEY).status_code == 200


def test_a_key_belongs_to_one_client(service: Service, family: Family, superuser: Rows) -> None:
    said(service, family)
    ask(service, key=KEY)

    other = ask(service, request(categories=["contact"]), key=KEY, client_id="oak-school-2")

    assert other.status_code == 404
    assert len(entries(superuser)) == 2


def test_a_key_belongs_to_one_agency_as_it_is_the_clients(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    ask(service, key=KEY)

    other = ask(service, key=KEY, agency=HUB)

    assert other.status_code != 200
    assert len(entries(superuser)) == 2


def test_what_was_invalid_may_be_put_right_under_the_same_key(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    assert ask(service, {"nonsense": 1}, key=KEY).status_code == 422

    assert ask(service, key=KEY).status_code == 200
    assert len(entries(superuser)) == 2


def test_two_requests_at_once_under_one_key_are_one(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    service.as_client("oak-school")
    together, answers = threading.Barrier(4), []

    def asking() -> None:
        together.wait(10)
        headers = {"Idempotency-Key": KEY}
        sent = service.call("POST", "/v1/disclosures", json=request(), headers=headers)
        answers.append((sent.status_code, sent.get_data()))

    threads = [threading.Thread(target=asking) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert len(entries(superuser)) == 1


def test_without_a_key_each_request_is_its_own(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    ask(service)
    ask(service)

    assert len(entries(superuser)) == 2


def test_stored_answers_lie_sealed_beside_the_clients_key(
    service: Service, family: Family, superuser: Rows
) -> None:
    ask(service, overriding(), key=KEY)

    ((answer,),) = superuser.execute("select answer from idempotency").fetchall()
    assert b"sleep" not in answer
