"""Imports a file into a database, in a process of its own that somebody may kill."""

import sys
from datetime import UTC, datetime

from flask import Flask

from app.kernel import clock, db
from app.kernel.db import Database
from directory.cli.exchange import directory_commands


def main(url: str, path: str) -> None:
    app = Flask(__name__)
    app.extensions[clock.EXTENSION] = lambda: datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    app.extensions[db.EXTENSION] = Database.connect(url, None)
    with app.app_context():
        directory_commands(["import", path], standalone_mode=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
