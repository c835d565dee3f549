"""What partners share of a subject is changed by those who work with them, and by nobody else."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.make import CHILD, ELM, HUB, OAK, SUPPORT, Family, a_subject, ask, said
from tests.service import Service
from tests.sharing.test_one_voice import without_id

UNKNOWN = "0190a0a0-0000-7000-8000-000000000000"
OWN_NUMBER = {"identifiers": [{"scheme": f"agency:{ELM}", "value": "17"}]}
MOSAIC = {"identifiers": [{"scheme": "mosaic", "value": "700300"}]}


def acts(family: Family) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Everything that says who decides for a child, who lives with them or what finds them."""
    parent = {"person": family.mother, "kind": "mother", "parental_responsibility": True}
    return {
        "relate": ("POST", "relationships", parent),
        "end a say": (
            "POST",
            f"relationships/{family.relationship}/no-say",
            {"evidence": "order of 2 March"},
        ),
        "household": ("PUT", "household", {"members": [{"subject": family.mother}]}),
        "assess": (
            "POST",
            "competence-assessments",
            {"purpose": SUPPORT, "competent": True, "assessor": {"role": "school_nurse"}},
        ),
        "number": ("POST", "identifiers", MOSAIC),
    }


def tried(service: Service, family: Family, act: str, *, of: str | None = None) -> TestResponse:
    method, path, body = acts(family)[act]
    return service.call(method, f"/v1/subjects/{of or family.child}/{path}", json=body)


def works_with(service: Service, agency: str, act: str = "open") -> None:
    line = {"subject": {"identifiers": [CHILD]}, "act": act}
    service.as_client(agency)
    answer = service.call("PUT", "/v1/records/involvements", json={"lines": [line]})
    assert answer.get_json()["lines"][0]["outcome"] in {"opened", "closed"}


def hidden_from_all_but(service: Service, family: Family, *agencies: str) -> None:
    shield = {"subjects": [family.child], "mode": "hidden", "reason": "r", "set_by": "staff-1"}
    service.as_client(HUB).post("/v1/shields", shield | {"unaffected": list(agencies)})


@pytest.mark.parametrize("act", ["relate", "end a say", "household", "assess", "number"])
def test_only_an_agency_that_works_with_a_child_changes_what_is_shared_of_them(
    service: Service, family: Family, act: str
) -> None:
    service.as_client(ELM)
    refused = tried(service, family, act)
    assert (refused.status_code, refused.get_json()["code"]) == (404, "not_available")
    assert "PUT /v1/records/involvements" in refused.get_json()["detail"]
    assert without_id(refused) == without_id(tried(service, family, act, of=UNKNOWN))
    works_with(service, ELM)
    assert tried(service, family, act).status_code in {200, 201}
    service.clock.passes(minutes=1)
    works_with(service, ELM, "close")
    assert tried(service, family, act).status_code == 404


def test_whom_a_stranger_could_make_a_parent_opens_no_door(
    service: Service, family: Family
) -> None:
    friend = a_subject(service, adult=True)
    parent = {"person": friend, "kind": "father", "parental_responsibility": True}
    service.as_client(OAK)
    path = f"/v1/subjects/{family.child}/relationships"
    assert service.call("POST", path, json=parent).status_code == 404
    said_so = {"given_by": friend, "capacity": "parental_responsibility"}
    with pytest.raises(AssertionError, match="giver_has_no_say"):
        said(service, family, **said_so)
    assert ask(service).status_code == 404


def test_an_agency_may_add_its_own_number_to_a_child_that_it_can_find_and_no_other(
    service: Service, family: Family
) -> None:
    path = f"/v1/subjects/{family.child}/identifiers"
    service.as_client(ELM)
    assert service.call("POST", path, json=OWN_NUMBER).status_code == 201
    others = {"identifiers": [{"scheme": f"agency:{OAK}", "value": "18"}]}
    refused = service.call("POST", path, json=others)
    assert refused.status_code == 404
    assert service.post("/v1/subjects/lookup", OWN_NUMBER, 200) == {"id": family.child}

    hidden_from_all_but(service, family, HUB)
    another = {"identifiers": [{"scheme": f"agency:{ELM}", "value": "19"}]}
    service.as_client(ELM)
    unknown = service.call("POST", f"/v1/subjects/{UNKNOWN}/identifiers", json=another)
    answers = [refused, service.call("POST", path, json=another), unknown]
    assert len({str(without_id(one)) for one in answers}) == 1, "hidden, unknown and not one's own"


def test_who_works_with_a_child_that_a_shield_hides_from_it_changes_nothing(
    service: Service, family: Family
) -> None:
    works_with(service, ELM)
    assert tried(service, family, "relate").status_code == 201
    hidden_from_all_but(service, family, HUB)
    service.as_client(ELM)
    refused = tried(service, family, "relate")
    assert without_id(refused) == without_id(tried(service, family, "relate", of=UNKNOWN))


def test_nobody_is_named_whom_the_agency_may_not_know_of(service: Service, family: Family) -> None:
    own = service.as_client(ELM).post("/v1/subjects", {"identifiers": []})["id"]
    path = f"/v1/subjects/{own}/household"
    both = [{"members": [{"subject": one}]} for one in (family.child, UNKNOWN)]
    assert service.call("PUT", path, json=both[0]).status_code == 200
    hidden_from_all_but(service, family, HUB)
    service.as_client(ELM)
    hidden, unknown = (service.call("PUT", path, json=one) for one in both)
    assert hidden.status_code == 404
    assert without_id(hidden) == without_id(unknown)
    theirs = {"members": [{"subject": family.mother}]}
    at = f"/v1/subjects/{family.child}/household"
    assert service.as_client(HUB).call("PUT", at, json=theirs).status_code == 200
    hidden_from_all_but(service, family)
    assert service.as_client(HUB).call("PUT", at, json=theirs).status_code == 200, "it registered"


def test_danger_does_not_wait_until_it_is_known_who_helps(service: Service, family: Family) -> None:
    said(service, family)
    assert ask(service).status_code == 200
    barred = {"subject": family.child, "practitioner": "teacher-7", "reason": "her aunt"}
    service.as_client(ELM).post("/v1/conflicts-of-interest", barred)
    assert ask(service).status_code == 404
