"""Out, in again, and out: the same bytes, whatever was on file."""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory.actions.records import put_records
from directory.terms.records import Authorship, Origin, RecordKind
from tests.directory.exchange.running import a_service, run, services, uid, write
from tests.directory.exchange.test_tabular import anything, words
from tests.directory.exchange.test_uploads import enter
from tests.service import MONDAY, Service

Elsewhere = Callable[[], AbstractContextManager[Service]]
FORMS = ("ndjson", "csv")
TEXTS = ("name", "description", "fees", "accreditations", "alert")
audiences = st.sampled_from(["public", "practitioners", ["oak"], ["elm"]])
phones = st.builds(
    lambda number, said: {"id": uid("phone", number), "number": said, "extension": number},
    st.integers(0, 3),
    words,
)
contacts = st.builds(
    lambda number, more, calls, audience: (
        {**more, "id": uid("contact", number)}
        | ({"phones": calls} if calls else {})
        | ({"audience": audience} if audience else {})
    ),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["name", "title"]), words),
    st.lists(phones, max_size=2),
    st.none() | audiences,
)
valid = st.builds(
    lambda number, texts, ages, members, people, audience: (
        a_service(number)
        | texts
        | {"minimum_age": min(ages), "maximum_age": max(ages)}
        | {f"our_{name}": value for name, value in members.items()}
        | ({"contacts": people} if people else {})
        | ({"audience": audience} if audience else {})
    ),
    st.integers(0, 9),
    st.dictionaries(st.sampled_from(TEXTS), words.filter(str.strip), max_size=3),
    st.lists(st.integers(0, 99) | st.floats(0, 99), min_size=2, max_size=2),
    st.dictionaries(st.sampled_from("abc"), anything, max_size=2),
    st.lists(contacts, max_size=3),
    st.none() | audiences,
)


@pytest.fixture
def elsewhere(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Elsewhere:
    """Another application, whose directory is empty."""

    @contextmanager
    def opened() -> Iterator[Service]:
        with fresh_database(template) as name:
            made = Service(postgres_url(name))
            enter(made, "oak")
            try:
                yield made
            finally:
                made.close()

    return opened


def round_trip(first: Service, second: Service, folder: Path, *words: str) -> bytes:
    """Take what the first exports into the second; the second must export the same bytes."""
    before, after = folder / "before", folder / "after"
    assert run(first, "export", *words, str(before))[0] == 0
    if not before.read_bytes():
        return b""  # nobody means to import a file that holds nothing, so that is refused
    code, said = run(second, "import", str(before))
    assert (code, " 0 refused" in said) == (0, True), said
    assert run(second, "export", *words, str(after))[0] == 0
    assert before.read_bytes() == after.read_bytes()
    return before.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_what_went_out_and_came_in_goes_out_the_same(
    service: Service, elsewhere: Elsewhere, tmp_path: Path, form: str
) -> None:
    run(service, "import", str(write(tmp_path / "in.ndjson", services(30))))
    with elsewhere() as other:
        assert len(round_trip(service, other, tmp_path, "--format", form)) > 1000


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
@settings(
    deadline=None,
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(valid, min_size=1, max_size=4, unique_by=lambda one: one["id"]))
def test_any_services_make_the_round_trip_in_either_tier(
    elsewhere: Elsewhere, form: str, rows: list[Any]
) -> None:
    with elsewhere() as first, TemporaryDirectory() as made:
        folder = Path(made)
        said = run(first, "import", str(write(folder / "in", rows)), "--licence", "OGL")[1]
        assert " 0 refused" in said, said
        for tier in ((), ("--protected", "oak")):
            with elsewhere() as second:
                round_trip(first, second, folder, "--format", form, *tier)


def test_tables_hold_what_no_service_names_and_where_each_record_came_from(
    service: Service, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    alone = {"id": uid("alone"), "name": "Alone", "description": "Has no service yet"}
    run(service, "import", str(write(tmp_path / "in", [a_service(0)])), "--source-name", "Leeds")
    with service.parts.database.transaction() as session:
        by = Authorship("desk", Origin.EDITED)
        put_records(session, RecordKind.ORGANIZATION, [alone], by, MONDAY)

    with elsewhere() as other:
        round_trip(service, other, tmp_path, "--format", "csv")

    with zipfile.ZipFile(tmp_path / "before") as packed:
        assert len([name for name in packed.namelist() if name.endswith(".csv")]) == 18
        assert "Alone" in packed.read("organizations.csv").decode()
        told = packed.read("ATTRIBUTION.txt").decode()
    assert "Published by Rightshare." in told
    assert "Contains OS data © Crown copyright" in told
    assert "1 from this directory itself" in told
    assert "from Leeds; licence: as above" in told


def test_what_is_not_public_is_in_no_public_export(service: Service, tmp_path: Path) -> None:
    enter(service, "oak")
    secret = {"id": uid("secret"), "name": "Quarrybank"}
    hidden = a_service(5, audience=["oak"], name="Zebra line", service_at_locations=[])
    hidden["organization_id"] = uid("organization", "hidden")
    hidden["organization"] = {**hidden["organization"], "id": uid("organization", "hidden")}
    hidden["organization"]["name"] = "Yellowhammer"
    rows = [
        a_service(0, contacts=[{**secret, "audience": "practitioners"}]),
        hidden,
        a_service(6, status="defunct", name="Xylophone"),
    ]
    run(service, "import", str(write(tmp_path / "in", rows)))

    for form in FORMS:
        for tier, there in (((), False), (("--protected", "oak"), True)):
            out = tmp_path / "out"
            run(service, "export", "--format", form, *tier, str(out))
            whole = _unpacked(out) if form == "csv" else out.read_bytes()
            for word in (b"Quarrybank", b"Zebra", b"Yellowhammer", b"Xylophone"):
                assert (word in whole) is there, (form, tier, word)


def _unpacked(path: Path) -> bytes:
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_lines_hold_whole_services(service: Service, tmp_path: Path) -> None:
    run(service, "import", str(write(tmp_path / "in.ndjson", services(3))))
    run(service, "export", "--format", "ndjson", str(tmp_path / "out"))
    out = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert min(out, key=lambda one: one["name"])["organization"]["name"] == "Lantern 0"


def test_an_agency_that_is_none_gets_no_export(service: Service, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said = run(service, "export", "--format", "csv", "--protected", "nobody", str(out))
    assert (code, out.exists()) == (1, False)
    assert "No agency has the code nobody" in said
