"""The tabular package: seventeen files, in a folder or a zip."""

import csv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from directory.rules.tabular import EXTRA, tables
from tests.directory.exchange.running import run, uid
from tests.directory.exchange.test_refusals import on_file
from tests.service import Service

Rows = Mapping[str, list[dict[str, str]]]
ORGANIZATION = {"id": uid("o"), "name": "Lantern", "description": "Helps"}
SERVICE = {
    "id": uid("s", 0),
    "organization_id": uid("o"),
    "name": "Sleep clinic",
    "status": "active",
    "minimum_age": "7",
}
ROWS: Rows = {
    "organization": [ORGANIZATION],
    "service": [SERVICE],
    "contact": [{"id": uid("c"), "service_id": uid("s", 0), "name": "Front desk"}],
    "phone": [{"id": uid("p"), "contact_id": uid("c").upper(), "number": "01632 960123"}],
    "location": [{"id": uid("l"), "location_type": "physical", "latitude": "53.8"}],
    "service_at_location": [{"id": uid("at"), "service_id": uid("s", 0), "location_id": uid("l")}],
    "schedule": [{"id": uid("sch"), "service_at_location_id": uid("at"), "opens_at": "09:00"}],
}


def folder(path: Path, rows: Rows = ROWS) -> Path:
    """Write a package as somebody else would: columns in another order, ours left out."""
    path.mkdir(exist_ok=True)
    for name, table in tables().items():
        header = sorted(one.name for one in table.columns)
        with (path / table.file).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows.get(name, []))
    return path


def zipped(path: Path, files: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(files.iterdir()):
            packed.write(one, f"package/{one.name}")
    return path


def replaced(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new, 1))


@pytest.mark.parametrize("packed", [False, True])
def test_tables_become_whole_services(service: Service, tmp_path: Path, *, packed: bool) -> None:
    path = folder(tmp_path / "package")
    path = zipped(tmp_path / "package.zip", path) if packed else path

    code, said = run(service, "import", str(path))

    assert (code, "3 rows read, 0 refused, 0 flagged" in said) == (0, True), said
    kept = on_file(service, 0)
    assert kept is not None
    assert kept["minimum_age"] == 7
    assert kept["organization"]["name"] == "Lantern"
    assert kept["contacts"][0]["phones"][0]["number"] == "01632 960123"
    (place,) = kept["service_at_locations"]
    assert place["location"]["latitude"] == 53.8
    assert place["schedules"][0]["opens_at"] == "09:00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minimum_age", "min_age", "'min_age' is none of the standard's"),
        ("minimum_age", "min_age", "'minimum_age' is missing"),
        ("minimum_age", "maximum_age", "'maximum_age' comes twice"),
        ("Sleep clinic", 'Sleep" clinic', "services.csv"),
        ("Sleep clinic", "Sleep,clinic", "services.csv, row 2: 16 cells"),
    ],
)
def test_a_wrong_column_or_line_is_refused_before_anything_is_written(
    service: Service, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = folder(tmp_path / "package")
    replaced(path / "services.csv", old, new)
    if '"' in new:
        replaced(path / "services.csv", new, f'"{new}')

    code, told = run(service, "import", str(path))

    assert code == 1
    assert said in told
    assert "Nothing was taken in" in told
    with service.parts.database.reading() as session:
        for table in ("directory_record", "directory_import"):
            counted = session.connection().exec_driver_sql(f"select count(*) from {table}")  # noqa: S608  (two words of ours)
            assert counted.scalar() == 0


def test_a_missing_file_and_one_that_is_not_utf_8_are_named(
    service: Service, tmp_path: Path
) -> None:
    path = folder(tmp_path / "package")
    (path / "services.csv").write_bytes(b"\xff\xfe")
    assert "services.csv, after row 0: this is not UTF-8" in run(service, "import", str(path))[1]
    (path / "services.csv").unlink()
    assert "lacks services.csv" in run(service, "import", str(path))[1]


def test_a_refusal_names_file_row_and_pointer(service: Service, tmp_path: Path) -> None:
    orphan = {"id": uid("c2"), "service_id": uid("nobody")}
    path = folder(tmp_path / "package", {**ROWS, "contact": [orphan]})
    replaced(path / "services.csv", "active", "open")

    _, said = run(service, "import", str(path))

    assert "refused: services.csv, row 2 /status: This must be one of" in said
    assert "refused: contacts.csv, row 2 /service_id: Nothing in the package" in said


@pytest.mark.parametrize("extra", ["[]", "{", '{"a": 1, "a": 2}', "[" * 5000])
def test_an_extra_that_is_no_object_is_refused(
    service: Service, tmp_path: Path, extra: str
) -> None:
    path = folder(tmp_path / "package")
    lines = (path / "organizations.csv").read_text().splitlines()
    lines = [f"{lines[0]},{EXTRA}", f'{lines[1]},"{extra.replace(chr(34), chr(34) * 2)}"']
    (path / "organizations.csv").write_text("\n".join(lines))

    code, said = run(service, "import", str(path))

    assert code == 0
    assert "refused: organizations.csv, row 2 /extra:" in said


def test_a_bomb_is_not_unpacked(service: Service, tmp_path: Path) -> None:
    files = folder(tmp_path / "package")
    (files / "services.csv").write_bytes(b"0" * 40_000_000)
    bomb = zipped(tmp_path / "bomb.zip", files)
    (files / "services.csv").unlink()
    for number in range(101):
        (files / f"{number}.txt").touch()
    crowd = zipped(tmp_path / "crowd.zip", files)

    assert "would unpack to 200 times its size" in run(service, "import", str(bomb))[1]
    assert "holds 117 files" in run(service, "import", str(crowd))[1]
    cut = tmp_path / "cut.zip"
    cut.write_bytes(crowd.read_bytes()[:-30])
    assert "is no zip that can be read" in run(service, "import", str(cut))[1]
