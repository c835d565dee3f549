"""What the floor is told: where it is, the database, and the files of the service's keys."""

import json
import os
from typing import Any

TOLD: dict[str, Any] = json.loads(os.environ["BENCH_FLOOR"])
