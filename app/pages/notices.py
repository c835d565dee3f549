"""Pages with the very words that people are shown before they answer."""

from typing import Final

from flask import Blueprint, Response, abort, render_template

from app.kernel.auth import public
from app.kernel.db import reading
from app.kernel.schema import unstorable
from consent.queries.notices import PrivacyNotice, notice, notices
from consent.rules.notices import direction

_FOR_ANYONE: Final = "a family keeps the address of the notice that it was shown"
_MOST: Final = 500

blueprint = Blueprint("notice_pages", __name__)


@blueprint.get("/notices")
@public(_FOR_ANYONE)
def listed() -> str:
    """List every notice in every version and language."""
    with reading() as session:
        found = notices(session, None, _MOST)
    return render_template("partnership/notices.html", notices=found)


@blueprint.get("/notices/<code>/<version>/<language>")
@public(_FOR_ANYONE)
def shown(code: str, version: str, language: str) -> str:
    """Show one notice, word for word."""
    found = _found(code, version, language)
    return render_template(
        "partnership/notice.html", notice=found, direction=direction(found.language)
    )


@blueprint.get("/notices/<code>/<version>/<language>/text")
@public(_FOR_ANYONE)
def text(code: str, version: str, language: str) -> Response:
    """Return the bytes of a notice, whose SHA-256 stands in every receipt that rests on it."""
    found = _found(code, version, language)
    return Response(found.text.encode(), content_type="text/plain; charset=utf-8")


def _found(code: str, version: str, language: str) -> PrivacyNotice:
    if any(unstorable(part) for part in (code, version, language)):
        abort(404)
    with reading() as session:
        found = notice(session, (code, version, language))
    if found is None:
        abort(404)
    return found
