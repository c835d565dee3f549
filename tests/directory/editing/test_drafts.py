"""Drafts: checked when they are made, decided on by a second person, and never over a change."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.actions.drafts import approve, reject, withdraw
from directory.actions.editing_errors import (
    DraftConflict,
    DraftDecided,
    DraftInvalid,
    DraftPartlyHidden,
    NothingChanges,
    NotOwnDraft,
    OwnDraft,
    UnknownReference,
)
from directory.actions.proposing import restore
from directory.actions.records import put_records, put_service
from directory.queries.editing import DraftSearch, drafts, history, seen_draft, seen_version
from directory.queries.records import versions
from directory.terms.editing import (
    ChangeKind,
    Decision,
    DraftState,
    Proposal,
    UnknownDraft,
)
from directory.terms.records import (
    Origin,
    RecordKind,
    UnknownRecord,
    Viewer,
)
from tests.directory.editing.builders import (
    ADA,
    BEN,
    BY,
    LOCATION,
    OAK,
    ORGANIZATION,
    RAE,
    SERVICE,
    TERM,
    a_service,
    address,
    flat,
    held,
    location,
    on_file,
    proposed,
    uid,
)
from tests.service import MONDAY

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
HUB = Viewer("eh-hub")


def test_nothing_counts_before_a_second_person_approves(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, name="Sleep group"))
    assert held(session).document["name"] == "Sleep clinic"

    decided = approve(session, draft.id, BEN, TUESDAY)

    now = held(session)
    (newest, *_) = versions(session, RecordKind.SERVICE, SERVICE)
    assert (now.document["name"], now.version, now.owner) == ("Sleep group", 2, "eh-hub")
    assert (newest.by.author, newest.by.approved_by) == ("ada", "ben")
    assert (newest.by.origin, newest.by.agency, newest.at) == (Origin.EDITED, "eh-hub", TUESDAY)
    assert decided.verdict is not None
    assert (decided.verdict.decision, decided.verdict.by) == (Decision.APPROVED, "ben")


def test_its_author_does_not_decide_on_it_and_nobody_else_withdraws_it(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, name="Sleep group"))
    with pytest.raises(OwnDraft):
        approve(session, draft.id, ADA, TUESDAY)
    with pytest.raises(OwnDraft):
        reject(session, draft.id, ADA, "no", TUESDAY)
    with pytest.raises(NotOwnDraft):
        withdraw(session, draft.id, BEN, TUESDAY)
    assert held(session).version == 1


def test_a_draft_is_decided_on_once(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, name="Sleep group"))
    assert withdraw(session, draft.id, ADA, TUESDAY).verdict is not None
    with pytest.raises(DraftDecided):
        approve(session, draft.id, BEN, TUESDAY)
    other = proposed(session, flat(session, name="Sleep group"))
    rejected = reject(session, other.id, BEN, "Its name is as it was.", TUESDAY)
    assert rejected.verdict is not None
    assert rejected.verdict.reason == "Its name is as it was."
    assert held(session).version == 1


def test_what_changed_meanwhile_is_named_and_not_written_over(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, name="Sleep group"))
    put_records(session, RecordKind.SERVICE, [flat(session, fees="Free")], BY, TUESDAY)
    with pytest.raises(DraftConflict) as caught:
        approve(session, draft.id, BEN, WEDNESDAY)
    (error,) = caught.value.errors
    assert error["pointer"] == "#/fees"
    assert error["detail"] == "This was added by version 2 of the service."
    assert held(session).document["name"] == "Sleep clinic"


def test_an_assurance_meanwhile_is_no_conflict_and_stays(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, name="Sleep group"))
    sure = flat(session, assured_date="2026-03-03")
    put_records(session, RecordKind.SERVICE, [sure], BY, TUESDAY)
    approve(session, draft.id, BEN, WEDNESDAY)
    now = held(session).document
    assert (now["name"], now["assured_date"]) == ("Sleep group", "2026-03-03")


def test_a_draft_about_the_assurance_itself_has_its_way(session: Session) -> None:
    on_file(session)
    draft = proposed(session, flat(session, assured_date="2026-02-20"))
    approve(session, draft.id, BEN, TUESDAY)
    assert held(session).document["assured_date"] == "2026-02-20"


def test_a_nested_draft_changes_what_it_holds_and_leaves_the_rest(session: Session) -> None:
    on_file(session)
    place = {"id": uid(5), "location": location(name="Lantern Hall")}
    draft = proposed(session, a_service(service_at_locations=[place]))
    assert [(one.kind, one.base) for one in draft.parts] == [
        (RecordKind.LOCATION, 1),
        (RecordKind.SERVICE, 1),
    ]

    approve(session, draft.id, BEN, TUESDAY)

    assert held(session, RecordKind.LOCATION, LOCATION).document["name"] == "Lantern Hall"
    assert held(session, RecordKind.ORGANIZATION, ORGANIZATION).version == 1
    assert held(session).version == 1


def test_what_a_nested_draft_holds_can_conflict_too(session: Session) -> None:
    on_file(session)
    place = {"id": uid(5), "location": location(name="Lantern Hall")}
    draft = proposed(session, a_service(service_at_locations=[place]))
    put_records(session, RecordKind.LOCATION, [location(name="The Hall")], BY, TUESDAY)
    with pytest.raises(DraftConflict) as caught:
        approve(session, draft.id, BEN, TUESDAY)
    assert caught.value.errors[0]["detail"].endswith("of the location.")


def test_the_difference_is_told_field_by_field(session: Session) -> None:
    on_file(session)
    changed = flat(session, name="Sleep group", schedules=[{"id": uid(9), "byday": "TU"}])
    del changed["description"]
    draft = proposed(session, changed)
    seen = seen_draft(session, draft.id, HUB)
    (difference,) = seen.differences
    assert [(one.pointer, one.kind) for one in difference.changes] == [
        ("/description", ChangeKind.REMOVED),
        ("/name", ChangeKind.CHANGED),
        ("/schedules/0", ChangeKind.REMOVED),
        ("/schedules/0", ChangeKind.ADDED),
    ]
    assert seen.whole
    approve(session, draft.id, BEN, TUESDAY)
    assert seen_draft(session, draft.id, HUB).differences == seen.differences
    assert seen_draft(session, draft.id, HUB).tag != seen.tag


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"status": "open"}, "#/document/status"),
        ({"url": "example"}, "#/document/url"),
        ({"audience": "friends"}, "#/document/audience"),
        ({"audience": ["nobody"]}, "#/document/audience/0"),
        ({"schedules": [{"id": uid(8), "audience": ["x"]}]}, "#/document/schedules/0/audience/0"),
        ({"schedules": [{"id": 7}]}, "#/document/schedules/0/id"),
        ({"schedules": "daily"}, "#/document/schedules"),
        ({"name": None}, "#/document/name"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    session: Session, more: dict[str, Any], pointer: str
) -> None:
    on_file(session)
    with pytest.raises(DraftInvalid) as caught:
        proposed(session, flat(session, **more))
    assert pointer in [one["pointer"] for one in caught.value.errors]


def test_a_service_is_somebodys(session: Session) -> None:
    with pytest.raises(DraftInvalid) as caught:
        proposed(session, {"id": str(SERVICE), "name": "A", "status": "active"})
    assert [one["pointer"] for one in caught.value.errors] == ["#/document/organization_id"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"organization_id": uid(99)}, "#/document/organization_id"),
        (
            {"service_at_locations": [{"id": uid(5), "location_id": uid(99)}]},
            "#/document/service_at_locations/0/location_id",
        ),
        (
            {"attributes": [{"id": uid(6), "taxonomy_term_id": uid(99)}]},
            "#/document/attributes/0/taxonomy_term_id",
        ),
        ({"more": {"taxonomy_id": "x"}}, "#/document/more/taxonomy_id"),
    ],
)
def test_what_it_names_must_be_on_file(
    session: Session, more: dict[str, Any], pointer: str
) -> None:
    on_file(session)
    with pytest.raises(UnknownReference) as caught:
        proposed(session, flat(session, **more))
    assert caught.value.errors[0]["pointer"] == pointer


def test_what_is_on_file_already_is_no_draft(session: Session) -> None:
    on_file(session)
    with pytest.raises(NothingChanges):
        proposed(session, a_service())
    with pytest.raises(NothingChanges):
        proposed(session, flat(session, last_modified="2020-01-01T00:00:00Z"))


def test_an_owner_must_be_an_agency(session: Session) -> None:
    on_file(session)
    with pytest.raises(UnknownReference):
        proposed(session, flat(session, name="B"), owner="nobody")


def test_what_is_new_belongs_to_its_authors_agency(session: Session) -> None:
    on_file(session)
    draft = proposed(session, a_service(id=uid(50), name="New"), OAK)
    approve(session, draft.id, BEN, TUESDAY)
    made = held(session, one=draft.record)
    assert (made.owner, made.version, held(session).owner) == ("oak-school", 1, "eh-hub")


def test_a_text_must_not_repeat_a_hidden_address(session: Session) -> None:
    secret = location(addresses=[address(audience=["refuge"])])
    on_file(session, service_at_locations=[{"id": uid(5), "location": secret}])
    with pytest.raises(DraftInvalid) as caught:
        proposed(session, flat(session, description="Come to LS85NG."), ADA)
    assert caught.value.errors[0]["pointer"] == "#/document/description"


def test_contacts_are_for_practitioners_unless_they_say_otherwise(session: Session) -> None:
    on_file(session, contacts=[{"id": uid(30), "name": "Front desk"}])
    contacts = [
        {"id": uid(30), "name": "Front desk"},
        {"id": uid(31), "name": "Sam"},
        {"id": uid(32), "name": "Duty", "audience": "public"},
    ]
    draft = proposed(session, flat(session, contacts=contacts))
    approve(session, draft.id, BEN, TUESDAY)
    said = [one.get("audience") for one in held(session).document["contacts"]]
    assert said == [None, "practitioners", "public"]


def hidden(session: Session) -> None:
    secret = {"id": uid(40), "name": "Night line", "audience": ["refuge"]}
    on_file(session, contacts=[{"id": uid(30), "name": "Desk"}, secret])


def test_what_an_author_cannot_see_stays(session: Session) -> None:
    hidden(session)
    mine = flat(session, name="Sleep group", contacts=[])
    draft = proposed(session, mine, OAK)
    assert "Night line" not in str(seen_draft(session, draft.id, Viewer("oak-school")))
    approve(session, draft.id, BEN, TUESDAY)
    assert [one["name"] for one in held(session).document["contacts"]] == ["Night line"]


def test_nobody_approves_what_they_cannot_read(session: Session) -> None:
    hidden(session)
    contacts = [{"id": uid(40), "name": "Day line", "audience": ["refuge"]}]
    draft = proposed(session, flat(session, contacts=contacts), RAE)
    assert not seen_draft(session, draft.id, HUB).whole
    with pytest.raises(DraftPartlyHidden):
        approve(session, draft.id, BEN, TUESDAY)


def test_a_record_that_is_hidden_cannot_be_drafted_nor_its_drafts_seen(session: Session) -> None:
    on_file(session, audience=["refuge"])
    with pytest.raises(UnknownRecord):
        proposed(session, flat(session, name="Mine"), OAK)
    draft = proposed(session, flat(session, name="Ours"), RAE)
    assert drafts(session, DraftSearch(), HUB) == []
    assert len(drafts(session, DraftSearch(), Viewer("refuge"))) == 1
    with pytest.raises(UnknownDraft):
        seen_draft(session, draft.id, HUB)
    with pytest.raises(UnknownDraft):
        approve(session, draft.id, BEN, TUESDAY)
    with pytest.raises(UnknownDraft):
        seen_draft(session, SERVICE, HUB)


def test_drafts_are_found_by_state_record_and_owner(session: Session) -> None:
    on_file(session)
    one = proposed(session, flat(session, name="A"))
    two = proposed(session, flat(session, name="B"), at=TUESDAY)
    term = {"id": str(TERM), "name": "Sleeping", "description": "Sleep"}
    three = proposed(session, term, kind=RecordKind.TAXONOMY_TERM, at=WEDNESDAY)
    withdraw(session, two.id, ADA, TUESDAY)

    def found(**search: Any) -> list[Any]:
        return [draft.id for draft in drafts(session, DraftSearch(**search), HUB)]

    assert found() == [three.id, two.id, one.id]
    assert found(state=DraftState.WAITING) == [three.id, one.id]
    assert found(state=DraftState.DECIDED) == [two.id]
    assert found(kind=RecordKind.TAXONOMY_TERM) == [three.id]
    assert found(record=SERVICE) == [two.id, one.id]
    assert found(owner="eh-hub") == [three.id, two.id, one.id]
    assert found(owner="oak-school") == []
    after = drafts(session, DraftSearch(), HUB, after=three.id, limit=1)
    assert [draft.id for draft in after] == [two.id]


def test_any_version_can_be_restored_by_two_people(session: Session) -> None:
    on_file(session)
    approve(session, proposed(session, flat(session, name="B")).id, BEN, TUESDAY)
    asked = Proposal(RecordKind.SERVICE, {}, "ada", "eh-hub", "B was wrong")
    draft = restore(session, SERVICE, 1, asked, WEDNESDAY)
    approve(session, draft.id, BEN, WEDNESDAY)
    (newest, *_) = versions(session, RecordKind.SERVICE, SERVICE)
    assert newest.document["name"] == "Sleep clinic"
    assert (newest.number, newest.by.origin, newest.by.note) == (3, Origin.RESTORED, "B was wrong")
    with pytest.raises(UnknownRecord):
        restore(session, SERVICE, 9, asked, WEDNESDAY)


def test_versions_tell_who_and_what(session: Session) -> None:
    on_file(session)
    approve(session, proposed(session, flat(session, name="B")).id, BEN, TUESDAY)
    told = history(session, RecordKind.SERVICE, SERVICE, HUB)
    assert [(one.number, one.by.author) for one in told] == [(2, "ada"), (1, "importer")]
    second = seen_version(session, RecordKind.SERVICE, SERVICE, 2, HUB)
    assert [(one.pointer, one.before, one.after) for one in second.changes] == [
        ("/name", "Sleep clinic", "B")
    ]
    first = seen_version(session, RecordKind.SERVICE, SERVICE, 1, HUB)
    assert first.document is not None
    assert first.document["name"] == "Sleep clinic"
    assert {one.kind for one in first.changes} == {ChangeKind.ADDED}


def test_what_is_hidden_now_is_not_told_of_the_time_when_it_was_open(session: Session) -> None:
    on_file(session, service_at_locations=[{"id": uid(5), "location": location()}])
    put_records(session, RecordKind.LOCATION, [location(addresses=[address()])], BY, TUESDAY)
    closed = location(addresses=[address(audience=["refuge"])])
    put_records(session, RecordKind.LOCATION, [closed], BY, WEDNESDAY)
    put_service(session, a_service(service_at_locations=[]), BY, WEDNESDAY)
    with pytest.raises(UnknownRecord):
        seen_version(session, RecordKind.LOCATION, LOCATION, 2, HUB)
    with pytest.raises(UnknownRecord):
        history(session, RecordKind.LOCATION, LOCATION, HUB)
    assert seen_version(session, RecordKind.LOCATION, LOCATION, 2, Viewer("refuge")).changes


def test_a_service_that_ends_becomes_defunct_by_a_draft(session: Session) -> None:
    on_file(session)
    approve(session, proposed(session, flat(session, status="defunct")).id, BEN, TUESDAY)
    assert held(session).document["status"] == "defunct"
