"""`python -m tests.decision_cases FILE`: every case of a file through the real API and database.

Prints a line for each case that fails and, alone on the last, how many answers passed and failed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from app.migrations.run import upgrade
from app.observe import logs
from tests.cases.asking import Asking, OneVoice
from tests.cases.founding import Founded, found, instants_in
from tests.cases.happening import Happenings
from tests.cases.reading import read
from tests.cases.rows import UnreadableError
from tests.cases.serving import Live, live
from tests.cases.words import Case, World, differences
from tests.postgres import Databases, joined
from tests.service import RING

LATEST = timedelta(days=1)


@dataclass
class Tally:
    """How it went."""

    passed: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)

    def count(self, where: str, wrong: list[str]) -> None:
        if wrong:
            self.failed += 1
            self.failures.append(f"{where}: {'; '.join(wrong)}")
        else:
            self.passed += 1

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def run(cases: tuple[Case, ...], databases: Databases) -> Tally:
    """Run every case, each on a copy of its world made once."""
    tally, voice = Tally(), OneVoice()
    with live() as serving:
        for world, of_this_world in by_world(cases):
            with founded(serving, databases, world, of_this_world) as (template, made):
                for case in of_this_world:
                    with databases.fresh(template) as name, serving.on(databases.url(name)):
                        run_case(case, made, voice, tally)
    return tally


def by_world(cases: tuple[Case, ...]) -> Iterator[tuple[World, list[Case]]]:
    """Put those cases together whose worlds are the same."""
    worlds: list[tuple[World, list[Case]]] = []
    for case in cases:
        known = next((held for world, held in worlds if world == case.world), None)
        if known is None:
            worlds.append((case.world, [case]))
        else:
            known.append(case)
    yield from worlds


@contextmanager
def founded(
    serving: Live, databases: Databases, world: World, cases: list[Case]
) -> Iterator[tuple[str, Founded]]:
    """Have a database with a world on file, the day before anything happens in it."""
    serving.clock.at = min(instants_in([world, cases])) - LATEST
    asked = {step.ask.subject for case in cases for step in case.steps}
    unknown = asked - set(world.subjects)
    with databases.fresh() as template:
        upgrade(databases.url(template), RING)
        with serving.founding(databases.url(template)):
            made = found(serving, world, [case.given for case in cases], unknown)
        yield template, made


def run_case(case: Case, made: Founded, voice: OneVoice, tally: Tally) -> None:
    """Let the facts of a case happen, then ask its steps in their order."""
    first = min(instants_in([case.world, case])) - LATEST / 2
    try:
        Happenings(made, case.given, first).happen()
    except Exception as error:  # noqa: BLE001  (one case that cannot be told is no reason to stop)
        tally.failed += len(case.steps)
        tally.failures.append(f"{case.id}: {type(error).__name__}: {error}")
        return
    asking = Asking(made, voice)
    for place, step in enumerate(case.steps, start=1):
        try:
            got, wrong = asking.ask(step.ask)
            wrong = [*differences(step.expect, got), *wrong]
        except Exception as error:  # noqa: BLE001  (as above)
            wrong = [f"{type(error).__name__}: {error}"]
        tally.count(f"{case.id} step {place}", wrong)


def main(arguments: list[str]) -> int:
    """Run a file and say how it went; 1 if any answer is not what its case expects."""
    (path,) = arguments
    logs.set_up("ERROR")
    with ExitStack() as stack:
        shared = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = stack.enter_context(joined(shared))
        try:
            tally = run(read(Path(path)), databases)
        except UnreadableError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    for failure in tally.failures:
        sys.stdout.write(f"{failure}\n")
    sys.stdout.write(f"{tally}\n")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
