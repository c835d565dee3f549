"""The pages that keep the directory true, in a browser: accessible, and usable without script."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from directory.actions.agencies import register_agency
from directory.actions.offers import keep_pledge, publish_offer
from directory.actions.records import put_service
from directory.actions.reminders import remind, write_letter
from directory.terms.agencies import Agency, Interval
from directory.terms.keeping import Actor
from directory.terms.offers import OfferFacts, Pledge, PledgeFacts
from directory.terms.records import Authorship, Origin
from tests.pages.asking import axe_source, is_accessible_and_fits, opened
from tests.pages.world import a_service, an_id
from tests.service import MONDAY, Service

pytestmark = pytest.mark.browser
BY = Authorship("importer", Origin.IMPORTED)
VOUCHED = a_service(201, name="Vouched for", assurer_email="hub@leeds.example")


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="session")
def link(served: Service) -> str:
    """The path of a link of a letter that went out half a month before."""
    with served.parts.database.transaction() as session:
        aged = VOUCHED | {"assured_date": str(date(2025, 12, 10))}
        put_service(session, aged, BY, MONDAY)
        letters = remind(session, MONDAY)
        written = [
            write_letter(session, one, "Leeds", "/services/still-right/{}".format, MONDAY)
            for one in letters
        ]
    (ours,) = [one for one in written if one is not None and one.to == "hub@leeds.example"]
    return str(re.findall(r"Still right:\s+(\S+)", ours.text)[0])


@pytest.fixture(scope="session")
def offering(served: Service) -> str:
    """The code of an agency with an offer and a pledge."""
    editor = Actor("ada", "lantern")
    facts = OfferFacts("lantern", "Help <b>early</b>", "One.\n\nTwo.", "Families", MONDAY.date())
    kept = PledgeFacts("lantern", Pledge.STAFF_TRAINED, MONDAY.date(), "40 of 44 staff.")
    with served.parts.database.transaction() as session:
        agency = Agency("lantern", "Lantern Trust", "charity", MONDAY, active=(Interval(MONDAY),))
        register_agency(session, agency)
        publish_offer(session, facts, editor, MONDAY)
        keep_pledge(session, kept, editor, MONDAY)
    return "lantern"


def test_a_links_page_is_accessible_and_its_button_is_pressed_once(
    browser: Browser, address: str, axe: str, link: str
) -> None:
    with opened(browser, address + link, 1100) as page:
        is_accessible_and_fits(page, axe)
        expect(page.get_by_role("heading", level=1)).to_have_text("Is this still right?")
    with opened(browser, f"{address}{link}/wrong", 1100) as page:
        is_accessible_and_fits(page, axe)
    with opened(browser, address + link, 320, script=False) as page:
        page.get_by_role("button", name="Yes, this is still right").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def test_each_answer_of_a_link_is_accessible(
    browser: Browser, address: str, axe: str, served: Service, link: str
) -> None:
    try:
        for days in (0, 1, 40):
            served.clock.at = MONDAY + timedelta(days=days)
            with opened(browser, address + link, 1100) as page:
                is_accessible_and_fits(page, axe)
    finally:
        served.clock.at = MONDAY
    with opened(browser, f"{address}/services/still-right/nothing", 1100) as page:
        is_accessible_and_fits(page, axe)


def test_something_wrong_is_said_without_script_and_keeps_what_was_typed(
    browser: Browser, address: str, axe: str
) -> None:
    there = f"{address}/services/{an_id('service', 2)}/report"
    with opened(browser, there, 1100) as page:
        is_accessible_and_fits(page, axe)
    with opened(browser, there, 320, script=False, status="422") as page:
        page.get_by_label("Say what is wrong").fill("It moved.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        expect(page.get_by_label("Say what is wrong")).to_have_value("It moved.")
        page.get_by_role("link", name="Choose what is wrong.").click()
        page.get_by_label("It has closed or moved").check()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def test_a_form_with_faults_is_accessible(browser: Browser, address: str, axe: str) -> None:
    there = f"{address}/services/{an_id('service', 3)}/report"
    with opened(browser, there, 1100, status="422") as page:
        page.get_by_role("button", name="Send").click()
        is_accessible_and_fits(page, axe)


def test_offers_are_accessible(browser: Browser, address: str, axe: str, offering: str) -> None:
    for path in ("/offers", f"/offers/{offering}"):
        with opened(browser, address + path, 1100) as page:
            is_accessible_and_fits(page, axe)
            expect(page.get_by_role("link", name="The same for programs")).to_be_visible()
