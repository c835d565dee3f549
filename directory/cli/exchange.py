"""`rightshare directory …`: records in from elsewhere, and out; inside an application context."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import Final, TypeVar

import click
from sqlalchemy.orm import Session

from app.kernel.clock import now
from app.kernel.db import reading, transaction
from directory.actions.duplicates import look_for_duplicates
from directory.actions.importing import begun, end_import, enter_import, take_in
from directory.actions.uploads import supersede
from directory.cli.exporting import export
from directory.cli.listing import index
from directory.cli.sources.opening import source_at
from directory.cli.sources.reading import Source
from directory.queries.agencies import agency
from directory.queries.exchange import cut_short, seen_in
from directory.terms.agencies import UnknownAgency
from directory.terms.exchange import (
    MOST_IN_A_BATCH,
    Import,
    ImportPlan,
    Note,
    Seen,
    SourceRefused,
    Taken,
)
from directory.terms.records import RecordKind

OPERATOR: Final = "operator"
MOST_TOLD: Final = 200
"""Notes that are shown of an import; the last line counts all."""
MOST_COMPARED: Final = 5000
"""Services that an import itself compares with all others; after more, the worker does."""
SECONDS_BETWEEN: Final = 2.0
Item = TypeVar("Item")


@click.group("directory")
def directory_commands() -> None:
    """Import, export and check services in the form of Open Referral UK 3.0."""


@directory_commands.command("import")
@click.argument("source")
@click.option("--source-name", help="Who it comes from, kept on each record.")
@click.option("--licence", help="On what terms, kept on each record.")
@click.option("--owner", metavar="AGENCY", help="The agency that answers for the records.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--resume", is_flag=True, help="Go on where an import of this source was cut short.")
def import_(  # noqa: PLR0913  (one for each option)
    source: str,
    source_name: str | None,
    licence: str | None,
    owner: str | None,
    *,
    dry_run: bool,
    resume: bool,
) -> None:
    """Take in a feed's base address, NDJSON, a page of a feed, or the tabular package.

    The same source a second time changes nothing. Rows that are refused do not stop others; where
    none is left, the command fails.
    """
    try:
        opened = source_at(source)
    except SourceRefused as error:
        raise click.ClickException(str(error)) from error
    try:
        _check_owner(owner)
        plan = ImportPlan(
            source=opened.name,
            fingerprint=opened.fingerprint,
            author=OPERATOR,
            source_name=source_name or opened.provenance.source,
            licence=licence or opened.provenance.licence,
            owner=owner,
        )
        _Run(opened, plan, resume=resume, dry=dry_run).finish()
    finally:
        opened.close()


directory_commands.add_command(export)
directory_commands.add_command(index)


@directory_commands.command("duplicates")
def duplicates() -> None:
    """Compare services that changed with all others, and propose those that may be one."""
    look()


def look() -> None:
    """Look for duplicates until every service has been looked at; say how many were found."""
    compared = found = 0
    while True:
        with transaction() as session:
            some, pairs = look_for_duplicates(session, now())
        if not some:
            break
        compared, found = compared + some, found + pairs
    click.echo(f"{compared:,} services compared, {found:,} possible duplicates proposed")


class _Undone(Exception):
    """Raised to have a transaction undone: the import is a dry run."""


class _Run:
    """One import from its first batch, or from where it was cut short, to its last."""

    def __init__(self, source: Source, plan: ImportPlan, *, resume: bool, dry: bool) -> None:
        self.source, self.dry, self.seen = source, dry, Seen()
        self.told = {True: 0, False: 0}
        self.running = begun(plan, source.expected, now())
        with reading() as session:
            self.cut = cut = cut_short(session, plan.fingerprint)
            if cut is not None and resume:
                self.running, self.seen = replace(cut, plan=plan), seen_in(session, cut.id)
        self.entered = cut is not None and resume
        if cut is not None and not resume:
            click.echo(_CUT_SHORT.format(rows=cut.tally.rows), err=True)
        elif self.entered:
            click.echo(f"Going on after {self.running.tally.rows:,} rows.", err=True)
        self.clock = _Progress(source, self.running)

    def finish(self) -> None:
        """Take in all that is left, then say what was done."""
        rows = self.source.rows(self.running.tally.rows, self.seen)
        try:
            for batch in _batches(rows):
                for note in self._take(batch):
                    self._tell(note)
                self.clock.passes()
        except SourceRefused as error:
            message = f"{error} {self.running.tally.rows:,} rows are done: --resume goes on."
            raise click.ClickException(message) from error
        if not self.dry:
            with transaction() as session:
                self._enter(session)
                end_import(session, self.running, now())
        click.echo("\n".join(_summary(self.running, dry=self.dry)))
        if not self.dry and 0 < self._put() <= MOST_COMPARED:
            look()
        elif not self.dry and self._put():
            click.echo("The worker looks for duplicates; so does: rightshare directory duplicates")
        if self.running.tally.rows and self.running.tally.refused == self.running.tally.rows:
            raise click.ClickException(_ALL_REFUSED)

    def _put(self) -> int:
        """Return how many services this import made or changed."""
        done = self.running.tally.records
        return sum(done.get(one, {}).get(RecordKind.SERVICE, 0) for one in ("created", "changed"))

    def _take(self, batch: list[Taken]) -> list[Note]:
        notes: list[Note] = []
        try:
            with transaction() as session:
                self._enter(session)
                notes = take_in(session, self.running, batch, self.seen, now())
                self._undo_if_dry()
        except _Undone:
            self.entered = False
        return notes

    def _undo_if_dry(self) -> None:
        if self.dry:
            raise _Undone

    def _enter(self, session: Session) -> None:
        if not self.entered:
            if self.cut is not None:
                supersede(session, self.cut, now())
            enter_import(session, self.running)
            self.entered = True

    def _tell(self, note: Note) -> None:
        self.told[note.refused] += 1
        if self.told[note.refused] <= MOST_TOLD:
            word = "refused" if note.refused else "flagged"
            click.echo(f"{word}: {note.place} {note.pointer}: {note.detail}", err=True)


_ALL_REFUSED: Final = (
    "Every row was refused, so nothing was put on file. See above why; "
    "rightshare directory check says the same of a whole file, and changes nothing."
)
_CUT_SHORT: Final = (
    "An earlier import of this source was cut short after {rows:,} rows. "
    "This one begins anew; --resume would have gone on."
)


class _Progress:
    """Says on the standard error, now and then, how far an import is and how long it may take."""

    def __init__(self, source: Source, running: Import) -> None:
        self.source, self.running = source, running
        self.began = self.last = monotonic()
        self.first_row = running.tally.rows

    def passes(self) -> None:
        """Say where the import is, if nothing was said for a while."""
        at = monotonic()
        if at - self.last < SECONDS_BETWEEN:
            return
        self.last = at
        rate = (self.running.tally.rows - self.first_row) / (at - self.began)
        said = f"{self.running.tally.rows:,} rows, {rate:,.0f} a second"
        part = self.source.part_done()
        if part:
            left = (1 - part) * (at - self.began) / part
            said += f", {part:.0%}, about {_duration(left)} left"
        click.echo(said, err=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _batches(rows: Iterator[Taken]) -> Iterator[list[Taken]]:
    while batch := list(islice(rows, MOST_IN_A_BATCH)):
        yield batch


def _check_owner(owner: str | None) -> None:
    if owner is not None:
        try:
            with reading() as session:
                agency(session, owner)
        except UnknownAgency as error:
            raise click.ClickException(str(error)) from error


def _summary(done: Import, *, dry: bool) -> Iterator[str]:
    tally = done.tally
    yield (
        f"{tally.rows:,} rows read, {tally.refused:,} refused, {tally.flagged:,} flagged."
        + (" Nothing was changed: this was a dry run." if dry else "")
    )
    for outcome, kinds in sorted(tally.records.items()):
        counted = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
        yield f"{outcome}: {counted}"
    if tally.services:
        yield f"mean quality of the services put on file: {tally.quality / tally.services:.2f}"
    if not dry:
        yield f"import {done.id}"
