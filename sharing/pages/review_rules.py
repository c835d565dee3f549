"""Red flags and their weights, tried on history before they are signed off; and the samples."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, reading_as_ig_lead, transaction
from app.kernel.named import NamedProblem
from sharing.actions.review_settings import Signature, sign, try_out
from sharing.pages.desk import IG_LEADS, REVIEWERS, typed
from sharing.pages.reviewing import examiner, reading_what_they_may
from sharing.queries import review_settings as queries
from sharing.queries.reviewing import flag_outcomes
from sharing.rules import review_words
from sharing.rules.dry_run import changed_rules
from sharing.schemas.review_settings import MOST_DAYS, ReviewValuesSchema
from sharing.terms.scoring import DryRun, Priority, RedFlag, ReviewSettings, Thresholds

SINGLE: Final = {
    "queue_from": "Queued from a score of",
    "high_from": "High priority from",
    "urgent_from": "Urgent from",
    "sample_per_mille": "Drawn at random, of 1,000 entries",
}
_VALUES: Final = ReviewValuesSchema()
_NEEDED: Final = {
    "signed_by": "Enter who signs this off, in 200 characters or fewer",
    "authority": "Say by what authority, in 500 characters or fewer",
}
_LONGEST: Final = {"signed_by": 200, "authority": 500}
_DAYS: Final = "Enter a number of days from 1 to 366"
_CHANGED: Final = "Change at least one number"

blueprint = Blueprint("ig_review_rule_pages", __name__, url_prefix="/ig/reviews")


@blueprint.get("/rules")
@for_people(REVIEWERS)
def rules() -> str:
    """Show each flag with its weight and what became of its items, and the settings in force."""
    return _page({})


@blueprint.post("/rules")
@for_people(IG_LEADS)
def sign_off() -> ResponseReturnValue:
    """Let changed settings hold from now, in the name of whoever signs them off."""
    changes, errors = _changes()
    errors |= {name: said for name, said in _NEEDED.items() if not _fits(name)}
    if errors:
        return _page(errors), 422
    at, by = now(), examiner()
    try:
        with transaction(speaking_for=by.agency) as session:
            sign(session, changes, Signature(typed("signed_by"), typed("authority"), at), by, at)
    except NamedProblem as refused:
        return _page({"values": refused.detail}), refused.status
    return redirect(url_for(".rules", done="signed"), 303)


@blueprint.post("/rules/dry-run")
@for_people(IG_LEADS)
def dry_run() -> ResponseReturnValue:
    """Say what changed settings would have queued of the past days; nothing changes."""
    changes, errors = _changes()
    days = int(typed("days")) if typed("days").isascii() and typed("days").isdigit() else 0
    if not 1 <= days <= MOST_DAYS:
        errors["days"] = _DAYS
    if errors:
        return _page(errors), 422
    by = examiner()
    with reading_as_ig_lead() as looking, transaction(speaking_for=by.agency) as session:
        run = try_out(session, looking, changes, days, by, at=now())
    return _page({}, run)


@blueprint.get("/samples")
@for_people(REVIEWERS)
def draws() -> str:
    """List what was committed to for each month, and what was told since."""
    with reading() as session:
        found = queries.draws(session, limit=queries.MOST_VERSIONS)
    return render_template("ig/draws.html", draws=found)


def _changes() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the settings that the form changes, and what is wrong with what was typed."""
    with reading() as session:
        in_force = queries.settings_at(session, now()).values
    known = dict(_numbers(in_force))
    given: dict[str, Any] = {}
    for name, value in known.items():
        said = typed(name)
        if said and said != str(value):
            group, _, member = name.partition(".")
            number = int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else said  # noqa: PLR2004  (more is out of every range)
            if member:
                given.setdefault(group, {})[member] = number
            else:
                given[group] = number
    if not given:
        return {}, {"values": _CHANGED}
    try:
        loaded: dict[str, Any] = _VALUES.load(given)
    except ValidationError as error:
        return {}, dict(_named(error.messages_dict))
    return loaded, {}


def _named(messages: Mapping[Any, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field of the form that something is wrong with, and what."""
    for name, said in messages.items():
        if isinstance(said, dict):
            yield from _named(said, f"{name}.")
        else:
            yield f"{within}{name}", said[0]


def _numbers(settings: ReviewSettings) -> Iterator[tuple[str, int]]:
    """Yield each number of the form by its field."""
    for flag in RedFlag:
        yield f"weights.{flag.value}", settings.weights[flag]
    for name, value in asdict(settings.thresholds).items():
        yield f"thresholds.{name}", value
    for priority in Priority:
        yield f"hours.{priority.value}", settings.hours[priority]
    for name in SINGLE:
        yield name, getattr(settings, name)


def _fits(name: str) -> bool:
    return 0 < len(typed(name)) <= _LONGEST[name]


def _page(errors: dict[str, str], run: DryRun | None = None) -> str:
    with reading() as session:
        in_force = queries.settings_at(session, now())
        versions = queries.settings_signed(session)
    may_sign = person_with(REVIEWERS).may(IG_LEADS)
    with reading_what_they_may() as session:
        outcomes = flag_outcomes(session) if may_sign else []
    numbers = {name: str(value) for name, value in _numbers(in_force.values)}
    return render_template(
        "ig/review_rules.html",
        in_force=in_force,
        versions=versions,
        outcomes=outcomes,
        typed=numbers | {"days": "30"} | request.form.to_dict(),
        thresholds=[one.name for one in fields(Thresholds)],
        single=SINGLE,
        words=review_words,
        may_sign=may_sign,
        errors=errors,
        run=run,
        rules=None if run is None else changed_rules(run),
        done="The settings hold from now." if request.args.get("done") == "signed" else None,
    )
