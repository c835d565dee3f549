"""`rightshare directory check`: what the official validator would say of a feed or a file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import click

from app.kernel.clock import Clock, system_clock
from directory.cli.feed_checks import FeedReport, Finding, check_feed
from directory.cli.sources.opening import source_at
from directory.rules.flaws import flaws
from directory.rules.intake import looked, row_faults, tidied
from directory.rules.quality import quality
from directory.terms.exchange import Note, Seen, SourceRefused
from directory.terms.records import Document, RecordKind

MOST_SHOWN: Final = 50
_LEVELS: Final[Mapping[int, str]] = {
    1: "Level 1 (what every feed must answer)",
    2: "Level 2 (what a whole feed answers)",
}
_WORDS: Final[Mapping[int, str]] = {1: "fault", 2: "warning, level 2", 3: "warning"}


@click.command("check")
@click.argument("what", metavar="FILE|URL")
def check(what: str) -> None:
    """Say what the official validator of Open Referral UK 3.0 would, each fault with its place.

    Ends with 1 where the validator would call it invalid. Of a file, each service is checked.
    """
    try:
        if "://" in what:
            right = _told_of_feed(check_feed(what), _today())
        else:
            right = _told_of_file(what, _today())
    except SourceRefused as error:
        raise click.ClickException(str(error)) from error
    if not right:
        raise click.exceptions.Exit(1)


def _today(clock: Clock = system_clock) -> date:
    return clock().date()


def _told_of_feed(report: FeedReport, on: date) -> bool:
    found = sorted(report.findings, key=lambda one: (one.level, not one.fails))
    _show(_line(one) for one in found)
    for level, said in _LEVELS.items():
        click.echo(f"{said}: {'passes' if report.passes(level) else 'fails'}")
    _tell_quality(report.services, on)
    return report.passes(1)


def _line(one: Finding) -> str:
    word = _WORDS[one.level] if one.fails else "warning"
    return f"{word}: {one.address} {one.fault.pointer}: {one.fault.detail}"


def _told_of_file(what: str, on: date) -> bool:
    source = source_at(what)
    faults: list[str] = []
    flawed: list[str] = []
    services: list[Document] = []
    try:
        for row in source.rows(0, Seen()):
            if isinstance(row, Note):
                faults.append(f"fault: {row.place} {row.pointer}: {row.detail}")
                continue
            document = looked(tidied(row.document))
            wrong = row_faults(row.kind, document)
            faults += [f"fault: {row.place} {one.pointer}: {one.detail}" for one in wrong]
            seen = flaws(document, on)
            flawed += [f"visible: {row.place} {one.pointer}: {one.detail}" for one in seen]
            if row.kind is RecordKind.SERVICE and not wrong:
                services.append({**document.document})
    finally:
        source.close()
    _show(faults)
    _show(flawed)
    click.echo(f"{len(services):,} services are right; {len(faults):,} faults in the others")
    _tell_quality(services, on)
    return not faults


def _show(lines: Iterable[str]) -> None:
    told = list(lines)
    for line in told[:MOST_SHOWN]:
        click.echo(line)
    if len(told) > MOST_SHOWN:
        click.echo(f"… and {len(told) - MOST_SHOWN:,} more of these")


def _tell_quality(services: list[Any], on: date) -> None:
    if services:
        click.echo("\n".join(_quality(services, on)))


def _quality(services: list[Any], on: date) -> Iterator[str]:
    judged = [quality(one, on) for one in services]
    mean = sum(one.score for one in judged) / len(judged)
    yield f"Quality, from 0 to 1: {mean:.2f} on average, of {len(judged):,} services"
    missing = Counter(word for one in judged for word in one.missing)
    for word, count in missing.most_common(5):
        yield f"  {count:,} lack {word}"
