"""Serves the floor as the service is served: granian, two workers, one thread each."""

from granian import Granian
from granian.constants import Interfaces

from tests.bench.floor.config import TOLD

if __name__ == "__main__":
    Granian(
        "tests.bench.floor.views:app",
        address="127.0.0.1",
        port=TOLD["port"],
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=1,
        log_access=False,
        log_enabled=False,
    ).serve()
