"""Who reaches the pages of editors, and that nobody else's form counts there."""

from uuid import uuid4

import pytest

from app.kernel.auth import routes
from tests.directory.managing.conftest import Office
from tests.directory.managing.world import SLEEP
from tests.people.making import HTML, someone

PATHS = (
    "/manage",
    "/manage/drafts",
    "/manage/reports",
    f"/manage/services/{SLEEP}",
    f"/manage/services/{SLEEP}/edit",
    f"/manage/services/{SLEEP}/versions",
    f"/manage/services/{SLEEP}/versions/1",
    "/manage/areas",
    "/manage/areas/new",
    "/manage/contacts",
)


def test_every_page_of_editors_asks_for_their_scope(office: Office) -> None:
    found = [access for path, _, access in routes(office.service.app) if path.startswith("/manage")]
    assert len(found) >= 14
    assert {(one.scope, one.for_people) for one in found} == {("directory.write", True)}


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_asked_to_sign_in_and_practitioners_are_refused(
    office: Office, path: str
) -> None:
    stranger = office.service.app.test_client().get(path, headers=HTML)
    assert stranger.status_code == 303
    assert stranger.headers["Location"] == f"/sign-in?next={path.replace('/', '%2F')}"
    assert "Set-Cookie" not in stranger.headers
    assert "Your account may not open this page" in office.sam.get(path, 403)


@pytest.mark.parametrize("path", PATHS)
def test_what_editors_see_is_kept_in_no_cache(office: Office, path: str) -> None:
    answer = office.ada.browser.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ada" in answer.text


def posts(office: Office) -> list[str]:
    rules = office.service.app.url_map.iter_rules()
    return [
        office.service.app.url_map.bind("127.0.0.1").build(
            rule.endpoint,
            dict.fromkeys(("draft", "report", "pair", "contact", "part", "row"), uuid4())
            | {"service": SLEEP, "number": 1, "code": "leeds"},
            method="POST",
        )
        for rule in rules
        if rule.rule.startswith("/manage") and "POST" in (rule.methods or ())
    ]


def test_no_form_of_another_making_counts(office: Office) -> None:
    other = someone(office.service, f"eve-{uuid4().hex[:6]}")
    office.service.clock.passes(seconds=31)
    other.signs_in()
    theirs = other.browser.get("/cookies", headers=HTML).text.partition('csrf_token" value="')[2]
    paths = posts(office)
    assert len(paths) >= 6
    for path in paths:
        for token in ("", "made-up", theirs.partition('"')[0]):
            answer = office.ada.browser.post(path, data={"csrf_token": token}, headers=HTML)
            assert answer.status_code == 400, path
            assert "nothing was changed" in answer.text
        stranger = office.service.app.test_client().post(path, headers=HTML)
        assert stranger.status_code == 303, path
        assert stranger.headers["Location"] == "/sign-in?lost=1"
    page = office.service.app.test_client().get("/sign-in?lost=1").text
    assert "what you sent was not kept" in page


def test_an_address_that_says_nonsense_is_read_as_nothing(office: Office) -> None:
    for query in ("freshness=rotten", "after=x", "after=2026-01-01.x", "after=.", "done=<script>"):
        assert "Sleep clinic" in office.ada.get(f"/manage?{query}")
    office.ada.get(f"/manage/services/{uuid4()}", 404)
    office.ada.get(f"/manage/drafts/{uuid4()}", 404)
    office.ada.get(f"/manage/reports/{uuid4()}", 404)
    office.ada.get(f"/manage/services/{SLEEP}/versions/99", 404)
    office.ada.get(f"/manage/services/{SLEEP}/versions/99999999999999999999", 404)
