"""Whatever depends on the subject is refused in one voice: bytes, headers and work done."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import thread_time

import pytest
from werkzeug.test import TestResponse

from tests.make import (
    CHILD,
    HUB,
    NOBODY,
    OAK,
    SIBLING,
    Family,
    a_record,
    a_subject,
    ask,
    request,
    said,
    shielded,
    withdrawn,
    withheld,
)
from tests.service import MONDAY, Service
from tests.sharing.seeing import Rows, latest, statements

Told = Callable[[Service, Family], object]
Cause = tuple[str, Told, dict[str, object]]
TOMORROW = (MONDAY + timedelta(days=1)).isoformat()


def nothing(service: Service, family: Family) -> None:
    """Nobody has said anything."""


def no(service: Service, family: Family) -> None:
    said(service, family, answer="refused", recipients=["*"], purposes=["*"])


def taken_back(service: Service, family: Family) -> None:
    withdrawn(service, said(service, family))


def run_out(service: Service, family: Family) -> None:
    said(service, family, valid_until=TOMORROW)
    service.clock.passes(days=2)


def lapsed(service: Service, family: Family) -> None:
    said(service, family, method="verbal")
    service.clock.passes(days=15)


def hidden(service: Service, family: Family) -> None:
    said(service, family)
    shielded(service, family.child)


def held_back(service: Service, family: Family) -> None:
    said(service, family)
    withheld(service, "plan")


def barred(service: Service, family: Family) -> None:
    said(service, family)
    service.as_client(HUB).post(
        "/v1/conflicts-of-interest",
        {"subject": family.child, "practitioner": "teacher-7", "reason": "her aunt"},
    )


def withdrawn_record(service: Service, family: Family) -> None:
    said(service, family)
    service.as_client(HUB).post(f"/v1/records/{family.plan}/withdrawal", {}, 204)


def no_say(service: Service, family: Family) -> None:
    said(service, family)
    path = f"/v1/subjects/{family.child}/relationships/{family.relationship}/no-say"
    service.post(path, {"evidence": "court order"})


def two_children(service: Service, family: Family) -> None:
    said(service, family)
    a_subject(service, SIBLING)


CAUSES: list[Cause] = [
    ("no_record", nothing, request(NOBODY)),
    ("no_consent", nothing, request()),
    ("refused", no, request()),
    ("withdrawn", taken_back, request()),
    ("expired", run_out, request()),
    ("lapsed_verbal", lapsed, request()),
    ("shielded", hidden, request()),
    ("source_withheld", held_back, request()),
    ("conflict_of_interest", barred, request()),
    ("no_record", withdrawn_record, request()),
    ("no_consent", no_say, request()),
    ("no_record", two_children, request(CHILD, SIBLING)),
]
EACH_KIND = [
    request(),
    request(categories=["plan", "contact", "assessment"]),
    request(categories=["household"]),
    request(NOBODY, categories=["household"]),
    request(source="no-such-agency"),
    request(purpose="curiosity"),
    request(kind="pointer", source="*", categories=["involvement"]),
]
NAMES = [f"{told.__name__}-{ground}" for ground, told, _ in CAUSES]


def without_id(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return an answer but for the ids of the request and the date."""
    instance = answer.get_json()["instance"].removeprefix("urn:uuid:")
    body = answer.get_data().replace(instance.encode(), b"-")
    headers = [(name, value.replace(instance, "-")) for name, value in answer.headers.items()]
    return (
        answer.status_code,
        body,
        [one for one in headers if one[0] not in {"Date", "traceparent"}],
    )


@pytest.mark.parametrize("cause", CAUSES, ids=NAMES)
def test_rule_27_every_cause_has_the_same_answer_after_the_same_work(
    service: Service, family: Family, superuser: Rows, cause: Cause
) -> None:
    ground, told, body = cause
    with statements(service.parts.database) as for_nobody:
        unknown = ask(service, request(NOBODY))
    told(service, family)

    with statements(service.parts.database) as for_this:
        answer = ask(service, body)

    assert latest(superuser).said["ground"] == ground
    assert answer.status_code == 404
    assert answer.get_json()["code"] == "not_available"
    assert without_id(answer) == without_id(unknown)
    assert for_this == for_nobody


@pytest.mark.long
def test_rule_27_no_time_tells_a_shielded_child_from_one_that_nobody_knows(
    service: Service, family: Family
) -> None:
    """The middle of many turns, taken by turns, of the time that this process works on each."""
    said(service, family)
    hidden(service, family)
    wanted = {"hidden": request(), "nobody": request(NOBODY)}
    took: dict[str, list[float]] = {name: [] for name in wanted}
    for _ in range(40):
        for name, body in wanted.items():
            began = thread_time()
            assert ask(service, body).status_code == 404
            took[name].append(thread_time() - began)
    ratio = median(took["hidden"]) / median(took["nobody"])
    assert 2 / 3 < ratio < 3 / 2


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ["household"]},
        {"kind": "pointer", "source": "*", "categories": ["involvement"]},
        {"override": {"reason": "court_order", "justification": "An order of the family court."}},
    ],
    ids=["household", "pointer", "override"],
)
def test_shielded_and_unknown_are_alike_whatever_is_asked(
    service: Service, family: Family, changes: dict[str, object]
) -> None:
    a_record(service, "involvement", {"since": "2026"})
    a_record(service, "household", {"members": [{"subject": family.child}]})
    hidden(service, family)

    with statements(service.parts.database) as for_nobody:
        unknown = ask(service, request(NOBODY, **changes))
    with statements(service.parts.database) as for_this:
        answer = ask(service, request(**changes))

    assert answer.status_code == 404
    assert without_id(answer) == without_id(unknown)
    assert for_this == for_nobody


def test_a_request_takes_at_most_four_statements_and_one_commit(
    service: Service, family: Family
) -> None:
    for category in ("involvement", "contact"):
        a_record(service, category, {"since": "2026"})
    sibling = a_subject(service, SIBLING)
    members = [{"subject": family.child}, {"subject": sibling}]
    service.call("PUT", f"/v1/subjects/{family.child}/household", json={"members": members})
    a_record(service, "household", {"members": members})
    said(service, family)

    for body in EACH_KIND:
        with statements(service.parts.database) as sent:
            ask(service, body)

        assert sent[-1] == "COMMIT"
        assert len(sent) - 1 <= 4, sent
        assert "ROLLBACK" not in sent


def test_a_refused_partner_learns_nothing_from_asking_again_as_another(
    service: Service, family: Family
) -> None:
    shielded(service, family.child)
    answers = [
        without_id(ask(service, body, client_id=f"{OAK}-{n}"))
        for n, body in enumerate((request(), request(NOBODY)))
    ]

    assert answers[0] == answers[1]
