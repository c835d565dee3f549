"""Doors to privacy notices: what people are shown before they answer."""

from typing import Any

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.wire import Blueprint, body_up_to
from consent.actions.notices import NewNotice, publish
from consent.api.arriving import writer
from consent.queries import notices
from consent.queries.notices import Place, PrivacyNotice
from consent.schemas.notices import NewNoticeSchema, NoticePageSchema, PrivacyNoticeSchema

LARGEST = 128 * 1024
blueprint = Blueprint(
    "privacy_notices", __name__, url_prefix="/v1/consents/notices", description="Privacy notices"
)


@blueprint.route("")
class Notices(MethodView):
    """What people are shown before they answer."""

    @requires("consent.read")
    @blueprint.doc(operationId="listPrivacyNotices")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, NoticePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[PrivacyNotice], dict[str, str]]:
        """List privacy notices by code, version and language, with their texts."""
        window = window_of(asked)
        with reading() as session:
            rows = notices.notices(session, _place(window.after), window.limit)
        return page_of(rows, window, lambda one: (one.code, one.version, one.language))

    @requires("settings.write")
    @body_up_to(LARGEST)
    @blueprint.doc(operationId="publishPrivacyNotice")
    @blueprint.arguments(NewNoticeSchema)
    @blueprint.response(201, PrivacyNoticeSchema)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any]) -> tuple[PrivacyNotice, dict[str, str]]:
        """Put a version of a notice on file in one language; it is never changed."""
        at = now()
        with transaction() as session:
            made = publish(session, NewNotice(**({"starts": at} | body)), writer(), at)
        return made, {"Location": f"/notices/{made.code}/{made.version}/{made.language}"}


def _place(after: tuple[Any, ...] | None) -> Place | None:
    if after is None:
        return None
    code, version, language = map(str, after)
    return code, version, language
