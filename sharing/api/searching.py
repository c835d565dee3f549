"""What reading the log is for its doors: logged first, then read as far as the reader may."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.auth import caller
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.paging import Page, PageMark, page_of, page_until, window_of
from sharing.actions.searching import Reading, append_reading, begin_search
from sharing.actions.searching_errors import FilterRefused
from sharing.queries import log as entries_on_file
from sharing.queries.indexing import Extent, extent
from sharing.queries.log import EntryLine
from sharing.queries.searching import Count, Sought, count, find
from sharing.rules.reading_log import hidden_facts, without
from sharing.rules.searching import is_filtered
from sharing.schemas.searching import is_on, search_of
from sharing.terms.searching import LogReader, LogSearch

WHOLE_LOG: Final = "log.audit"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A page of entries, how far the search reached, and the count if one was wanted."""

    items: list[EntryLine]
    page: PageMark
    reach: Extent | None
    count: Count | None


def log_reader() -> LogReader:
    """Return the client that calls, as one who reads the log."""
    who = caller()
    return LogReader(who.agency, WHOLE_LOG in who.scopes, who.client_id, who.token_id)


def as_read(by: LogReader, one: EntryLine) -> EntryLine:
    """Return an entry as somebody may read it: of their agency's requests, what it was told."""
    if by.whole:
        return one
    hidden = hidden_facts(by.agency, one.facts, one.recipient, one.source)
    return replace(one, facts=without(one.facts, hidden))


@contextmanager
def reading_as(by: LogReader) -> Iterator[Session]:
    """Read as the role that sees all for the whole log's readers, else as the reader's agency."""
    with reading_as_ig_lead() if by.whole else reading(speaking_for=by.agency) as session:
        yield session


def log_read(by: LogReader, said: Mapping[str, Any]) -> UUID:
    """Have the log say what is read, before it is; return the entry that says so."""
    with transaction(speaking_for=by.agency) as session:
        return append_reading(session, by, Reading(said), now()).id


def begun(by: LogReader, search: LogSearch, where: str) -> Sought:
    """Have the log say what is looked for; `where` says how an error names a filter."""
    try:
        with transaction(speaking_for=by.agency) as session:
            return begin_search(session, search, by, now())
    except FilterRefused as error:
        raise FilterRefused(error.wrong, where=where) from error


def reviewed(asked: Mapping[str, Any], where: str) -> tuple[Reviewed, dict[str, str]]:
    """Return the page of entries that validated arguments ask for, and its headers."""
    by, search = log_reader(), search_of(asked)
    wants_count = is_on(asked.get("count"))
    window = window_of({name: value for name, value in asked.items() if name != "count"})
    after = UUID(str(window.after[0])) if window.after else None
    sought = begun(by, search, where)
    page: Page[EntryLine]
    with reading_as(by) as session:
        counted = count(session, sought) if wants_count else None
        if is_filtered(search):
            reach = extent(session)
            found = find(session, sought, after, window.size)
            resume = None if found.resume is None else (found.resume,)
            page, headers = page_until(found.entries, window, resume)
        else:
            reach = None
            rows = entries_on_file.entries(session, after=after, limit=window.limit, but=sought.by)
            page, headers = page_of(rows, window, lambda one: (one.id,))
    return Reviewed([as_read(by, one) for one in page.items], page.page, reach, counted), headers
