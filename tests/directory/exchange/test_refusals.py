"""What cannot be taken in is refused by row and place, and stops nothing else."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from directory.queries.records import nested_services
from directory.terms.exchange import LONGEST_ROW
from tests.directory.exchange.running import a_service, run, services, uid, write
from tests.service import Service


def on_file(service: Service, number: int) -> dict[str, Any] | None:
    one = UUID(uid("s", number))
    with service.parts.database.reading() as session:
        found = nested_services(session, [one]).get(one)
    return None if found is None else dict(found)


def test_a_refused_row_is_named_by_line_and_pointer_and_stops_no_other(
    service: Service, tmp_path: Path
) -> None:
    rows = services(4)
    rows[1]["schedules"][0]["opens_at"] = "nine"
    rows[2]["service_at_locations"][0]["location"]["location_type"] = "tent"

    code, said = run(service, "import", str(write(tmp_path / "in.ndjson", rows)))

    assert code == 0
    assert "refused: line 2 /schedules/0/opens_at: This must be a time of day" in said
    pointer = "/service_at_locations/0/location/location_type"
    assert f"refused: line 3 {pointer}: This must be one of" in said
    assert "4 rows read, 2 refused" in said
    assert [on_file(service, number) is not None for number in range(4)] == [
        True,
        False,
        False,
        True,
    ]


def test_nothing_of_a_refused_row_is_on_file(service: Service, tmp_path: Path) -> None:
    row = a_service(1, minimum_age="seven")

    run(service, "import", str(write(tmp_path / "in.ndjson", [row])))

    with service.parts.database.reading() as session:
        counted = session.connection().exec_driver_sql("select count(*) from directory_record")
        assert counted.scalar() == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1, 2]", "This must be a JSON object"),
        ('{"id": 1, "id": 2}', 'names "id" twice'),
        ('{"id": NaN}', "NaN"),
        ("not json", "not JSON"),
        ('{"name": "\\ud800"}', "half of a surrogate pair"),
        ('{"name": "' + "x" * LONGEST_ROW + '"}', "longer than 1024 KiB"),
    ],
)
def test_a_line_that_is_no_service_is_refused_by_name(
    service: Service, tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "in.ndjson"
    path.write_text("\n".join([json.dumps(a_service(0)), line, json.dumps(a_service(1))]))

    code, told = run(service, "import", str(path))

    assert code == 0
    assert "refused: line 2 :" in told
    assert said in told
    assert "3 rows read, 1 refused" in told


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"organization": None, "organization_id": None}, "/organization_id"),
        ({"organization": None, "organization_id": uid("nobody")}, "/organization_id"),
        ({"organization_id": uid("other")}, "/organization/id"),
        ({"audience": "friends"}, "/audience"),
        ({"parent_id": "x"}, "/parent_id"),
        ({"more": {"taxonomy_term": {"id": 5}}}, "/more/taxonomy_term/id"),
        ({"more": {"taxonomy_term_id": 5}}, "/more/taxonomy_term_id"),
        ({"more": 1e300}, "/more"),
        ({"last_modified": "yesterday"}, "/last_modified"),
    ],
)
def test_what_tables_cannot_hold_or_nothing_can_name_is_refused(
    service: Service, tmp_path: Path, more: dict[str, Any], pointer: str
) -> None:
    code, said = run(service, "import", str(write(tmp_path / "in.ndjson", [a_service(0, **more)])))

    assert code == 1
    assert f"refused: line 1 {pointer}:" in said
    assert on_file(service, 0) is None


def test_html_is_kept_as_text_and_flagged(service: Service, tmp_path: Path) -> None:
    html = "<script>alert(1)</script> Sleep <b>well</b>, every night of the week."
    row = a_service(0, description=html)

    _, said = run(service, "import", str(write(tmp_path / "in.ndjson", [row])))

    assert "flagged: line 1 /description: This holds HTML or a script" in said
    kept = on_file(service, 0)
    assert kept is not None
    assert kept["description"] == html


def test_visible_faults_are_flagged_and_not_repaired(service: Service, tmp_path: Path) -> None:
    phone = {"id": uid("phone"), "number": "0113535899"}
    row = a_service(
        0,
        contacts=[{"id": uid("contact"), "phones": [phone]}],
        minimum_age=12,
        maximum_age=5,
        assured_date="2031-01-01",
    )

    _, said = run(service, "import", str(write(tmp_path / "in.ndjson", [row])))

    for pointer in ("/contacts/0/phones/0/number", "/maximum_age", "/assured_date"):
        assert f"flagged: line 1 {pointer}:" in said
    kept = on_file(service, 0)
    assert kept is not None
    assert kept["contacts"][0]["phones"] == [phone]


def test_a_thin_record_is_taken_in_and_scored(service: Service, tmp_path: Path) -> None:
    organization = {"id": uid("o"), "name": "Lantern", "description": "Helps"}
    row = {"id": uid("s", 0), "name": "Sleep", "status": "active", "organization": organization}

    _, said = run(service, "import", str(write(tmp_path / "in.ndjson", [row])))

    assert "1 rows read, 0 refused, 0 flagged" in said
    assert "mean quality of the services put on file: 0.00" in said


def test_what_says_nothing_is_left_out(service: Service, tmp_path: Path) -> None:
    row = a_service(0, alert=None, fees="", languages=[], id=uid("s", 0).upper())

    run(service, "import", str(write(tmp_path / "in.ndjson", [row])))

    kept = on_file(service, 0)
    assert kept is not None
    assert not kept.keys() & {"alert", "fees", "languages"}


def test_the_first_of_two_that_differ_stands_and_the_other_is_told(
    service: Service, tmp_path: Path
) -> None:
    first, second = services(2)
    second["organization"] = {**second["organization"], "name": "Other"}
    again = {**first, "name": "Renamed"}

    _, said = run(service, "import", str(write(tmp_path / "in.ndjson", [first, second, again])))

    assert "flagged: line 2 /organization/id: The organization" in said
    assert "refused: line 3 /id: The service" in said
    kept = on_file(service, 1)
    assert kept is not None
    assert kept["organization"]["name"] == "Lantern 0"


def test_a_dry_run_says_the_same_and_changes_nothing(service: Service, tmp_path: Path) -> None:
    path = str(write(tmp_path / "in.ndjson", services(3)))

    _, told = run(service, "import", path, "--dry-run")

    assert "3 service" in told
    assert "Nothing was changed" in told
    assert on_file(service, 0) is None
    with service.parts.database.reading() as session:
        counted = session.connection().exec_driver_sql("select count(*) from directory_import")
        assert counted.scalar() == 0


def test_an_import_of_which_every_row_is_refused_fails(service: Service, tmp_path: Path) -> None:
    path = str(write(tmp_path / "in.ndjson", [{**services(1)[0], "status": "open"}]))

    for words in ((), ("--dry-run",)):
        failed, said = run(service, "import", path, *words)
        assert failed == 1
        assert "1 rows read, 1 refused" in said
        assert "Every row was refused, so nothing was put on file." in said


def test_source_licence_and_owner_are_kept_on_each_record(service: Service, tmp_path: Path) -> None:
    run(service, "import", str(write(tmp_path / "in.ndjson", services(1))), "--owner", "nobody")
    assert on_file(service, 0) is None

    words = ("--source-name", "Leeds", "--licence", "OGL")
    run(service, "import", str(write(tmp_path / "in.ndjson", services(1))), *words)
    with service.parts.database.reading() as session:
        kept = session.connection().exec_driver_sql(
            "select distinct source, licence from directory_record"
        )
        assert kept.all() == [("Leeds", "OGL")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nothing.ndjson", "", "holds nothing"),
        ("services.csv", "id,name\n", "is one table of a package"),
        ("old.json", '{"content": [], "totalElements": 0, "totalPages": 0}', "1.0"),
        ("number.json", "[\n1,", "not JSON"),
        ("two.json", "{\n}\n}", "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    service: Service, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)

    code, told = run(service, "import", str(tmp_path / name))

    assert code == 1
    assert said in told


def test_a_page_and_a_list_are_read_too(service: Service, tmp_path: Path) -> None:
    (tmp_path / "page.json").write_text(json.dumps({"contents": services(2)}, indent=1))
    (tmp_path / "list.json").write_text(json.dumps(services(3)))

    assert "2 rows read, 0 refused" in run(service, "import", str(tmp_path / "page.json"))[1]
    assert "3 rows read, 0 refused" in run(service, "import", str(tmp_path / "list.json"))[1]


def test_what_is_nowhere_is_refused(service: Service, tmp_path: Path) -> None:
    assert "no file" in run(service, "import", str(tmp_path / "none"))[1]
    assert "must begin with https" in run(service, "import", "file:///etc/passwd")[1]
