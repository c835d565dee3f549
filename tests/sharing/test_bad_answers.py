"""What is put to the desk that cannot be: each time told the rule that it breaks and what to do."""

from datetime import date, timedelta
from typing import Any

from werkzeug.test import TestResponse

from tests.make import (
    HUB,
    OAK,
    SAFEGUARDING,
    SIBLING,
    SUPPORT,
    Family,
    a_family,
    a_subject,
    an_agreement,
    ask,
    signed_and_activated,
    withdrawn,
)
from tests.make import said as recorded
from tests.service import MONDAY, Service

CONSENTS = "/v1/consents"
QUESTION: dict[str, Any] = {
    "kind": "family_agreement",
    "method": "written",
    "recipients": [OAK],
    "purposes": [SUPPORT],
    "categories": ["*"],
    "notice": {"version": "2026-1", "language": "en"},
    "recorder": {"id": "staff-1", "role": "family_support_worker"},
}


def tried(service: Service, path: str, body: dict[str, Any]) -> TestResponse:
    return service.as_client(HUB).call("POST", path, json=body)


def an_answer(family: Family, **changes: Any) -> dict[str, Any]:
    said = {"given_by": family.mother, "capacity": "parental_responsibility", "answer": "given"}
    return QUESTION | said | {"subjects": [family.child]} | changes


def is_told(answer: TestResponse, status: int, code: str, pointer: str | None, *words: str) -> None:
    """What was answered names the rule by its code, the place, and in words what to do."""
    said = answer.get_json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert [one["pointer"] for one in said.get("errors", [])] == ([pointer] if pointer else [])
    told = said["detail"] + "".join(one["detail"] for one in said.get("errors", []))
    for word in words:
        assert word in told, told


def test_rules_5_and_6_what_a_consent_must_say_is_named_when_it_does_not(service: Service) -> None:
    family = a_family(service)
    for changes, code, pointer, words in (
        ({"recipients": ["*"]}, "recipients_not_named", "#/recipients", "Name each agency"),
        (
            {"kind": "data_consent", "purposes": [SAFEGUARDING], "categories": ["assessment"]},
            "consent_not_applicable",
            "#/kind",
            "Do not ask for consent",
        ),
        (
            {
                "valid_from": (MONDAY + timedelta(days=2)).isoformat(),
                "valid_until": (MONDAY + timedelta(days=1)).isoformat(),
            },
            "dates_out_of_order",
            "#/valid_until",
            "valid_until must be later than valid_from",
        ),
        ({"capacity": "self"}, "capacity_differs", "#/capacity", "parental_responsibility"),
        (
            {"valid_until": MONDAY.isoformat()},
            "dates_out_of_order",
            "#/valid_until",
            "let valid_until lie ahead",
        ),
    ):
        answer = tried(service, CONSENTS, an_answer(family, **changes))
        is_told(answer, 422, code, pointer, words)
    over = an_answer(family, valid_until=MONDAY.isoformat(), answer="refused")
    assert tried(service, CONSENTS, over).status_code == 201, "a no is always a fact"


def test_rule_13_a_step_parent_does_not_say_yes_but_may_say_no(service: Service) -> None:
    family = a_family(service)
    step = a_subject(service, adult=True)
    related = {"person": step, "kind": "step-parent", "parental_responsibility": False}
    service.post(f"/v1/subjects/{family.child}/relationships", related)
    yes = an_answer(family, given_by=step, capacity="step_parent")
    answer = tried(service, CONSENTS, yes)
    is_told(answer, 422, "giver_has_no_say", "#/given_by", "step-parent", "Ask somebody who")
    assert tried(service, CONSENTS, yes | {"answer": "refused"}).status_code == 201
    recorded(service, family)
    assert ask(service).status_code == 200, "the step-parent's no counts no more than a yes"


def test_rule_13_nobody_is_their_own_parent(service: Service) -> None:
    family = a_family(service)
    parent = {"person": family.child, "kind": "mother", "parental_responsibility": True}
    answer = tried(service, f"/v1/subjects/{family.child}/relationships", parent)
    is_told(answer, 422, "own_relative", "#/person", "competence assessment")
    own = an_answer(family, given_by=family.child)
    is_told(tried(service, CONSENTS, own), 422, "giver_has_no_say", "#/given_by")


def test_rule_14_a_child_says_yes_once_assessed_for_that_purpose_by_somebody(
    service: Service,
) -> None:
    family = a_family(service)
    own = an_answer(family, given_by=family.child, capacity="self")
    is_told(tried(service, CONSENTS, own), 422, "giver_has_no_say", "#/given_by", "assessed able")
    assessments = f"/v1/subjects/{family.child}/competence-assessments"
    assessed = {"purpose": SUPPORT, "competent": True}
    nameless = tried(service, assessments, assessed)
    is_told(nameless, 422, "request_invalid", "#/assessor", "Name the assessor's role")
    for assessor in ({"assessor": {}}, {"assessor": None}):
        assert tried(service, assessments, assessed | assessor).status_code == 422
    nurse = {"assessor": {"role": "school_nurse", "agency": OAK}}
    tomorrow = {"assessed_at": (MONDAY + timedelta(days=1)).isoformat()}
    early = tried(service, assessments, assessed | nurse | tomorrow)
    is_told(early, 422, "dates_out_of_order", "#/assessed_at", "once it was made")
    service.as_client(HUB).post(assessments, assessed | nurse | {"purpose": SAFEGUARDING})
    is_told(tried(service, CONSENTS, own), 422, "giver_has_no_say", "#/given_by")
    service.as_client(HUB).post(assessments, assessed | nurse)
    assert tried(service, CONSENTS, own).status_code == 201
    assert ask(service).status_code == 200


def test_rule_14_an_adult_is_not_assessed_but_asked(service: Service) -> None:
    family = a_family(service)
    grown = a_subject(service, SIBLING, born="2008-03-02")
    assessed = {"purpose": SUPPORT, "competent": False, "assessor": {"role": "school_nurse"}}
    for adult in (family.mother, grown):
        answer = tried(service, f"/v1/subjects/{adult}/competence-assessments", assessed)
        is_told(answer, 422, "adult_decides", None, "record what they say", "under 18")
    earlier = assessed | {"assessed_at": (MONDAY - timedelta(days=2)).isoformat()}
    path = f"/v1/subjects/{grown}/competence-assessments"
    assert tried(service, path, earlier).status_code == 201, "they were a child then"


def test_rule_13_nobody_under_age_is_entered_as_an_adult(service: Service) -> None:
    a_family(service)
    young = {"identifiers": [SIBLING], "adult": True, "born": "2008-03-03"}
    is_told(tried(service, "/v1/subjects", young), 422, "adult_too_young", "#/adult", "18 or over")
    assert tried(service, "/v1/subjects", young | {"born": "2008-03-02"}).status_code == 201


def test_rule_15_at_the_birthday_the_parents_yes_ends_and_only_the_young_persons_counts(
    service: Service,
) -> None:
    family = a_family(service)
    sixteen = date(2026, 3, 5)
    young = a_subject(service, SIBLING, born=sixteen.replace(year=2010).isoformat())
    related = {"person": family.mother, "kind": "mother", "parental_responsibility": True}
    service.post(f"/v1/subjects/{young}/relationships", related)
    body = {"subject": {"identifiers": [SIBLING]}, "category": "plan", "content": {"aim": "rest"}}
    service.post("/v1/records", body)
    asked = {
        "subject": {"identifiers": [SIBLING]},
        "source": HUB,
        "purpose": SUPPORT,
        "lawful_basis": "public_task",
        "categories": ["plan"],
        "practitioner": {"id": "teacher-7", "role": "designated_safeguarding_lead"},
    }
    mothers = an_answer(family, subjects=[young])
    assert tried(service, CONSENTS, mothers).status_code == 201
    service.clock.at = MONDAY.replace(day=4)
    assert ask(service, asked).status_code == 200
    service.clock.at = MONDAY.replace(day=5)
    assert ask(service, asked).status_code == 404
    is_told(tried(service, CONSENTS, mothers), 422, "giver_has_no_say", "#/given_by", "/settings")
    own = mothers | {"given_by": young, "capacity": "self"}
    assert tried(service, CONSENTS, own).status_code == 201
    assert ask(service, asked).status_code == 200


def test_rule_18_an_adult_who_has_lost_their_say_is_not_asked_again(service: Service) -> None:
    family = a_family(service)
    recorded(service, family)
    assert ask(service).status_code == 200
    at = f"/v1/subjects/{family.child}/relationships/{family.relationship}/no-say"
    service.as_client(HUB).post(at, {"evidence": "order of 2 March, copy seen"})
    assert ask(service).status_code == 404
    answer = tried(service, CONSENTS, an_answer(family))
    is_told(answer, 422, "giver_has_no_say", "#/given_by", "has not lost their say")


def test_rule_16_a_familys_form_makes_a_record_for_each_adult_and_child(service: Service) -> None:
    family = a_family(service)
    father = a_subject(service, adult=True)
    form = QUESTION | {
        "signatures": [
            {
                "given_by": family.mother,
                "capacity": "parental_responsibility",
                "answer": "given",
                "subjects": [family.child],
            },
            {
                "given_by": family.mother,
                "capacity": "self",
                "answer": "given",
                "subjects": [family.mother],
            },
            {"given_by": father, "capacity": "self", "answer": "refused", "subjects": [father]},
        ]
    }
    made = service.as_client(HUB).post(f"{CONSENTS}/family-forms", form)["consents"]
    assert [(one["given_by"], one["subjects"], one["answer"]) for one in made] == [
        (family.mother, [family.child], "given"),
        (family.mother, [family.mother], "given"),
        (father, [father], "refused"),
    ]
    assert len({one["id"] for one in made}) == len({one["hash"] for one in made}) == 3
    withdrawn(service, made[1]["id"])
    assert ask(service).status_code == 200, "the mother's own withdrawal is not the child's"

    for_the_father = form["signatures"][1] | {"subjects": [family.mother, father]}
    answer = tried(service, f"{CONSENTS}/family-forms", form | {"signatures": [for_the_father]})
    is_told(answer, 422, "giver_has_no_say", "#/signatures/0/given_by", father, "themselves")
    for_the_child = form["signatures"][1] | {"subjects": [family.mother, family.child]}
    answer = tried(service, f"{CONSENTS}/family-forms", form | {"signatures": [for_the_child]})
    at = "#/signatures/0/capacity"
    is_told(answer, 422, "capacity_differs", at, family.child, "in which capacity")
    twice = tried(
        service, f"{CONSENTS}/family-forms", form | {"signatures": form["signatures"] * 2}
    )
    is_told(twice, 422, "said_twice", "#/signatures/3", "Name each subject once")
    nobody = tried(service, f"{CONSENTS}/family-forms", form | {"signatures": []})
    assert nobody.status_code == 422


def test_what_is_done_twice_or_too_late_says_what_stands_instead(service: Service) -> None:
    family = a_family(service)
    consent = recorded(service, family)
    withdrawal = f"{CONSENTS}/{consent}/withdrawal"
    assert tried(service, withdrawal, {}).status_code == 201
    is_told(tried(service, withdrawal, {}), 409, "already_withdrawn", None, "record a new consent")

    version = "/v1/agreements/EH-ISA/versions/1"
    again = tried(service, f"{version}/activation", {})
    is_told(again, 409, "already_active", None, "draft a new version")

    second = {
        name: value
        for name, value in an_agreement().items()
        if name not in {"code", "title", "members"}
    }
    for _ in range(2):
        service.as_client(HUB).post("/v1/agreements/EH-ISA/versions", second)
    signed_and_activated(service, "EH-ISA", 3)
    content = service.as_client(OAK).get("/v1/agreements/EH-ISA")["versions"][1]
    paper = {
        "content_sha256": content["content_sha256"],
        "signatory": {"name": "Ada Official", "role": "Director"},
        "signed_on": MONDAY.date().isoformat(),
        "reference": "cabinet 4, file 12",
    }
    late = service.call(
        "POST", "/v1/agreements/EH-ISA/versions/2/signatures", json={"paper": paper}
    )
    is_told(late, 409, "version_superseded", None, "Draft a new version from the one in force")
