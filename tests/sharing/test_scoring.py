"""What is measured of real entries, flag by flag, and what is queued of them."""

from pathlib import Path
from typing import Any

import pytest

from tests.make import (
    Family,
    ask,
    overriding,
    said,
)
from tests.service import Service
from tests.sharing.reviewed import follow, items, measures
from tests.sharing.seeing import Rows


@pytest.fixture
def scored(service: Service, family: Family, superuser: Rows, tmp_path: Path) -> Any:
    """`scored()`: the measures of every entry that has unusual ones, once all are scored."""

    def follow_and_look() -> list[dict[str, Any]]:
        follow(service, tmp_path)
        return measures(superuser)

    return follow_and_look


def test_what_is_usual_is_not_queued(
    service: Service, family: Family, superuser: Rows, scored: Any
) -> None:
    said(service, family)
    ask(service)
    (one,) = scored()
    assert one["agencies_in_week"] == 1
    assert items(superuser) == []
    assert scored() == [one]  # nothing is scored twice


def test_an_override_is_always_queued_with_its_reasons_and_due_date(
    service: Service, family: Family, superuser: Rows, scored: Any
) -> None:
    for _ in range(3):
        assert ask(service, overriding()).status_code == 200
        service.clock.passes(hours=1)
    last = scored()[-1]
    assert (last["override"], last["overrides_before"], last["same_words_before"]) == (True, 2, 2)
    first, _, third = items(superuser)
    assert (first["why"], first["priority"], first["state"]) == (
        ["score", "override"],
        "urgent",
        "new",
    )
    assert first["flags"][0] == "override"
    assert "The same words had been given 2 times before." in third["because"][0]["because"]
    assert third["score"] == 100
