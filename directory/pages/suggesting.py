"""What is typed into the search, completed: an addition for browsers that run scripts."""

from typing import Final

from flask import Blueprint, Response, request

from app.kernel.auth import public
from app.kernel.db import reading
from directory.pages.searching import FOR_ANYONE, json_answer, private
from directory.pages.viewing import viewer
from directory.queries.suggesting import suggestions

_LONGEST_PREFIX: Final = 100

blueprint = Blueprint("suggestion_pages", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep what was typed."""
    return private(response)


@blueprint.post("/search/suggestions")
@public(FOR_ANYONE)
def suggested() -> Response:
    """Say how what was typed so far could go on."""
    prefix = request.form.get("words", "").replace("\x00", "")[:_LONGEST_PREFIX]
    with reading() as session:
        found = suggestions(session, prefix, viewer()) if prefix.strip() else []
    return json_answer({"items": [{"text": one.text, "what": one.what} for one in found]})
