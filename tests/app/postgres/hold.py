"""Hold a PostgreSQL until told to end, as a process that tests may kill.

`hold.py DATA SOCKETS PROGRAMS`: any Python will do, for it needs nothing installed.
"""

import json
import sys
from pathlib import Path

from app.demo.postgres import NotStartedError, running

NOT_STARTED = 3


def main(data: str, sockets: str, programs: str) -> None:
    """Say in one line what is up; leave when there is no more to read."""
    try:
        with running(Path(data), Path(sockets), postgres_bin=Path(programs)) as server:
            noted = {"pid": server.child.pid, "url": server.url("postgres")}
            sys.stdout.write(f"{json.dumps(noted)}\n")
            sys.stdout.flush()
            sys.stdin.read()
    except NotStartedError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main(*sys.argv[1:])
