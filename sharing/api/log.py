"""Doors to the log: an agency reads what concerns it, an IG lead with the scope all of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Response, after_this_request
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.db import reading, reading_as_ig_lead
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.errors import UnknownEntry
from sharing.api.auditing import FHIR, as_audit_event, as_bundle, fhir_is_wanted
from sharing.queries import log as queries
from sharing.queries.auditing import kinds_of
from sharing.queries.log import EntryLine, EntryOnFile
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
    @blueprint.alt_response(200, content_type=FHIR)
    def get(self, asked: dict[str, Any]) -> tuple[Page[EntryLine], dict[str, str]] | Response:
        """List entries; nobody is named in a list. As FHIR it is a Bundle of AuditEvents."""
        after_this_request(_varies)
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading_what_the_caller_may() as session:
            rows = queries.entries(session, after=after, limit=window.limit)
            kinds = kinds_of(session, (one.id for one in rows)) if fhir_is_wanted() else {}
        page, headers = page_of(rows, window, lambda one: (one.id,))
        return as_bundle(page.items, kinds, headers) if fhir_is_wanted() else (page, headers)


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
            found = the_entry(session, entry)
        return as_audit_event(found) if fhir_is_wanted() else found


def _varies(answer: Response) -> Response:
    answer.vary.add("Accept")
    return answer
