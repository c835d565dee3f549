"""A log that is followed to its end: sequenced, given its lines, and scored."""

from pathlib import Path
from typing import Any

from sharing.jobs.indexing import Indexer
from sharing.jobs.reviewer import Reviewer
from tests.service import Service
from tests.sharing.keeping import sequencing
from tests.sharing.seeing import Rows


def follow(service: Service, folder: Path) -> None:
    """Let the worker come to the end of the log."""
    with sequencing(service.admin_url, folder / "anchor.json", service.clock) as sequencer:
        while sequencer.step():
            pass
    indexer = Indexer(service.parts.database, service.parts.ig_database)
    while indexer.step():
        pass
    reviewer = Reviewer(service.parts.database, service.parts.ig_database, service.clock)
    while reviewer.step():
        pass


def seeded(service: Service) -> None:
    """Commit to the seeds of this month and the next, as the worker does each hour."""
    Reviewer(service.parts.database, service.parts.ig_database, service.clock).keep_seeds()


def items(superuser: Rows) -> list[dict[str, Any]]:
    """Return every item as it lies in the database, in the order of entries."""
    found = superuser.execute("select to_jsonb(i) from review_item i order by entry_id")
    return [one for (one,) in found]


def measures(superuser: Rows) -> list[dict[str, Any]]:
    """Return what was unusual about each decision, and about what else was, in their order."""
    found = superuser.execute(
        "select coalesce(measures, '{}') from log_line left join review_look on entry_id = id"
        " where entry_kind = 'decision' or measures is not null order by id"
    )
    return [one for (one,) in found]
