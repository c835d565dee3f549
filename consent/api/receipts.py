"""Doors to receipts: what a family takes home, in plain words and for machines."""

import json
from typing import Any, Final
from uuid import UUID

from flask import Response, render_template
from flask.views import MethodView
from sqlalchemy.orm import Session

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.wire import Blueprint
from consent.actions import consents
from consent.actions.history import became
from consent.api.arriving import partners
from consent.queries import vocabulary
from consent.rules.receipts import Titles, fhir_bundle, receipt
from consent.schemas.consents import ConsentSchema
from consent.schemas.receipts import ReceiptSchema

FHIR: Final = "application/fhir+json"
_record = ConsentSchema()
blueprint = Blueprint(
    "receipts", __name__, url_prefix="/v1/consents", description="Receipts of what was agreed"
)


@blueprint.route("/<uuid:consent>/receipt")
class Receipt(MethodView):
    """The receipt of a consent, for programs."""

    @requires("consent.read")
    @blueprint.doc(operationId="readConsentReceipt")
    @blueprint.response(200, ReceiptSchema)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> dict[str, Any]:
        """Return the receipt, in the sections of ISO/IEC TS 27560."""
        at = now()
        record, titles = _read(consent)
        return receipt(record, titles, at)


@blueprint.route("/<uuid:consent>/receipt.html")
class ReceiptPage(MethodView):
    """The receipt of a consent, to read and to print."""

    @requires("consent.read")
    @blueprint.doc(operationId="printConsentReceipt")
    @blueprint.response(200, content_type="text/html")
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> Response:
        """Return the receipt as a page in plain words."""
        at = now()
        record, titles = _read(consent)
        page = render_template("consent/receipt.html", receipt=receipt(record, titles, at))
        return Response(page, content_type="text/html; charset=utf-8")


@blueprint.route("/<uuid:consent>/fhir")
class FhirConsent(MethodView):
    """A consent as FHIR."""

    @requires("consent.read")
    @blueprint.doc(operationId="exportConsentAsFhir")
    @blueprint.response(200, content_type=FHIR)
    @blueprint.alt_response(404, success=False)
    def get(self, consent: UUID) -> Response:
        """Return the consent as a FHIR R4 Bundle: one Consent for each subject."""
        at = now()
        with reading() as session:
            found = consents.readable(session, consent, caller().agency)
            record: dict[str, Any] = _record.dump(found)
            titles, last = _titles(session, record), became(session, found, at)
        written = json.dumps(fhir_bundle(record, titles, last), ensure_ascii=False)
        return Response(written, content_type=FHIR)


def _read(consent: UUID) -> tuple[dict[str, Any], Titles]:
    """Return a consent as it is written on the wire, and what its codes are called."""
    with reading() as session:
        record: dict[str, Any] = _record.dump(consents.readable(session, consent, caller().agency))
        return record, _titles(session, record)


def _titles(session: Session, record: dict[str, Any]) -> Titles:
    agencies = frozenset({*record["recipients"], *record["sources"], record["recorded_by"]})
    return vocabulary.titles(session, partners().names(session, agencies))
