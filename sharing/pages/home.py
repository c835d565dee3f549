"""Where information governance leads begin: each of their pages, and what waits there."""

from typing import Final

from flask import Blueprint, render_template

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading
from sharing.pages.desk import IG_LEADS
from sharing.pages.previewing import PREVIEWERS, previewer
from sharing.queries import desk
from sharing.terms.register import DueKind

TO_DO: Final = {
    DueKind.SIGN: "to be signed",
    DueKind.REVIEW: "to be reviewed",
    DueKind.RENEW: "expires, unless it is renewed",
}

blueprint = Blueprint("ig_home_pages", __name__, url_prefix="/ig")


@blueprint.get("")
@for_people(PREVIEWERS)
def home() -> str:
    """Lead to every page of the desk, and say how much waits on each."""
    at = now()
    by = previewer()
    with reading() as session:
        packs = desk.packs_waiting(session, at.date())
        holds = desk.holds_standing(session)
        agreements = desk.agreements_due(session, at, None if by.whole else by.agency)
    return render_template(
        "ig/home.html",
        packs=packs,
        holds=holds,
        agreements=agreements,
        to_do=TO_DO,
        reviews=IG_LEADS,
        at=at,
    )
