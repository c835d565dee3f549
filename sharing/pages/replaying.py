"""What would a draft of an agreement change: replays of it, for IG leads, before anyone signs."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import for_people
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from sharing.actions.errors import PreviewNotYours, UnknownAgreement, UnknownPreview
from sharing.actions.previewing import problem_of
from sharing.actions.replaying import begin, may_replay
from sharing.pages.previewing import PREVIEWERS, previewer, words
from sharing.queries import agreements as agreement_queries
from sharing.queries import replaying as queries
from sharing.rules.replaying import as_told
from sharing.schemas.previewing import LONGEST_REASON
from sharing.schemas.replaying import changes, failure, groups, plain
from sharing.terms.agreements import AgreementOnFile, VersionOnFile
from sharing.terms.previewing import NotPreviewed
from sharing.terms.replaying import MOST_DAYS, USUAL_DAYS, Difference, Replay, ReplayPlan

PAGE_SIZE: Final = 50
MOST_SHOWN: Final = 20
CHANGES: Final = {
    "same": "The same answer",
    "newly_permitted": "Refused before, permitted after",
    "newly_refused": "Permitted before, refused after",
    "other_categories": "Permitted before and after, but other information",
    "other_reason": "The same is told, or nothing, for another reason",
}
FIELDS: Final = ("reason", "days")

blueprint = Blueprint("ig_agreement_pages", __name__, url_prefix="/ig/agreements")


@blueprint.get("")
@for_people(PREVIEWERS)
def agreements() -> str:
    """List the agreements, with how many versions each has."""
    with reading() as session:
        listed = agreement_queries.agreements(session, after=None, limit=1000)
    return render_template("ig/agreements.html", agreements=listed)


@blueprint.get("/<code>")
@for_people(PREVIEWERS)
def agreement(code: str) -> str:
    """Show an agreement's versions, with what each would have changed; ask about a draft."""
    return _agreement(code, {}, {})


@blueprint.post("/<code>/versions/<int:number>/preview")
@for_people(PREVIEWERS)
def start(code: str, number: int) -> ResponseReturnValue:
    """Have a draft replayed, and lead to where its result will be."""
    typed = {name: request.form.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    errors = _wrong(typed)
    if errors:
        return _agreement(code, typed, errors), 422
    plan = ReplayPlan(code, number, typed["reason"], int(typed["days"] or USUAL_DAYS))
    with transaction() as session:
        made = begin(session, plan, previewer(), now)
    if isinstance(made, NotPreviewed):
        raise problem_of(made)
    return redirect(url_for(".replay", code=code, number=number, preview=made), 303)


@blueprint.get("/<code>/versions/<int:number>/preview/<uuid:preview>")
@for_people(PREVIEWERS)
def replay(code: str, number: int, preview: UUID) -> str:
    """Show how far a replay is and what it found, difference by difference."""
    after = _after()
    with reading() as session:
        found = _held(session, code)
        result = queries.replay(session, code, number, preview)
        called = words(session)
    if result is None:
        raise UnknownPreview
    listed = _differences(preview, after)
    return render_template(
        "ig/replay.html",
        agreement=found,
        replay=result,
        failure=failure(result),
        counted=_counted(result),
        groups=_groups(result),
        differences=listed[:PAGE_SIZE],
        more=listed[PAGE_SIZE - 1][0] if len(listed) > PAGE_SIZE else None,
        changes=CHANGES,
        called=called,
        plain=plain,
        whole=previewer().whole,
    )


def _agreement(code: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with reading() as session:
        found = _held(session, code)
        replays = {
            one.version: queries.replays(session, code, one.version, after=None, limit=MOST_SHOWN)
            for one in found.versions
        }
    drafts = _drafts(found)
    return render_template(
        "ig/agreement.html",
        agreement=found,
        drafts=drafts,
        replays=replays,
        typed=typed or {"days": str(USUAL_DAYS)},
        errors=errors,
        fields=FIELDS,
    )


def _held(session: Session, code: str) -> AgreementOnFile:
    """Return an agreement; `PreviewNotYours` for somebody whose agency has no part in it."""
    found = agreement_queries.agreement(session, code)
    if found is None:
        raise UnknownAgreement
    if not may_replay(session, code, previewer(), now()):
        raise PreviewNotYours
    return found


def _drafts(found: AgreementOnFile) -> frozenset[int]:
    """Return the versions that can still be put in force."""
    if found.terminated_at is not None:
        return frozenset()
    active = [one.version for one in found.versions if one.activated_at is not None]
    newest = max(active, default=0)
    return frozenset(one.version for one in found.versions if _can_be(one, newest))


def _can_be(one: VersionOnFile, newest: int) -> bool:
    return one.version > newest and one.content_sha256 is not None


def _differences(preview: UUID, after: int) -> list[tuple[int, Difference]]:
    """Return what this person may see of what would change, as the log would show it to them."""
    by = previewer()
    opened = reading_as_ig_lead() if by.whole else reading(speaking_for=by.agency)
    with opened as session:
        rows = queries.differences(session, preview, after=after, limit=PAGE_SIZE + 1)
    return rows if by.whole else [(number, as_told(one, by.agency)) for number, one in rows]


def _groups(result: Replay) -> list[dict[str, Any]]:
    """Return what changes from which reason to which, as this person may know it."""
    by = previewer()
    if not by.whole:
        with reading(speaking_for=by.agency) as session:
            result.tally.groups = queries.groups_shown(session, result.id, by.agency)
    return groups(result)


def _counted(found: Replay) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return each part's counts, in words."""
    tally = found.tally
    parts = {
        "What was asked": changes(tally.requests),
        "What could be asked now": changes(tally.subjects),
    }
    return [
        (title, [(said, counts[name]) for name, said in CHANGES.items()])
        for title, counts in parts.items()
    ]


def _wrong(typed: Mapping[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not typed["reason"]:
        errors["reason"] = "Say why you look: it is kept in the log"
    elif len(typed["reason"]) > LONGEST_REASON:
        errors["reason"] = f"Say why in {LONGEST_REASON} characters or fewer"
    days = typed["days"] or str(USUAL_DAYS)
    if not (days.isascii() and days.isdigit() and 1 <= int(days[:9]) <= MOST_DAYS):
        errors["days"] = f"Enter a number of days from 1 to {MOST_DAYS}"
    return errors


def _after() -> int:
    """Return the number that the page before ended with; 0 where the address says none."""
    asked: Any = request.args.get("after", "")
    return int(asked[:9]) if asked.isascii() and asked.isdigit() else 0
