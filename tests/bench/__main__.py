"""`make bench`: how fast the service is, as ratios to floors measured in the same run.

A floor is the least code that honestly does the same work on the same database, rows, keys and
machine. `python -m tests.bench J1 J4` measures these jobs alone.
"""

import sys
from collections.abc import Iterator

from tests.bench import decision_job, growth_job, http_jobs, search_job, serving, world
from tests.bench.http_jobs import Contender
from tests.bench.report import Row, table
from tests.bench.signing import Client
from tests.bench.world import World

JOBS = ("J1", "J2", "J3", "J4")


def main(wanted: list[str]) -> None:
    """Measure the jobs wanted, print their table, and say what falls short."""
    rows: list[Row] = []
    notes: list[str] = []
    print("Putting families on file …", flush=True)
    with world.made(serving.free_port()) as made:
        for one in _measured(made, wanted):
            if isinstance(one, Row):
                rows.append(one)
                print(f"  {one.job}: {' | '.join(one.cells[1:])}", flush=True)
            else:
                notes.append(one)
    short = [row.job for row in rows if not row.holds]
    notes.append("Falls short: " + "; ".join(short) if short else "Every goal holds.")
    print("\n".join(["", table(rows), "", *notes]))


def _measured(made: World, wanted: list[str]) -> Iterator[Row | str]:
    if "J1" in wanted or "J4" in wanted:
        yield from _over_http(made, wanted)
    if "J2" in wanted:
        yield from decision_job.rows()
        yield from growth_job.rows(made)
    if "J3" in wanted:
        yield from search_job.rows(made)


def _over_http(made: World, wanted: list[str]) -> Iterator[Row | str]:
    port, floor_port = made.settings.port, serving.free_port()
    with serving.ours(made) as process, serving.floor(made, floor_port) as floor_process:
        issuer = made.settings.issuer
        client = Client(made.client_key, port, issuer)
        ours = Contender(client, process)
        floor_client = Client(made.client_key, floor_port, issuer, proves_with=client.proves_with)
        floor = Contender(floor_client, floor_process)
        if "J1" in wanted:
            yield from http_jobs.disclosure_rows(made, ours, floor)
        if "J4" in wanted:
            yield from http_jobs.token_rows(made, ours, floor)


if __name__ == "__main__":
    main(sys.argv[1:] or list(JOBS))
