"""The work list: what an agency must see to, and by when."""

from datetime import timedelta
from typing import Any

from tests.make import BEFORE, ELM, HUB, OAK, Family, a_member, a_subject, said, signs, withdrawn
from tests.service import MONDAY, Service


def due(service: Service, agency: str = HUB, **query: Any) -> list[dict[str, Any]]:
    service.as_client(agency)
    told = "&".join(f"{name}={value}" for name, value in query.items())
    listed: list[dict[str, Any]] = service.get(f"/v1/consents/due?{told}")["items"]
    return listed


def test_a_spoken_yes_is_to_be_confirmed_before_it_lapses(service: Service, family: Family) -> None:
    """Rule 9: a verbal yes is on the list until it is confirmed."""
    consent = said(service, family, method="verbal")
    (one,) = due(service)
    assert (one["kind"], one["consent"]) == ("confirm_in_writing", consent)
    assert one["on"] == (MONDAY + timedelta(days=14)).isoformat()
    assert one["subjects"] == [family.child]
    assert due(service, within_days=13) == []
    service.post(f"/v1/consents/{consent}/confirmation", {})
    assert due(service) == []


def test_a_yes_that_ends_is_to_be_renewed_and_one_withdrawn_is_not(
    service: Service, family: Family
) -> None:
    """Rule 11: what expires is listed before it does."""
    ends = (MONDAY + timedelta(days=30)).isoformat()
    consent = said(service, family, valid_until=ends)
    assert [(one["kind"], one["on"]) for one in due(service)] == [("renew", ends)]
    withdrawn(service, consent)
    assert due(service) == []


def test_rule_11_a_yes_without_an_end_is_put_before_the_family_after_the_months_signed_off(
    service: Service, family: Family
) -> None:
    consent = said(service, family)
    service.clock.passes(days=100)
    assert due(service) == []
    signed = {"values": {"consent_renewal_months": 4}, "signed_by": "IG lead"}
    answer = service.call("PUT", "/v1/settings", json=signed | {"authority": "board, minute 9"})
    assert answer.status_code == 200, answer.text
    (one,) = due(service)
    assert (one["kind"], one["consent"]) == ("renew", consent)
    assert one["on"] == MONDAY.replace(month=7).isoformat()
    said(service, family, replaces=consent)
    assert due(service) == []


def test_who_joined_since_is_to_be_asked_about(service: Service, family: Family) -> None:
    """Rule 10: a new agency is not covered until the family was asked again."""
    service.as_client(HUB)
    service.post("/v1/agencies", {"code": "late", "name": "Late", "kind": "school"})
    consent = said(service, family, recipients=["agreement:EH-ISA"])
    assert due(service) == []
    service.clock.passes(days=1)
    joining = a_member("late", joined=service.clock.at.isoformat())
    service.post("/v1/agreements/EH-ISA/members", joining)
    assert due(service) == []
    signs(service, "late")
    (one,) = due(service)
    assert (one["kind"], one["agencies"]) == ("ask_about_new_agencies", ["late"])
    assert one["consent"] == consent
    service.clock.passes(days=1)
    said(service, family, recipients=["late"], answer="refused")
    assert due(service) == [], "she was asked about the newcomer, and said no"


def test_rule_9_a_spoken_yes_that_was_put_in_writing_since_is_not_asked_for_again(
    service: Service, family: Family
) -> None:
    spoken = said(service, family, method="verbal")
    service.clock.passes(days=3)
    said(service, family, recipients=[ELM])
    assert [one["consent"] for one in due(service)] == [spoken], "that one is to somebody else"
    said(service, family)
    assert due(service) == []


def test_rule_15_who_comes_to_decide_for_themselves_is_listed_with_the_day(
    service: Service, family: Family
) -> None:
    service.as_client(HUB)
    twins = [
        a_subject(service, {"scheme": "mosaic", "value": number}, born="2010-03-20")
        for number in ("700201", "700202")
    ]
    kinship = {"person": family.mother, "kind": "mother", "parental_responsibility": True}
    for twin in twins:
        service.post(f"/v1/subjects/{twin}/relationships", kinship)
    yes = said(service, family, subjects=twins)
    assert due(service, within_days=17) == []
    (one,) = due(service)
    assert (one["kind"], one["consent"], one["on"]) == (
        "coming_of_age",
        yes,
        "2026-03-20T00:00:00+00:00",
    )
    assert one["subjects"] == sorted(twins)
    service.clock.passes(days=18)
    own = {"subjects": twins[:1], "given_by": twins[0], "capacity": "self"}
    said(service, family, **own)
    (one,) = due(service)
    assert one["subjects"] == [twins[1]], "one of them has not been asked yet"

    shield = {"subjects": twins, "mode": "hidden", "reason": "r", "set_by": "staff-1"}
    service.as_client(OAK).post("/v1/shields", shield | {"unaffected": [OAK]})
    assert due(service) == [], "nothing is told of somebody who is hidden from this agency"


def test_rule_17_a_no_beside_a_yes_goes_to_a_person_once(service: Service, family: Family) -> None:
    """Parents who disagree are a matter for a person, however often they said it."""
    first = said(service, family)
    service.clock.passes(minutes=1)
    yes = said(service, family, categories=["plan", "contact"])
    service.as_client(HUB)
    father = service.post(
        "/v1/subjects", {"identifiers": [{"scheme": "mosaic", "value": "700200"}], "adult": True}
    )["id"]
    kinship = {"person": father, "kind": "father", "parental_responsibility": True}
    service.post(f"/v1/subjects/{family.child}/relationships", kinship)
    no = said(service, family, given_by=father, answer="refused", recipients=["*"])
    (one,) = due(service)
    assert (one["kind"], one["consent"], one["beside"]) == ("parents_disagree", yes, no)
    assert one["consents"] == sorted([first, yes, no])
    service.clock.passes(minutes=1)
    fathers = said(service, family, given_by=father)
    assert due(service) == [], "he has said yes to the same since"
    service.clock.passes(minutes=1)
    withdrawn(service, fathers)
    (one,) = due(service)
    assert (one["consent"], one["beside"]) == (yes, fathers), "and has taken it back"


def test_each_agency_has_its_own_list_and_pages_go_on(service: Service, family: Family) -> None:
    for _ in range(3):
        said(service, family, method="verbal")
    assert due(service, OAK) == due(service, ELM) == []
    service.as_client(HUB)
    first = service.get("/v1/consents/due?size=2")
    rest = service.get(f"/v1/consents/due?size=2&cursor={first['page']['next']}")
    listed = [one["consent"] for one in first["items"] + rest["items"]]
    assert len(set(listed)) == 3
    assert rest["page"]["next"] is None
    assert first["items"][0]["on"] > BEFORE
