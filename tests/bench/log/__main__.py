"""`make bench-log`: pages, exports and proofs of a log of millions of entries, and writing beside.

`python -m tests.bench.log 1000000` makes so many entries. Nothing of it is kept.
"""

import sys
from time import perf_counter

from tests.bench import serving, world
from tests.bench.log import filling, proving, reading, writing
from tests.bench.report import Row, table

ENTRIES = 10_000_000


def main(entries: int) -> None:
    """Make the log, measure each job, print their table, and say what falls short."""
    rows: list[Row] = []
    notes: list[str] = []
    print(f"Putting {entries:,} entries into a log …", flush=True)
    with world.made(serving.free_port()) as made:
        began = perf_counter()
        filling.fill(made, entries)
        notes.append(f"{entries:,} entries were made in {perf_counter() - began:,.0f} s.")
        jobs = (reading.rows(made, entries), proving.rows(made, entries), writing.rows(made))
        for job in jobs:
            for one in job:
                if isinstance(one, Row):
                    rows.append(one)
                    print(f"  {one.job}: {' | '.join(one.cells[1:])}", flush=True)
                else:
                    notes.append(one)
    short = [row.job for row in rows if not row.holds]
    notes.append("Falls short: " + "; ".join(short) if short else "Every goal holds.")
    print("\n".join(["", table(rows), "", *notes]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
