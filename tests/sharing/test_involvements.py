"""Pointers, kept by an agency's own system line by line."""

from typing import Any

import pytest

from tests.make import CHILD, ELM, NOBODY, OAK, SIBLING, Family, a_subject, ask, request, said
from tests.service import Service

LEAD = {"name": "Ann Example", "role": "school nurse", "telephone": "01632 960234"}


@pytest.fixture(autouse=True)
def agreed(service: Service, family: Family) -> None:
    """The mother agreed that Oak School may know who works with the child."""
    said(service, family)


def a_line(act: str = "open", *identifiers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"subject": {"identifiers": list(identifiers) or [CHILD]}, "act": act} | more


def put(service: Service, *lines: dict[str, Any], agency: str = ELM) -> list[dict[str, Any]]:
    answer = service.as_client(agency).call(
        "PUT", "/v1/records/involvements", json={"lines": list(lines)}
    )
    assert answer.status_code == 200, answer.text
    done: list[dict[str, Any]] = answer.get_json()["lines"]
    return done


def known_to(service: Service) -> list[str]:
    """Who works with the child, as Oak School is told."""
    answer = ask(service, request(kind="pointer", source="*", categories=["involvement"]))
    found: list[str] = answer.get_json().get("sources", [])
    return found


def test_an_involvement_is_opened_changed_and_closed(service: Service, family: Family) -> None:
    (opened,) = put(service, a_line(since="2026-02-02", lead_practitioner=LEAD))
    assert (opened["line"], opened["outcome"]) == (0, "opened")
    assert known_to(service) == [ELM]
    again = a_line(since="2026-02-02", lead_practitioner=LEAD)
    assert put(service, again) == [opened | {"outcome": "unchanged"}]

    service.clock.passes(minutes=1)
    other = {"name": "Ben Example"}
    (changed,) = put(service, a_line(since="2026-02-02", lead_practitioner=other))
    assert changed["outcome"] == "changed"
    assert changed["record"] != opened["record"]
    service.clock.passes(minutes=1)
    (closed,) = put(service, a_line("close"))
    assert (closed["outcome"], closed["record"]) == ("closed", changed["record"])
    assert known_to(service) == []


def test_what_ends_on_a_day_ahead_stands_until_then(service: Service, family: Family) -> None:
    put(service, a_line())
    put(service, a_line("close", until="2026-03-04"))

    assert known_to(service) == [ELM]
    service.clock.passes(days=2)
    assert known_to(service) == []


def test_what_begins_on_a_day_ahead_stands_from_then(service: Service, family: Family) -> None:
    put(service, a_line(since="2026-03-04"))

    assert known_to(service) == []
    service.clock.passes(days=2)
    assert known_to(service) == [ELM]


def test_a_line_that_is_refused_says_why_and_the_others_are_done(
    service: Service, family: Family
) -> None:
    a_subject(service, SIBLING)
    done = put(
        service,
        a_line("open", NOBODY),
        a_line(),
        a_line("close", SIBLING),
        a_line("open", SIBLING, since="2026-03-01", until="2026-02-01"),
        a_line("close", since="2026-03-01"),
    )

    assert [(one["line"], one["outcome"], one["code"]) for one in done] == [
        (0, "refused", "not_available"),
        (1, "opened", None),
        (2, "refused", "involvement_not_open"),
        (3, "refused", "dates_out_of_order"),
        (4, "refused", "dates_out_of_order"),
    ]
    assert all(one["detail"] for one in done if one["outcome"] == "refused")
    assert len(service.get("/v1/records")["items"]) == 1
    assert known_to(service) == [ELM]


def test_a_list_without_lines_or_with_too_many_is_refused(service: Service, family: Family) -> None:
    service.as_client(OAK)
    for lines in ([], [a_line()] * 201):
        answer = service.call("PUT", "/v1/records/involvements", json={"lines": lines})
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.get_json()["errors"]] == ["#/lines"]
