"""The queue of reviewers as people use it, without a script."""

from pathlib import Path

import pytest

from tests.make import ELM, HUB, OAK, Family, ask, overriding
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.reviewed import follow, seeded
from tests.sharing.seeing import Rows, entries, latest

JUSTIFICATION = overriding()["override"]["justification"]


@pytest.fixture
def entry(service: Service, family: Family, superuser: Rows, tmp_path: Path) -> str:
    """An override by teacher-7 of Oak School, in the queue."""
    assert ask(service, overriding()).status_code == 200
    made = str(latest(superuser).id)
    seeded(service)
    follow(service, tmp_path)
    return made


def lead(
    service: Service, name: str = "ig.lead", role: str = "ig_lead", agency: str = HUB
) -> Someone:
    made = someone(service, name, role, agency)
    assert made.signs_in().status_code == 303
    return made


def test_rule_47_a_lead_opens_checks_and_closes_an_item_which_names_nobody_before(
    service: Service, entry: str, superuser: Rows
) -> None:
    reviews, here = "/ig/reviews", f"/ig/reviews/{entry}"
    reviewer = lead(service)
    for page in (reviewer.get(reviews), reviewer.get(here)):
        assert "A consent passed over" in page
        assert not [word for word in ("teacher-7", JUSTIFICATION) if word in page]
    unread = reviewer.sends(f"{here}/outcome", outcome="explained", because="on the rota")
    assert (unread.status_code, "nobody judges what they have not read" in unread.text) == (
        409,
        True,
    )
    opened = reviewer.sends(f"{here}/opening").text
    for said in ("teacher-7", JUSTIFICATION, "was not told who answers for the practitioner"):
        assert said in opened
    checked = reviewer.sends(f"{here}/reconciliation")
    assert "What the file says is kept" in reviewer.get(checked.headers["Location"])
    empty = reviewer.sends(f"{here}/outcome")
    assert empty.status_code == 422
    for said in ("Say what you judge", "Say why"):
        assert said in empty.text
    for act, form in (
        ("notes", {"note": "spoke to the head"}),
        ("referral", {"referral": "told J."}),
        ("assignment", {"owner": "ig.lead"}),
    ):
        assert reviewer.sends(f"{here}/{act}").status_code == 422
        assert reviewer.sends(f"{here}/{act}", **form).status_code == 303
    assert "Open the item to read the note" in reviewer.get(here)
    assert "spoke to the head" in reviewer.sends(f"{here}/opening").text
    closed = reviewer.sends(f"{here}/outcome", outcome="inappropriate", because="curious")
    assert "The review is closed" in reviewer.get(closed.headers["Location"])
    assert "There is nothing of this kind" in reviewer.get(reviews)
    assert "R-0" in reviewer.get(f"{reviews}?state=inappropriate&flag=override")
    assert "100 % of those closed" in reviewer.get("/ig/reviews/rules")
    read = [one for one in entries(superuser) if one.said.get("act") == "review_opened"]
    assert [(one.said["client"], one.said["by_a_person"]) for one in read] == [(None, True)] * 2


def test_a_breach_that_one_says_another_confirms(service: Service, entry: str) -> None:
    here = f"/ig/reviews/{entry}"
    first, second = lead(service), lead(service, "second.lead")
    for person in (first, second):
        person.sends(f"{here}/opening")
    said = first.sends(f"{here}/outcome", outcome="breach", because="sold it")
    page = first.get(said.headers["Location"])
    assert "somebody else must confirm" in page
    assert "5 March 2026, 09:30 UTC" in page
    again = first.sends(f"{here}/outcome", outcome="breach", because="sold it")
    assert again.status_code == 403
    assert "Let another reviewer confirm it" in again.text
    done = second.sends(f"{here}/outcome", outcome="breach", because="it was")
    assert "The review is closed" in second.get(done.headers["Location"])


def test_an_agencys_lead_reviews_its_own_side_and_nothing_of_peoples_rights(
    service: Service, entry: str
) -> None:
    own, other = (lead(service, f"lead.{one}", "agency_ig_lead", one) for one in (OAK, ELM))
    assert "A consent passed over" in own.get("/ig/reviews")
    assert "There is nothing of this kind" in other.get("/ig/reviews")
    other.get(f"/ig/reviews/{entry}", status=404)
    page = own.get("/ig/reviews/rules")
    assert "Sign them off" not in page
    for path in ("/ig/access-packs", "/ig/holds", "/ig/erasures", "/ig/exports"):
        own.get(path, status=403)
    assert own.sends("/ig/reviews/rules", signed_by="me").status_code == 403
    somebody = lead(service, "m.hart", "cluster_manager", OAK)
    somebody.get("/ig/reviews", status=403)


def test_weights_are_tried_on_history_and_signed_off(service: Service, entry: str) -> None:
    rules = "/ig/reviews/rules"
    reviewer = lead(service)
    assert "Nobody has signed settings off yet" in reviewer.get(rules)
    tried = reviewer.sends(f"{rules}/dry-run", days="7", **{"weights.not_involved": "0"})
    assert tried.status_code == 200
    assert "1 are queued by the settings in force, and 1 would be by yours" in tried.text
    assert 'value="0"' in tried.text
    for form, said in (
        ({"days": "0", "queue_from": "60"}, "from 1 to 366"),
        ({"days": "7"}, "Change at least one number"),
        ({"days": "7", "weights.shield": "101"}, "from 0 to 100"),
        ({"days": "7", "weights.shield": "many"}, "must be a whole number"),
    ):
        wrong = reviewer.sends(f"{rules}/dry-run", **form)
        assert (wrong.status_code, said in wrong.text) == (422, True), form
    unsigned = reviewer.sends(rules, queue_from="60")
    assert (unsigned.status_code, "Enter who signs this off" in unsigned.text) == (422, True)
    signed = reviewer.sends(rules, queue_from="60", signed_by="A. Lead", authority="minute 4")
    page = reviewer.get(signed.headers["Location"])
    for said in ("The settings hold from now", "signed off by A. Lead (minute 4)", 'value="60"'):
        assert said in page
    assert "Secret until the month is over" in reviewer.get("/ig/reviews/samples")


def test_an_export_is_asked_for_by_one_approved_by_another_and_taken_once(
    service: Service, entry: str
) -> None:
    exports = "/ig/exports"
    first, second = lead(service), lead(service, "second.lead")
    wrong = first.sends(exports)
    assert wrong.status_code == 422
    assert "Choose how much of the log" in wrong.text
    asked = first.sends(exports, openings="facts", reason="the yearly audit")
    assert "Somebody else" in first.get(asked.headers["Location"])
    assert "Approve it" not in first.get(exports)
    page = second.get(exports)
    assert "the yearly audit" in page
    request = page.split("/ig/exports/")[1].split("/approval")[0]
    own = first.sends(f"{exports}/{request}/approval")
    assert (own.status_code, "Let another client or person" in own.text) == (403, True)
    assert first.sends(f"{exports}/{request}/log.tar").status_code == 403
    approved = second.sends(f"{exports}/{request}/approval")
    assert "It is approved" in second.get(approved.headers["Location"])
    taken = first.sends(f"{exports}/{request}/log.tar")
    assert (taken.status_code, taken.content_type) == (200, "application/x-tar")
    assert b"checkpoint" in taken.get_data()
    assert first.sends(f"{exports}/{request}/log.tar").status_code == 409
