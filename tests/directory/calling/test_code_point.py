import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.actions.area_names import import_area_names
from directory.actions.code_point import import_code_point
from directory.cli.places import postcode_commands
from directory.models.places import PostcodeRow
from directory.queries.places import attributions, names_of, place_of
from directory.rules.code_point import Member, zip_fault
from directory.terms.places import Loaded, NotCodePoint
from tests.service import Service

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
LEEDS = (
    '"LS1 1AZ",10,428811,433420,"E92000001","E19000001","E18000003","","E08000035","E05011403"\r\n'
    '"LS1 1BA",10,429317,433507,"E92000001","E19000001","E18000003","","E08000035","E05011403"\r\n'
    '"LS9 9ZZ",60,430000,433000,"E92000001","E19000001","E18000003","","",""\r\n'
    '"LS1 9XX",90,0,0,"E92000001","","","","",""\r\n'
)
LONDON = '"W1A 1AA",10,528887,181593,"E92000001","E1","E2","","E09000033","E05013808"\r\n'
METADATA = "PRODUCT: X\r\nDATASET VERSION NUMBER: 2025.2.0\r\nCOPYRIGHT DATE: 20250422\r\n"
FILES = {"Data/CSV/ls.csv": LEEDS, "Data/CSV/w.csv": LONDON, "Doc/metadata.txt": METADATA}


def made_zip(folder: Path, files: Mapping[str, str | bytes], name: str = "codepo.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for member, content in files.items():
            made.writestr(member, content)
    return path


def refusal(session: Session, path: Path) -> str:
    with pytest.raises(NotCodePoint) as refused, session.begin_nested():
        import_code_point(session, path, AT)
    assert session.scalar(select(func.count()).select_from(PostcodeRow)) == 0
    return str(refused.value)


def test_the_zip_is_read_as_it_comes(session: Session, tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []

    loaded = import_code_point(
        session, made_zip(tmp_path, FILES), AT, lambda *said: told.append(said)
    )

    assert loaded == Loaded(total=4, created=4, changed=0, removed=0)
    assert told == [(1, 2, 3), (2, 2, 4)]
    place = place_of(session, "ls1 1az")
    assert (place.latitude, place.longitude) == pytest.approx((53.79618, -1.56404), abs=0.0002)
    assert (place.district, place.ward) == ("E08000035", "E05011403")


def test_first_halves_are_derived_and_a_postcode_without_district_borrows_theirs(
    session: Session, tmp_path: Path
) -> None:
    more = LEEDS + LEEDS.splitlines()[0].replace("LS1 1AZ", "LS9 9AA") + "\r\n"

    import_code_point(session, made_zip(tmp_path, FILES | {"Data/CSV/ls.csv": more}), AT)

    assert place_of(session, "LS1 9XX").approximate  # without a position, it was left out
    borrowed = place_of(session, "LS9 9ZZ")
    assert (borrowed.district, borrowed.ward, borrowed.approximate) == ("E08000035", None, True)
    assert names_of(session, "E09000033") == {"E09000033": "City of Westminster London Boro"}


def test_the_same_zip_twice_changes_nothing_the_second_time(
    session: Session, tmp_path: Path
) -> None:
    path = made_zip(tmp_path, FILES)
    import_code_point(session, path, AT)

    assert import_code_point(session, path, AT) == Loaded(4, 0, 0, 0)


def test_a_later_edition_adds_changes_and_removes(session: Session, tmp_path: Path) -> None:
    import_code_point(session, made_zip(tmp_path, FILES), AT)
    first, second, *_ = LEEDS.splitlines()
    later = first.replace("428811", "428900") + "\n" + second.replace("1BA", "1BB") + "\n"

    loaded = import_code_point(session, made_zip(tmp_path, {"Data/CSV/ls.csv": later}), AT)

    assert loaded == Loaded(total=2, created=1, changed=1, removed=2)
    assert not place_of(session, "W1A 1AA").approximate, "an area that does not arrive stays"


def test_where_the_zip_came_from_and_its_licence_are_kept(session: Session, tmp_path: Path) -> None:
    import_code_point(session, made_zip(tmp_path, FILES), AT)

    (source,) = attributions(session)

    assert (source.title, source.edition, source.postcodes) == (
        "OS Code-Point Open",
        "2025.2.0",
        4,
    )
    assert source.attribution.startswith(
        "Contains OS data © Crown copyright and database right 2025"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('"LS1 1AZ",10,428811', "it has 3 columns"),
        ("Postcode,Positional_quality_indicator,a,b,c,d,e,f,g,h", "is not a postcode"),
        ('"LS1 1AZ",15,1,1,"","","","","",""', "no quality"),
        ('"LS1 1AZ",10,428811.5,433420,"","","","","",""', "easting"),
        ('"LS1 1AZ",10,9999999,433420,"","","","","",""', "outside Great Britain"),
        ('"LS1 1AZ",10,428811,433420,"","","","","Leeds",""', "column 9, 'Leeds', is no GSS code"),
        ('"LS1 1AZ"x,10,428811,433420,"","","","","",""', "this is not CSV"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_imported(
    session: Session, tmp_path: Path, row: str, said: str
) -> None:
    whole = LEEDS.splitlines()[0] + "\n" + row + "\n"

    refused = refusal(session, made_zip(tmp_path, {"Data/CSV/ls.csv": whole}))

    assert said in refused
    assert "Data/CSV/ls.csv" in refused


def test_a_postcode_that_comes_twice_is_refused(session: Session, tmp_path: Path) -> None:
    twice = {"Data/CSV/ls.csv": LEEDS + LEEDS}

    assert "comes twice" in refusal(session, made_zip(tmp_path, twice))


def test_what_is_no_zip_or_not_this_one_is_refused_clearly(
    session: Session, tmp_path: Path
) -> None:
    page = tmp_path / "page.zip"
    page.write_text("<html>Sign in</html>")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(made_zip(tmp_path, FILES).read_bytes()[:-40])

    assert "not a zip" in refusal(session, page)
    assert "not a zip" in refusal(session, cut)
    other = made_zip(tmp_path, {"Data/ONSPD_FEB_2026_UK.csv": "pcd,pcd2\n"})
    assert "no file such as Data/CSV/ls.csv" in refusal(session, other)
    latin = made_zip(tmp_path, {"Data/CSV/ls.csv": "\xe9".encode("latin-1")})
    assert "not CSV in UTF-8" in refusal(session, latin)


def test_a_member_that_was_damaged_on_the_way_is_refused(session: Session, tmp_path: Path) -> None:
    path = made_zip(tmp_path, {"Data/CSV/ls.csv": LEEDS * 1})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))

    assert "not a zip that can be read" in refusal(session, path)


def test_a_bomb_is_not_unpacked(session: Session, tmp_path: Path) -> None:
    bomb = made_zip(tmp_path, {"Data/CSV/ls.csv": b"0" * 80_000_000})

    assert "would unpack to 80000000 bytes" in refusal(session, bomb)


def test_only_files_that_the_real_zip_has_are_read(session: Session, tmp_path: Path) -> None:
    odd = FILES | {"../../etc/passwd": "x", "Data/CSV/../../x.csv": "x", "Data/CSV/ls.exe": "x"}

    assert import_code_point(session, made_zip(tmp_path, odd), AT).total == 4


def test_too_many_or_encrypted_members_are_refused() -> None:
    real = Member("Data/CSV/ls.csv", 100, 50)

    assert zip_fault([real]) is None
    assert "far more" in str(zip_fault([real] * 1001))
    assert "encrypted" in str(zip_fault([Member("Data/CSV/ls.csv", 100, 50, locked=True)]))


def test_the_command_says_what_it_did_and_from_where(service: Service, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        with service.app.app_context():
            outcome = CliRunner().invoke(postcode_commands, words)
        return outcome.exit_code, outcome.output

    path = made_zip(tmp_path, FILES)
    code, said = run("import", str(path))

    assert code == 0, said
    assert "2 of 2 files read, 4 postcodes" in said
    assert "4 postcodes with a position: 4 new, 0 changed, 0 removed." in said
    assert "0 places without a position of their own were placed or moved." in said
    assert "Open Government Licence v3.0" in said
    assert "4 postcodes with a position: 0 new, 0 changed" in run("import", str(path))[1]
    broken = made_zip(tmp_path, {"a.txt": "x"}, "other.zip")
    assert run("import", str(broken))[0] == 1
    table = tmp_path / "names.csv"
    table.write_text("WD25CD,WD25NM,LAD25CD,LAD25NM\nE05011403,Hunslet,E08000035,Leeds\n")
    assert run("areas", str(table)) == (0, "2 districts and wards have names.\n")
    table.write_text("a,b\n")
    assert "must name the columns" in run("areas", str(table))[1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"", "must name the columns"),
        (b"code,type,name,parent_code\nE05,ward,X,E08000035\n", "Row 2: 'E05' is no GSS code"),
        (b"code,type,name,parent_code\nE05011403,park,X,\n", "neither district nor ward"),
        (b"code,type,name,parent_code\nE05011403,ward,X,\n", "names no district"),
        (b"code,type,name,parent_code\nE05011403,ward\n", "too few columns"),
        (b"\xff\xfe", "not CSV in UTF-8"),
    ],
)
def test_a_wrong_table_of_names_is_refused_by_row(
    session: Session, tmp_path: Path, table: bytes, said: str
) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(table)

    with pytest.raises(NotCodePoint, match=said):
        import_area_names(session, path)


def test_our_own_table_of_names_is_taken(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "code,type,name,parent_code\nE08000035,district,Leeds,\nE05011403,ward,Hunslet,E08000035\n"
    )

    assert import_area_names(session, path) == 2
    assert names_of(session, "E05011403", "E08000035") == {
        "E05011403": "Hunslet",
        "E08000035": "Leeds",
    }


def test_a_table_of_districts_alone_is_taken(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("LAD25CD,LAD25NM\nE08000035,Leeds\n")

    assert import_area_names(session, path) == 1
