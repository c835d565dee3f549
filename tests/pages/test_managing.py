"""Signing in and the pages of editors in a browser: by keyboard, by axe, narrow, without script."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from directory.actions.areas import enter_area
from directory.actions.contacts import enter_contact_point
from directory.actions.coverage import enter_cover, enter_coverage
from directory.actions.keeping import appoint
from directory.actions.reports import report_wrong
from directory.terms.agencies import Interval
from directory.terms.contacts import ContactFacts, SourceDocument
from directory.terms.coverage import Area, AreaKind, Cover, Coverage, PlaceKind
from directory.terms.editing import NewReport, ReportAbout
from directory.terms.keeping import OPERATOR
from directory.terms.records import RecordKind
from tests.directory.managing import world
from tests.directory.managing.conftest import Office
from tests.directory.managing.sending import drafted
from tests.directory.managing.world import FOOD, SLEEP
from tests.pages.asking import axe_source, is_accessible_and_fits, serving
from tests.people.making import Someone
from tests.service import MONDAY, Service

pytestmark = pytest.mark.browser
EDIT = f"/manage/services/{SLEEP}/edit"
FOCUS = "document.activeElement.id || document.activeElement.innerText"


@pytest.fixture(scope="module")
def office(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Office]:
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        world.fill(made)
        world.fill_twice(made)
        yield Office(made, *world.people(made))
        made.close()


@pytest.fixture(scope="module")
def here(office: Office) -> Iterator[str]:
    """Where the service of these tests is served."""
    with serving(office.service.app) as where:
        yield where


@pytest.fixture(scope="module")
def script() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def places(office: Office, here: str) -> dict[str, str]:
    """Addresses of pages with something on them to look at."""
    draft = drafted(
        office.ada,
        EDIT,
        name="Sleep and settling for babies",
        phones__1__number="0113 496 0010",
        attributes__0__drop="on",
        note="They have moved",
    )
    new = NewReport(RecordKind.SERVICE, FOOD, ReportAbout.CONTACT, "Nobody answers " * 20)
    with office.service.parts.database.transaction() as session:
        report = report_wrong(session, new, office.service.clock()).id
    pair = re.search(r'href="(/manage/duplicates/[^"]+)"', office.ada.get("/manage/duplicates"))
    assert pair is not None
    hub, manager = who_answers(office)
    paths = {
        "areas": "/manage/areas",
        "area": "/manage/areas/leeds-test",
        "area form": "/manage/areas/new",
        "part form": "/manage/areas/leeds-test/add",
        "end form": "/manage/areas/leeds-test/end",
        "contacts": "/manage/contacts?words=hub",
        "contact": f"/manage/contacts/{hub}",
        "coverage form": f"/manage/contacts/{manager}/coverage",
        "cover form": f"/manage/contacts/{manager}/cover",
        "list": "/manage",
        "record": f"/manage/services/{FOOD}",
        "form": EDIT,
        "drafts": "/manage/drafts",
        "draft": draft,
        "versions": f"/manage/services/{SLEEP}/versions",
        "version": f"/manage/services/{SLEEP}/versions/1",
        "reports": "/manage/reports",
        "report": f"/manage/reports/{report}",
        "pairs": "/manage/duplicates",
        "pair": pair[1],
        "done": "/manage?done=confirmed",
        "refused": "/manage/drafts/00000000-0000-4000-8000-000000000000",
    }
    return {name: here + path for name, path in paths.items()}


def who_answers(office: Office) -> tuple[UUID, UUID]:
    """Have the hub keep the directory, with an area, who answers for it, and who stands in."""
    at = MONDAY
    always, guide = Interval(at), SourceDocument("A guide", "2021")
    with office.service.parts.database.transaction() as session:
        appoint(session, "hub", at, OPERATOR, at)
        enter_area(
            session, Area("leeds-test", AreaKind.CLUSTER, "Leeds", "Test", always, at), OPERATOR
        )
        hub, manager = (
            enter_contact_point(
                session, ContactFacts(code, "Leeds", kind, code, guide), OPERATOR, at
            )
            for code, kind in (("hub", "early_help_hub"), ("manager", "cluster_manager"))
        )
        levels = frozenset({"early_help"})
        row = Coverage(uuid4(), hub, PlaceKind.AREA, "leeds-test", levels, always, at)
        enter_coverage(session, row, OPERATOR)
        enter_cover(session, Cover(uuid4(), hub, manager, always, at), OPERATOR)
    return hub, manager


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[tuple[BrowserContext, Page]]:
    """A browser of somebody's own; whatever it complains of on the way is an error."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield context, page
    context.close()
    # the browser itself reports the status of a page that says what is wrong
    assert not [one for one in complaints if "the server responded with a status of 4" not in one]


def bring(who: Someone, context: BrowserContext, here: str) -> None:
    """Let a browser be the one in which somebody has signed in already."""
    held = who.browser.get_cookie("rightshare_session")
    assert held is not None
    context.add_cookies([{"name": "rightshare_session", "value": held.value, "url": here}])


def test_the_sign_in_form_is_accessible_also_with_errors(
    browser: Browser, here: str, script: str
) -> None:
    with browsing(browser) as (_, page):
        page.goto(f"{here}/sign-in")
        is_accessible_and_fits(page, script)
        page.get_by_role("button", name="Sign in").click()
        assert page.title().startswith("Error: Sign in")
        is_accessible_and_fits(page, script)
        page.get_by_role("link", name="Enter your password").click()
        assert page.evaluate(FOCUS) == "password"


@pytest.mark.parametrize(
    "name",
    [
        *("list", "record", "form", "drafts", "draft", "versions", "version", "reports"),
        *("report", "pairs", "pair", "done", "refused"),
        *("areas", "area", "area form", "part form", "end form"),
        *("contacts", "contact", "coverage form", "cover form"),
    ],
)
def test_a_page_of_editors_is_accessible_and_fits_wide_and_narrow(
    browser: Browser, script: str, office: Office, places: dict[str, str], name: str
) -> None:
    with browsing(browser) as (context, page):
        bring(office.ben, context, places[name])
        page.goto(places[name])
        expect(page.get_by_text("Signed in: ben")).to_be_visible()
        is_accessible_and_fits(page, script)


def test_a_form_with_errors_is_accessible(
    browser: Browser, here: str, script: str, office: Office
) -> None:
    with browsing(browser) as (context, page):
        bring(office.ada, context, here)
        page.goto(here + EDIT)
        page.get_by_label("Name", exact=True).fill("")
        page.get_by_label("Youngest age").fill("seven")
        page.get_by_role("group", name="Another opening time").get_by_label("Opens").fill("9am")
        page.get_by_role("button", name="Send as a draft").click()
        assert page.title().startswith("Error: ")
        assert page.get_by_label("Youngest age").input_value() == "seven"
        is_accessible_and_fits(page, script)
        page.get_by_role("link", name="Enter a time such as 09:30").click()
        assert page.evaluate(FOCUS) == "schedules.1.opens_at"


def test_by_keyboard_alone_on_a_narrow_screen_somebody_signs_in_edits_and_signs_out(
    browser: Browser, here: str, office: Office
) -> None:
    office.service.clock.passes(seconds=60)
    with browsing(browser, viewport={"width": 320, "height": 800}) as (_, page):
        page.goto(here + EDIT)
        page.wait_for_url("**/sign-in?next=*")
        page.keyboard.press("Tab")
        assert "Skip to main content" in page.evaluate(FOCUS)
        page.get_by_label("User name").focus()
        for text in ("ada", office.ada.credentials.password):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        if page.evaluate(FOCUS) != "code":  # the button that shows the password
            page.keyboard.press("Tab")
        page.keyboard.type(office.ada.code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{EDIT}")
        page.get_by_label("Cost", exact=True).press("Control+a")
        page.keyboard.type("Free for all")
        page.get_by_role("button", name="Send as a draft").press("Enter")
        page.wait_for_url("**/manage/drafts/*")
        expect(page.get_by_text("You made this draft")).to_be_visible()
        expect(page.get_by_text("Free for all")).to_be_visible()
        page.get_by_role("button", name="Sign out").press("Enter")
        page.wait_for_url("**/sign-in")
        page.go_back()
        page.reload()
        page.wait_for_url("**/sign-in?next=*")


def test_without_script_a_draft_is_approved_with_one_button(
    browser: Browser, here: str, office: Office
) -> None:
    place = drafted(office.ada, f"/manage/services/{FOOD}/edit", fees="Small charge")
    with browsing(browser, java_script_enabled=False) as (context, page):
        bring(office.ben, context, here)
        page.goto(here + place)
        expect(page.get_by_text("Small charge")).to_be_visible()
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("The change is on file")).to_be_visible()
        page.goto(f"{here}/manage/services/{FOOD}")
        page.get_by_role("button", name="Still right").click()
        expect(page.get_by_text("You have said that this is still right")).to_be_visible()
