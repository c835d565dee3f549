"""Areas, and who answers for them: the pages on which editors read, enter and end them."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from tests.directory.managing.sending import sent
from tests.people.making import Someone, someone
from tests.service import Service

WARD = "E05011399"


@dataclass
class Desk:
    """The three cities, with an editor of the agency that keeps them and one of another."""

    service: Service
    ada: Someone
    olu: Someone

    def id_of(self, name: str) -> str:
        with self.service.parts.database.reading() as session:
            found = text("select id from contact_point where name = :name")
            return str(session.scalar(found, {"name": name}))


@pytest.fixture(scope="module")
def desk(
    three_cities: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Desk]:
    """One for all tests of the file, each of which changes something of its own."""
    with fresh_database(three_cities) as name:
        made = Service(postgres_url(name))
        with made.parts.database.transaction() as session:
            session.execute(
                text(
                    "insert into agency_period (id, agency, starts, recorded_at)"
                    " select gen_random_uuid(), code, '2026-01-01', '2026-01-01' from agency"
                )
            )
        ada = someone(made, "ada", agency="elm-school")
        olu = someone(made, "olu", agency="oak-school")
        for one in (ada, olu):
            assert one.signs_in().status_code == 303
        yield Desk(made, ada, olu)
        made.close()


def lines(page: str) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def refusals(answer: Any) -> str:
    """Return what stands first on a page that refuses a form."""
    assert answer.text.count("There is a problem") == 1
    assert "<title>Error: " in re.sub(r"\s+", " ", answer.text).replace("<title> ", "<title>")
    return lines(answer.text).partition("There is a problem")[2][:300]


def test_areas_are_listed_by_city_with_their_dates_and_what_they_are_made_of(desk: Desk) -> None:
    page = desk.ada.get("/manage/areas?city=Leeds")
    said = lines(page)
    assert "Hub area of Leeds" in said
    assert "from 2 March 2026" in said
    assert "Leicester" not in said.partition("Next areas")[0].partition("York")[2]
    one = lines(desk.ada.get("/manage/areas/leeds-east"))
    assert "What it is made of" in one
    assert "Gipton" in one
    assert "Early Help Hub" in one
    desk.ada.get("/manage/areas/nowhere", 404)
    desk.ada.get("/manage/areas/%00", 404)
    assert "There are none." in desk.ada.get("/manage/areas?city=%00Nowhere")


def test_an_area_is_entered_grows_and_ends(desk: Desk) -> None:
    answer = sent(
        desk.ada,
        "/manage/areas/new",
        name="Test cluster",
        code="leeds-pages",
        city="Leeds",
        kind="cluster",
        parts="E05011394\r\n\r\nls10 1lh",
        ends="1/9/2026",
    )
    assert answer.status_code == 303, refusals(answer)
    where = "/manage/areas/leeds-pages"
    assert answer.headers["Location"] == f"{where}?done=entered"
    said = lines(desk.ada.get(answer.headers["Location"]))
    assert "It is on file now." in said
    assert "LS101LH" in said
    assert "from 2 March 2026 until 1 September 2026" in said

    answer = sent(desk.ada, f"{where}/add", place="e05011387", starts="2026-04-01")
    assert answer.status_code == 303
    assert "Not yet" in lines(desk.ada.get(where))
    (link,) = re.findall(
        rf'href="({where}/parts/[^"]+)"[^>]*>End this<[^>]+> for LS101LH', desk.ada.get(where)
    )
    assert "LS101LH in Test cluster" in lines(desk.ada.get(link))
    assert sent(desk.ada, link).status_code == 303
    assert "Ended" in lines(desk.ada.get(where))
    assert sent(desk.ada, f"{where}/end", ends="2026-08-01").status_code == 303
    said = lines(desk.ada.get(where))
    assert "Holds Now from 2 March 2026 until 1 August 2026" in said
    trail = said.partition("Who changed this, and when")[2]
    assert trail.count("by ada, elm-school") == 4
    assert "Changed the dates Version 3" in trail


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter the name of the area"),
        ({"code": "Leeds East!"}, "Enter letters, digits, _ and - only"),
        ({"code": "leeds-east"}, "There is an area with the code leeds-east"),
        ({"parts": "E05999999"}, "No ward with the code E05999999 is on file"),
        ({"parts": "nowhere"}, "postcode"),
        ({"kind": None}, "Say what kind of area it is"),
        ({"starts": "31/2/2026"}, "Enter a real date, such as 27/3/2026"),
        ({"ends": "2026-03-01"}, "The end must come after the start"),
    ],
)
def test_an_area_that_cannot_be_is_refused_and_what_was_typed_stays(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    form = {"name": "A <b>cluster</b>", "code": "leeds-no", "city": "Leeds", "kind": "cluster"}
    answer = sent(desk.ada, "/manage/areas/new", **(form | typed))
    assert answer.status_code in {409, 422}
    assert said in refusals(answer)
    assert 'value="Leeds"' in answer.text
    assert "<b>cluster" not in answer.text
    desk.ada.get("/manage/areas/leeds-no", 404)


def test_who_answers_is_found_read_and_said(desk: Desk) -> None:
    page = desk.ada.get("/manage/contacts?words=leeds+south")
    assert "Duty and Advice" not in lines(page).partition("Search")[2]
    (hub,) = set(re.findall(r'href="(/manage/contacts/[0-9a-f-]{36})"', page))
    said = lines(desk.ada.get(hub))
    assert "What it answers for" in said
    assert "Nobody is on file to stand in." in said

    form = desk.ada.get(f"{hub}/coverage")
    assert 'name="levels"' in form
    answer = sent(desk.ada, f"{hub}/coverage", place=WARD, note="Ask for the duty worker")
    assert "Choose at least one level of need" in refusals(answer)
    assert "Ask for the duty worker" in answer.text
    both = sent(desk.ada, f"{hub}/coverage", levels="targeted", place=WARD, area="leeds-east")
    assert "Choose an area, or enter the code" in refusals(both)
    answer = sent(desk.ada, f"{hub}/coverage", levels="targeted", place=WARD, position="1")
    assert answer.status_code == 303
    said = lines(desk.ada.get(hub))
    assert f"Ward {WARD}" in said
    assert "Place in the order 1" in said
    again = sent(desk.ada, f"{hub}/coverage", levels="targeted", place=WARD, position="1")
    assert again.status_code == 409
    assert "answered for already" in refusals(again)
    ends = re.findall(r'href="(/manage/contacts/coverage/[^"]+/end)"', desk.ada.get(hub))
    assert sent(desk.ada, ends[-1], ends="yesterday").status_code == 422
    assert sent(desk.ada, ends[-1]).status_code == 303


def test_who_stands_in_is_said_and_ended(desk: Desk) -> None:
    west, east = desk.id_of("Early Help Hub - West"), desk.id_of("Early Help Hub - East")
    path = f"/manage/contacts/{west}"
    assert "Choose who answers meanwhile" in refusals(sent(desk.ada, f"{path}/cover"))
    assert sent(desk.ada, f"{path}/cover", covered_by=east, ends="2026-04-01").status_code == 303
    said = lines(desk.ada.get(path))
    assert "Early Help Hub - East" in said.partition("Who stands in when away")[2]
    assert "Stands in from 2 March 2026 until 1 April 2026" in said
    refused = sent(desk.ada, f"{path}/cover", covered_by=east, ends="2026-04-02")
    assert "Somebody stands in already" in refusals(refused)
    (link,) = re.findall(r'href="(/manage/contacts/cover/[^"]+/end)"', desk.ada.get(path))
    assert "in place of Early Help Hub - West" in lines(desk.ada.get(link))
    desk.service.clock.passes(minutes=1)
    assert sent(desk.ada, link).status_code == 303
    assert "End this" not in desk.ada.get(path).partition("Who stands in when away")[2]


def test_whoever_does_not_keep_the_directory_reads_and_changes_nothing(desk: Desk) -> None:
    page = desk.olu.get("/manage/areas/leeds-east")
    assert "Your agency may not change this" in page
    assert "End this" not in page
    refused = sent(desk.olu, "/manage/areas/leeds-east/end")
    assert refused.status_code == 403
    assert "by one that keeps the directory for all" in lines(refused.text)
    form = {"name": "X", "code": "leeds-x", "city": "Leeds", "kind": "cluster"}
    assert sent(desk.olu, "/manage/areas/new", **form).status_code == 403
    desk.ada.get("/manage/areas/leeds-x", 404)
    hub = f"/manage/contacts/{desk.id_of('Early Help Hub - West')}"
    for path, form in (
        ("coverage", {"levels": "targeted", "place": WARD}),
        ("cover", {"covered_by": desk.id_of("Early Help Hub - East")}),
    ):
        assert sent(desk.olu, f"{hub}/{path}", **form).status_code == 403
