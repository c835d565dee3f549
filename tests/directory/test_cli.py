"""An operator enters the first agency where no client exists that could."""

from click.testing import CliRunner

from directory.cli.agencies import agency_commands
from tests.service import Service


def run(service: Service, *words: str) -> tuple[int, str]:
    with service.app.app_context():
        outcome = CliRunner().invoke(agency_commands, words)
    return outcome.exit_code, outcome.output


def test_the_first_agency_takes_part_at_once(service: Service) -> None:
    code, said = run(service, "add", "ig-office", "--name", "Office", "--kind", "governance")

    assert (code, "client register --agency ig-office" in said) == (0, True)
    agency = service.as_client("ig-office").get("/v1/agencies/ig-office")
    assert agency["active"] == [{"starts": "2026-03-02T09:30:00+00:00", "ends": None}]


def test_a_code_that_is_taken_or_is_no_code_is_refused_by_name(service: Service) -> None:
    run(service, "add", "oak", "--name", "Oak", "--kind", "school")

    assert "the code oak is taken" in run(service, "add", "oak", "--name", "O", "--kind", "x")[1]
    assert "is no code" in run(service, "add", "two words", "--name", "O", "--kind", "x")[1]
