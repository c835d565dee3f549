"""The log for people: searched by a form, read entry by entry, and added up in reports."""

import re
from xml.etree import ElementTree as ET

import pytest

from tests.make import CHILD, ELM, HUB, NOBODY, OAK, SUPPORT, Family, ask, overriding, said
from tests.make import request as wanted
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.indexed import indexed, sequenced
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_ig_pages import read

LOG, REPORTS = "/ig/log", "/ig/reports"


@pytest.fixture
def lead(service: Service, family: Family, superuser: Rows) -> Someone:
    """The partnership's IG lead, signed in, with an override, a plan told and a refusal to read."""
    ask(service, overriding())
    service.clock.passes(minutes=1)
    said(service, family)
    ask(service)
    service.clock.passes(minutes=1)
    ask(service, wanted(NOBODY))
    ask(service, agency=ELM)
    service.clock.passes(minutes=1)
    indexed(service, superuser)
    made = someone(service, "ig-lead", "ig_lead", HUB)
    made.signs_in()
    return made


def searches(lead: Someone, status: int = 200, **typed: str) -> str:
    answer = lead.sends(LOG, **typed)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_a_search_shows_what_fits_and_leads_to_each_entry(lead: Someone, superuser: Rows) -> None:
    page = searches(lead, override="yes", agency=OAK, entry="decision")

    assert "1 entry" in read(page)
    assert "risk of significant harm" in read(page)
    (link,) = set(re.findall(r'href="(/ig/log/[0-9a-f-]{36})"', page))
    shown = lead.get(link)
    assert CHILD["value"] in shown
    assert "teacher-7" in shown
    assert "no place in a published tree" in read(shown) or "/proof" in shown
    kinds = [one.said["act"] for one in entries(superuser) if one.outcome == "read"]
    assert sorted(kinds) == ["entry", "search"]


def test_a_search_for_a_person_keeps_them_out_of_every_address(lead: Someone) -> None:
    child = {"scheme": CHILD["scheme"], "value": CHILD["value"]}
    page = searches(lead, **child, family="yes", staff="teacher-7", staff_agency=OAK)

    assert "2 entries" in read(page)
    assert not re.search(r'(href|action)="[^"]*(9990000018|teacher-7)', page)
    assert "1 entry" in read(searches(lead, **{**child, **NOBODY}))


def test_pages_of_a_search_follow_by_a_form_and_a_strange_cursor_is_refused(
    service: Service, lead: Someone, superuser: Rows
) -> None:
    for _ in range(24):
        ask(service, wanted(NOBODY))
    indexed(service, superuser)
    page = searches(lead, agency=OAK, entry="decision")
    assert "27 entries" in read(page)
    (cursor,) = re.findall(r'name="cursor" value="([^"]+)"', page)
    later = searches(lead, agency=OAK, entry="decision", cursor=cursor)

    assert len(set(re.findall(r'href="/ig/log/([0-9a-f-]{36})"', page + later))) == 27
    assert 'name="cursor"' not in later
    assert lead.sends(LOG, agency=ELM, cursor=cursor).status_code == 422
    assert lead.sends(LOG, agency=ELM, cursor="made-up").status_code == 422


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"since": "tomorrow"}, "date and time"),
        ({"since": "2026-03-09", "until": "2026-03-01"}, "later than since"),
        ({"agency": "nobody"}, "No agency has this code"),
        ({"ground": "gossip"}, "must be one of"),
        ({"version": "9" * 5000, "agreement": "EH-ISA"}, "whole number"),
        ({"version": "2"}, "Name the agreement too"),
        ({"family": "yes"}, "Name the subject"),
        ({"staff": "teacher-7"}, "blank"),
        ({"value": "12", "scheme": "nhs_number"}, "NHS number"),
        ({"value": "12"}, "blank"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_beside_what_was_typed(
    lead: Someone, typed: dict[str, str], said_of_it: str
) -> None:
    page = searches(lead, 422, **typed)

    assert "There is a problem" in page
    assert said_of_it in read(page)
    assert all(f'value="{value}"' in page for value in typed.values())


def test_an_entry_that_there_is_not_is_not_found(lead: Someone) -> None:
    nobody = f"{LOG}/00000000-0000-0000-0000-000000000000"
    assert lead.get(nobody, 404)
    assert lead.get(f"{nobody}/proof", 404)


def test_a_report_is_a_table_with_a_chart_that_needs_no_style_and_no_script(
    lead: Someone, superuser: Rows
) -> None:
    assert "Refused for want of a flow" in lead.get(REPORTS)
    page = lead.get(f"{REPORTS}/answers?since=2026-03&until=2026-03&agency={OAK}")

    assert "March 2026 to March 2026" in read(page)
    (drawn,) = re.findall(r"<svg class=\"app-chart\".*?</svg>", page, re.DOTALL)
    chart = ET.fromstring(drawn)  # noqa: S314  (our own page)
    named = {one.tag.rpartition("}")[2]: one.text for one in chart}
    assert chart.get("role") == "img"
    assert named["title"] == "Answers by code"
    assert "2026-03, oak-school, permit 2" in (named["desc"] or "")
    assert "style" not in drawn
    assert "<script" not in drawn
    cells = re.findall(r'<td class="govuk-table__cell[^>]*>([^<]+)', page)
    assert cells[-4:] == ["2026-03", OAK, "permit", "2"]
    assert "act" in [one for one in entries(superuser) if one.outcome == "read"][-1].said
    found = lead.get(f"{REPORTS}/gaps.csv")
    assert found.splitlines()[1] == f"{ELM},{HUB},{SUPPORT},plan,1"
    assert "nothing to count" in read(lead.get(f"{REPORTS}/gaps?until=2020-01"))


def test_a_report_says_what_is_wrong_and_how_far_it_reaches(
    service: Service, lead: Someone, superuser: Rows
) -> None:
    for query in ("since=2026-13", "since=2026-04&until=2026-03", "agency=nobody"):
        page = lead.get(f"{REPORTS}/requests?{query}", 422)
        assert "There is a problem" in page
        assert "<table" not in page
    assert lead.get(f"{REPORTS}/gaps.csv?since=x", 422)
    assert lead.get(f"{REPORTS}/gossip", 404)
    ask(service)
    sequenced(service, superuser)

    assert "newest entries are not counted" in read(lead.get(f"{REPORTS}/requests"))


def test_a_search_is_kept_by_a_name_chosen_again_and_removed(lead: Someone) -> None:
    days = {"since": "2026-03-01", "until": "2026-03-02"}
    filters = days | {"override": "no", "staff": "teacher-7", "staff_agency": OAK}
    found = lead.sends(f"{LOG}/views", name="Oak in March", **filters)
    assert found.status_code == 303
    page = lead.get(found.headers["Location"])

    assert "Oak in March" in read(page)
    for name in ("since", "until", "staff"):
        assert f'value="{filters[name]}"' in page
    assert re.search(r'<option value="no" selected>', page)
    again = lead.sends(f"{LOG}/views", name="Oak in March")
    assert (again.status_code, "Choose another name" in read(again.text)) == (422, True)
    for typed in ({"name": ""}, {"name": "x" * 81}, {"name": "y", "ground": "gossip"}):
        assert lead.sends(f"{LOG}/views", **typed).status_code == 422
    child = lead.sends(f"{LOG}/views", name="A child", **CHILD)
    assert (child.status_code, "outlive the erasure" in read(child.text)) == (422, True)
    view = found.headers["Location"].rpartition("=")[2]
    assert lead.sends(f"{LOG}/views/{view}").status_code == 303
    assert "Oak in March" not in lead.get(f"{LOG}?view={view}")
    assert lead.sends(f"{LOG}/views/{view}").status_code == 404


def test_nobody_but_an_ig_lead_of_the_whole_log_opens_these_pages(
    service: Service, family: Family
) -> None:
    other = someone(service, "oak-lead", "agency_ig_lead", OAK)
    other.signs_in()
    for path in (LOG, REPORTS, f"{REPORTS}/requests", f"{REPORTS}/requests.csv"):
        assert other.get(path, 403)
        assert service.call("GET", path).status_code in {302, 303, 401}
