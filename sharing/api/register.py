"""Doors to the agreements as a whole: the public register, records of processing, what falls due.

The register needs no token: the public may know which bodies share what kinds of data and why
(Digital Economy Act 2017, Part 5). Nothing in it is about a person.
"""

from datetime import timedelta
from typing import Any

from flask import Response
from flask.views import MethodView

from app.kernel.auth import caller, public, requires
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.paging import Key, Page, PageQuerySchema, page_of, window_of
from app.kernel.wire import Blueprint
from sharing.queries import register as queries
from sharing.schemas.register import (
    CSV,
    AgreementDuePageSchema,
    AgreementDueQuerySchema,
    AgreementTemplatesSchema,
    RegisterPageSchema,
    processing_csv,
    register_csv,
)
from sharing.terms.register import AgreementDue, Entry
from sharing.terms.templates import Template
from sharing.terms.worked.shelf import WORKED

_WHY_PUBLIC = "the public may know which bodies share what kinds of data, why and for how long"
blueprint = Blueprint(
    "register", __name__, url_prefix="/v1/agreements", description="All agreements at a glance"
)


def _file(text: str, name: str) -> Response:
    answer = Response(text, content_type=f"{CSV}; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.route("/register", endpoint="register")
class Register(MethodView):
    """The public register of agreements."""

    @public(_WHY_PUBLIC)
    @blueprint.doc(operationId="readRegister")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, RegisterPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Entry], dict[str, str]]:
        """List the agreements: who shares what kinds of data, why and for how long."""
        window = window_of(asked)
        after = str(window.after[0]) if window.after else None
        with reading() as session:
            rows = queries.entries(session, now(), after=after, limit=window.limit)
        return page_of(rows, window, lambda one: (one.code,))


@blueprint.route("/register.csv", endpoint="register_table")
class RegisterTable(MethodView):
    """The public register as a table."""

    @public(_WHY_PUBLIC)
    @blueprint.doc(operationId="downloadRegister")
    @blueprint.response(200, content_type=CSV)
    def get(self) -> Response:
        """Download the register."""
        with reading() as session:
            rows = queries.entries(session, now())
        return _file(register_csv(rows), "agreements.csv")


@blueprint.route("/processing-record.csv", endpoint="processing_record")
class ProcessingRecord(MethodView):
    """What the caller's agency tells and is told under agreements in force."""

    @requires("agreement.read")
    @blueprint.doc(operationId="downloadProcessingRecord")
    @blueprint.response(200, content_type=CSV)
    def get(self) -> Response:
        """Download the record of processing (UK GDPR Article 30) of the caller's own agency."""
        agency = caller().agency
        with reading() as session:
            rows = queries.processing_record(session, agency, now())
            named = {agency} | {one for row in rows for one in row.flow.sources}
            named |= {one for row in rows for one in row.flow.recipients}
            name = queries.processing_names(session, frozenset(named))
        return _file(processing_csv(rows, name), "processing-record.csv")


@blueprint.route("/due", endpoint="due")
class AgreementsDue(MethodView):
    """What is to be done about agreements."""

    @requires("agreement.read")
    @blueprint.doc(operationId="listAgreementsDue")
    @blueprint.arguments(AgreementDueQuerySchema, location="query")
    @blueprint.response(200, AgreementDuePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[AgreementDue], dict[str, str]]:
        """List what is to be signed, reviewed and renewed, by date."""
        at, window = now(), window_of(asked)
        with reading() as session:
            rows = queries.due(session, at, at + timedelta(days=asked["within_days"]))
        rest = [one for one in rows if window.after is None or _key(one) > window.after]
        return page_of(rest[: window.limit], window, _key)


@blueprint.route("/templates", endpoint="templates")
class Templates(MethodView):
    """Worked examples."""

    @requires("agreement.read")
    @blueprint.doc(operationId="listAgreementTemplates")
    @blueprint.response(200, AgreementTemplatesSchema)
    def get(self) -> dict[str, list[Template]]:
        """List worked examples, from each of which a draft can be made by naming its members."""
        return {"items": list(WORKED.values())}


def _key(one: AgreementDue) -> Key:
    return one.on, one.agreement, one.version, one.kind.value
