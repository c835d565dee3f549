"""Pages on how the partnership shares: its agreements in plain words, and the rules it signed off.

Both are for anyone: they say which bodies share what and why, and nothing about a person.
"""

from typing import Final

from flask import Blueprint, render_template

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from consent.queries.vocabulary import settings
from sharing.queries.register import entries
from sharing.queries.retention import in_force, signed
from sharing.terms.rights import RetentionCode

_FOR_ANYONE: Final = "the public may know what agencies share, why, and by which rules"

blueprint = Blueprint("partnership_pages", __name__)


@blueprint.get("/agreements")
@public(_FOR_ANYONE)
def agreements() -> str:
    """Say who shares what kinds of data, why, and for how long it is kept."""
    with reading() as session:
        found = entries(session, now())
    return render_template("partnership/agreements.html", agreements=found)


@blueprint.get("/settings")
@public(_FOR_ANYONE)
def policy() -> str:
    """Say which rules the partnership has signed off, who did, when and on whose authority."""
    at = now()
    with reading() as session:
        found = settings(session, at)
        kept = in_force(session, at)
        signed_for = signed(session)
    return render_template(
        "partnership/settings.html",
        settings=found,
        kept=kept,
        signed_for=signed_for,
        classes=list(RetentionCode),
    )
