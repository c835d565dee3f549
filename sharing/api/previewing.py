"""A door for IG leads: what would this agency see of this subject, and what stops the rest."""

from flask.views import MethodView
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions.disclosing import LogStopped
from sharing.actions.previewing import look, problem_of
from sharing.api.searching import WHOLE_LOG
from sharing.schemas.previewing import PreviewedSchema, PreviewRequestSchema
from sharing.terms.previewing import NotPreviewed, Previewed, Previewer, Question

blueprint = Blueprint(
    "previews", __name__, url_prefix="/v1/disclosures", description="What an agency would see"
)


def previewer() -> Previewer:
    """Return the client that calls, as one who previews."""
    who = caller()
    whole = WHOLE_LOG in who.scopes
    return Previewer(who.agency, whole, client_id=who.client_id, token_id=who.token_id)


@blueprint.route("/preview", endpoint="preview")
class Preview(MethodView):
    """What an agency would see of a subject today."""

    @requires("disclosure.preview")
    @blueprint.doc(operationId="previewDisclosures")
    @blueprint.arguments(PreviewRequestSchema)
    @blueprint.response(200, PreviewedSchema)
    @blueprint.alt_response(403, reference(403))
    @blueprint.alt_response(503, reference(503))
    def post(self, asked: Question) -> Previewed:
        """Say what an agency would see of a subject, and which rule stops the rest.

        It is decided as a request is, opens no record, and leaves an entry of its own in the log
        that says who looked and why. With `log.audit` all is told as it is. Without, an agency's
        IG lead is told the true rule for what their own agency holds, and for what their own agency
        would receive only what a request would be told; nothing of a subject who is shielded from
        their agency, and nothing between other agencies.
        """
        try:
            with transaction() as session:
                found = look(session, asked, previewer(), now)
        except SQLAlchemyError as error:
            raise LogStopped("The preview could not be logged, so nothing is told.") from error
        if isinstance(found, NotPreviewed):
            raise problem_of(found)
        return found
