"""Services that may be there twice: what speaks for it, and an editor's decision."""

from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from directory.actions.duplicates import Decision, decide
from directory.pages.managing import (
    EDITORS,
    actor,
    done,
    seen_by_editor,
    typed_text,
)
from directory.queries.duplicates import DuplicateSeen, duplicate, duplicates
from directory.queries.naming import names_told
from directory.rules.change_words import documents_of, lines
from directory.rules.differences import differences
from directory.terms.exchange import Verdict
from directory.terms.records import Authorship, Origin

MOST_LISTED: Final = 50
KEEP_ONE: Final = "keep_one"
KEEP_OTHER: Final = "keep_other"
DIFFERENT: Final = "different"
NO_DECISION: Final = "Say whether they are one service"

blueprint = Blueprint("manage_duplicate_pages", __name__, url_prefix="/manage/duplicates")


@blueprint.get("")
@for_people(EDITORS)
def waiting() -> str:
    """List the pairs that nobody has decided on, or those that were; the likeliest first."""
    decided = request.args.get("state") == "decided"
    with reading() as session:
        found = duplicates(
            session, seen_by_editor(), decided=decided, after=None, limit=MOST_LISTED
        )
    return render_template(
        "manage/duplicates.html", pairs=found, decided=decided, most=MOST_LISTED, done=done()
    )


@blueprint.get("/<uuid:pair>")
@for_people(EDITORS)
def pair(pair: UUID) -> str:
    """Show two services side by side, with the form to decide."""
    return _page(pair)


@blueprint.post("/<uuid:pair>")
@for_people(EDITORS)
def say(pair: UUID) -> ResponseReturnValue:
    """Write down what was decided; of two that are one, the other record ends."""
    chosen = request.form.get("decision", "")
    if chosen not in {KEEP_ONE, KEEP_OTHER, DIFFERENT}:
        return _page(pair, {"decision": NO_DECISION}), 422
    by = Authorship(actor().id, Origin.EDITED, agency=actor().agency)
    try:
        with transaction() as session:
            seen = duplicate(session, pair, seen_by_editor())
            decide(session, pair, _decision(seen, chosen), by, now())
    except NamedProblem as problem:
        return _page(pair, {"": problem.detail}), problem.status
    return redirect(url_for(".waiting", done="decided"), 303)


def _decision(seen: DuplicateSeen, chosen: str) -> Decision:
    note = typed_text("note") or None
    if chosen == DIFFERENT:
        return Decision(Verdict.DIFFERENT, None, note)
    both = seen.duplicate.pair
    return Decision(Verdict.SAME, both.one if chosen == KEEP_ONE else both.other, note)


def _page(pair_id: UUID, errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        seen = duplicate(session, pair_id, seen_by_editor())
        apart = differences(seen.one, seen.other)
        names = names_told(session, [seen.one, seen.other, *documents_of(apart)])
    return render_template(
        "manage/duplicate.html",
        seen=seen,
        apart=lines(apart, names),
        choices=[
            (KEEP_ONE, "They are one service: the first record stays, the second ends"),
            (KEEP_OTHER, "They are one service: the second record stays, the first ends"),
            (DIFFERENT, "They are two services"),
        ],
        errors=errors or {},
        typed={"note": typed_text("note"), "decision": request.form.get("decision", "")},
    )
