"""Entries of the log as FHIR, for who asks for it by `Accept: application/fhir+json`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, request

from app.kernel.wire import JSON
from sharing.actions.log import ORIGIN
from sharing.chain.leaves import parse_leaf
from sharing.queries.log import EntryLine, EntryOnFile
from sharing.rules.auditing import audit_event, bundle
from sharing.terms.auditing import Event, Person

FHIR: Final = "application/fhir+json"


def fhir_is_wanted() -> bool:
    """Say whether the request prefers FHIR; parameters such as `fhirVersion` do not matter."""
    for kind, quality in request.accept_mimetypes:
        form = kind.partition(";")[0].strip().lower()
        if quality and form in {FHIR, JSON, "application/*", "*/*"}:
            return form == FHIR
    return False


def as_audit_event(entry: EntryOnFile) -> Response:
    """Return one entry as an AuditEvent, with what the entry itself says of people."""
    kind = parse_leaf(entry.leaf.encode()).kind
    event = _event(entry.line, kind, Person(entry.about, entry.erased_by))
    return _fhir(audit_event(event, current_app.extensions[ORIGIN]))


def as_bundle(
    lines: Iterable[EntryLine], kinds: Mapping[UUID, str], headers: Mapping[str, str]
) -> Response:
    """Return a page of entries as a Bundle of AuditEvents; nobody is named in a list."""
    events = (_event(one, kinds[one.id], None) for one in lines)
    answer = _fhir(bundle(events, current_app.extensions[ORIGIN]))
    answer.headers.extend(headers)
    return answer


def _event(line: EntryLine, kind: str, person: Person | None) -> Event:
    return Event(
        line.id, line.at, kind, line.recipient, line.source, line.outcome, line.facts, person
    )


def _fhir(said: dict[str, Any]) -> Response:
    return Response(json.dumps(said, ensure_ascii=False), content_type=FHIR)
