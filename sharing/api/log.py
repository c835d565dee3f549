"""Doors to the log: an agency reads what concerns it, an IG lead with the scope all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.db import reading, reading_as_ig_lead
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.errors import UnknownEntry
from sharing.queries import log as queries
from sharing.queries.log import EntryLine, EntryOnFile
from sharing.rules.reading_log import hidden_about, hidden_facts, without
from sharing.schemas.log import EntryPageSchema, WholeEntrySchema

WHOLE_LOG = "log.audit"

blueprint = Blueprint(
    "log", __name__, url_prefix="/v1/log", description="What was asked, and what came of it"
)


@contextmanager
def reading_what_the_caller_may() -> Iterator[Session]:
    """Read as the role that sees all for the whole log's readers, else as the caller's agency."""
    if WHOLE_LOG in caller().scopes:
        with reading_as_ig_lead() as session:
            yield session
    else:
        with reading(speaking_for=caller().agency) as session:
            yield session


def as_read(one: EntryLine) -> EntryLine:
    """Return an entry as the caller may read it: of its own requests, what it was told."""
    who = caller()
    if WHOLE_LOG in who.scopes:
        return one
    hidden = hidden_facts(who.agency, one.facts, one.recipient, one.source)
    return replace(one, facts=without(one.facts, hidden))


def whole_as_read(one: EntryOnFile) -> EntryOnFile:
    """Return an entry with its personal half, both as the caller may read them."""
    who, line = caller(), one.line
    if WHOLE_LOG in who.scopes:
        return one
    hidden = hidden_about(who.agency, line.facts, line.recipient, line.source)
    about = None if one.about is None else without(one.about, hidden)
    return replace(one, line=as_read(line), about=about)


def the_entry(session: Session, entry: UUID) -> EntryOnFile:
    """Return an entry that this session may read; `UnknownEntry` if there is none."""
    found = queries.entry(session, entry)
    if found is None:
        raise UnknownEntry
    return found


@blueprint.route("/entries", endpoint="entries")
class Entries(MethodView):
    """The log, newest first."""

    @requires("log.read")
    @blueprint.doc(operationId="listEntries")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, EntryPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[EntryLine], dict[str, str]]:
        """List entries; nobody is named in a list.

        Of what it was asked, and of every other act of its own, an agency reads all. Of what it
        asked it reads what it was told: the true ground is for the source, and for `log.audit`.
        """
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading_what_the_caller_may() as session:
            rows = queries.entries(session, after=after, limit=window.limit)
        return page_of([as_read(one) for one in rows], window, lambda one: (one.id,))


@blueprint.route("/entries/<uuid:entry>", endpoint="entry")
class OneEntry(MethodView):
    """One line of the log."""

    @requires("log.read")
    @blueprint.doc(operationId="readEntry")
    @blueprint.response(200, WholeEntrySchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, entry: UUID) -> EntryOnFile:
        """Read an entry with everything that is not erased, and that the caller may know."""
        with reading_what_the_caller_may() as session:
            return whole_as_read(the_entry(session, entry))
