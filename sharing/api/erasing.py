"""The door by which a person is erased, by the agency that registered them."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import erasing, reading
from app.kernel.named import NotAvailable
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from consent.queries.subjects import recorded_by
from sharing.actions import erasing as actions
from sharing.schemas.erasing import ErasedSchema, ErasureOrderSchema
from sharing.terms.rights import Actor, Erased, ErasureOrder

blueprint = Blueprint(
    "erasing", __name__, url_prefix="/v1/subjects", description="Erasing a person"
)


class _OnlyAsked(Exception):
    """Rolls a dry run back, and the entry with it that says what would be erased."""

    def __init__(self, erased: Erased) -> None:
        super().__init__()
        self.erased = erased


@blueprint.route("/<uuid:subject>/erasure", endpoint="erasure")
class Erasure(MethodView):
    """That nothing leads to a person any more."""

    @requires("subject.write")
    @blueprint.doc(operationId="eraseSubject")
    @blueprint.arguments(ErasureOrderSchema)
    @blueprint.response(200, ErasedSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any], subject: UUID) -> Erased:
        """Erase a subject everywhere, or say what would go; the log still verifies."""
        dry_run = body.pop("dry_run")
        order = ErasureOrder(subject, **body)
        who = actor()
        with reading() as session:
            if recorded_by(session, subject) != who.agency:
                raise NotAvailable
        try:
            with erasing(speaking_for=who.agency) as session:
                if dry_run:
                    asked = actions.would_erase(session, order, who, now())
                    raise _OnlyAsked(asked)  # noqa: TRY301  (it must leave the transaction)
                return actions.erase(session, order, who, now())
        except _OnlyAsked as undone:
            return undone.erased


def actor() -> Actor:
    """Return who acts by this request."""
    return Actor(caller().client_id, caller().agency, caller().token_id)
