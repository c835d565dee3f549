"""Doors to the log: an agency reads what concerns it, an IG lead with the scope all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, after_this_request
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import requires
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.errors import UnknownEntry
from sharing.api.auditing import FHIR, as_audit_event, as_bundle, fhir_is_wanted
from sharing.api.searching import Reviewed, as_read, log_read, log_reader, reading_as, reviewed
from sharing.queries import log as queries
from sharing.queries.auditing import kinds_of
from sharing.queries.log import EntryOnFile
from sharing.rules.reading_log import hidden_about, without
from sharing.schemas.log import EntryPageSchema, WholeEntrySchema
from sharing.schemas.searching import LogQuerySchema, LogSearchSchema

blueprint = Blueprint(
    "log", __name__, url_prefix="/v1/log", description="What was asked, and what came of it"
)


@contextmanager
def reading_what_the_caller_may() -> Iterator[Session]:
    """Read as the role that sees all for the whole log's readers, else as the caller's agency."""
    with reading_as(log_reader()) as session:
        yield session


def whole_as_read(one: EntryOnFile) -> EntryOnFile:
    """Return an entry with its personal half, both as the caller may read them."""
    by, line = log_reader(), one.line
    if by.whole:
        return one
    hidden = hidden_about(by.agency, line.facts, line.recipient, line.source)
    about = None if one.about is None else without(one.about, hidden)
    return replace(one, line=as_read(by, line), about=about)


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
    @blueprint.arguments(LogQuerySchema, location="query")
    @blueprint.response(200, EntryPageSchema)
    @blueprint.alt_response(200, content_type=FHIR)
    @blueprint.alt_response(403, reference(403))
    def get(self, asked: dict[str, Any]) -> tuple[Reviewed, dict[str, str]] | Response:
        """List entries; nobody is named in a list. As FHIR it is a Bundle of AuditEvents.

        Every filter narrows it. That the list was read is an entry itself, which comes after it.
        Of what it was asked, and of every other act of its own, an agency reads all. Of what it
        asked it reads what it was told: the true ground is for the source, and for `log.audit`.
        """
        after_this_request(_varies)
        page, headers = reviewed(asked, "parameter")
        return _as_wanted(page, headers)


@blueprint.route("/entries/search", endpoint="search")
class Search(MethodView):
    """A search of the log whose filters may name a person."""

    @requires("log.read")
    @blueprint.doc(operationId="searchEntries")
    @blueprint.arguments(LogSearchSchema)
    @blueprint.response(200, EntryPageSchema)
    @blueprint.alt_response(200, content_type=FHIR)
    @blueprint.alt_response(403, reference(403))
    def post(self, asked: dict[str, Any]) -> tuple[Reviewed, dict[str, str]] | Response:
        """Search entries by filters of which some may name a practitioner, a subject or a family.

        A subject whom nobody knows and one of whom nothing is logged give the same empty page.
        """
        after_this_request(_varies)
        page, headers = reviewed(asked, "pointer")
        return _as_wanted(page, headers)


@blueprint.route("/entries/<uuid:entry>", endpoint="entry")
class OneEntry(MethodView):
    """One line of the log."""

    @requires("log.read")
    @blueprint.doc(operationId="readEntry")
    @blueprint.response(200, WholeEntrySchema)
    @blueprint.alt_response(200, content_type=FHIR)
    @blueprint.alt_response(404, reference(404))
    def get(self, entry: UUID) -> EntryOnFile | Response:
        """Read an entry with everything that is not erased; as FHIR it is an AuditEvent (BALP)."""
        after_this_request(_varies)
        with reading_what_the_caller_may() as session:
            found = whole_as_read(the_entry(session, entry))
        log_read(log_reader(), {"act": "entry", "entry": str(entry)})
        return as_audit_event(found) if fhir_is_wanted() else found


def _as_wanted(
    page: Reviewed, headers: dict[str, str]
) -> tuple[Reviewed, dict[str, str]] | Response:
    if not fhir_is_wanted():
        return page, headers
    with reading_what_the_caller_may() as session:
        kinds = kinds_of(session, (one.id for one in page.items))
    return as_bundle(page.items, kinds, headers)


def _varies(answer: Response) -> Response:
    answer.vary.add("Accept")
    return answer
