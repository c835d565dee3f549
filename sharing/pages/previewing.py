"""What would this agency see of this child today, and which rule stops the rest: for IG leads.

Whom it is about stands in the body of a form and on the page that answers it, never in an address;
no cache keeps that page, as none keeps any page for somebody who is signed in.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel.auth import for_people, person_with
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.named import NamedProblem
from consent.queries.vocabulary import titles
from consent.rules.identifiers import AGENCY_SCHEME
from consent.rules.receipts import Titles
from directory.queries.agencies import agencies
from sharing.actions.disclosing import LogStopped
from sharing.actions.errors import UnknownWord
from sharing.actions.previewing import look, problem_of
from sharing.rules.plain_words import why
from sharing.schemas.previewing import PreviewRequestSchema
from sharing.terms.codes import Kind, OverrideReason
from sharing.terms.previewing import NotPreviewed, Previewed, Previewer, Question, Verdict

PREVIEWERS: Final = "disclosure.preview"
WHOLE_LOG: Final = "log.audit"
SCHEMES: Final = (
    ("nhs_number", "NHS number"),
    ("upn", "Unique pupil number"),
    ("mosaic", "Mosaic number"),
    ("liquidlogic", "Liquidlogic number"),
)
KINDS: Final = ((Kind.CONTENT.value, "Records"), (Kind.POINTER.value, "Only who is involved"))
OVERRIDES: Final = (
    (OverrideReason.RISK_OF_SIGNIFICANT_HARM.value, "Risk of significant harm"),
    (OverrideReason.VITAL_INTERESTS.value, "Vital interests"),
    (OverrideReason.SERIOUS_CRIME.value, "A serious crime"),
    (OverrideReason.COURT_ORDER.value, "An order of a court"),
)
FIELDS: Final = (
    *("recipient", "scheme", "value", "reason", "source", "purpose", "kind"),
    *("practitioner", "override"),
)
_QUESTION: Final = PreviewRequestSchema()
_ASK: Final = {
    "recipient": "Choose the agency whose view you want",
    "scheme": "Choose which number it is",
    "value": "Enter the number",
    "reason": "Say why you look: it is kept in the log",
}

blueprint = Blueprint("ig_preview_pages", __name__, url_prefix="/ig/preview")


def previewer() -> Previewer:
    """Return whoever is signed in, as one who previews."""
    person = person_with(PREVIEWERS)
    return Previewer(person.agency, person.may(WHOLE_LOG), person=person.username)


@blueprint.get("")
@for_people(PREVIEWERS)
def form() -> str:
    """Ask whose view of whom is wanted, and why."""
    return _page({}, {})


@blueprint.post("")
@for_people(PREVIEWERS)
def answer() -> ResponseReturnValue:
    """Say what that agency would see, and which rule stops the rest; it is in the log by then."""
    typed = {name: request.form.get(name, "").replace("\x00", "").strip() for name in FIELDS}
    asked, errors = _read(typed)
    if asked is None:
        return _page(typed, errors), 422
    try:
        with transaction() as session:
            found = look(session, asked, previewer(), now)
    except SQLAlchemyError as error:
        raise LogStopped("The preview could not be logged, so nothing is told.") from error
    except UnknownWord as error:
        return _page(typed, _named(error)), error.status
    if isinstance(found, NotPreviewed):
        refused = problem_of(found)
        return _page(typed, _named(refused)), refused.status
    return _page(typed, {}, found)


def words(session: Session) -> Titles:
    """Return what agencies, purposes and categories are called."""
    return titles(session, {one.code: one.name for one in agencies(session)})


def _read(typed: Mapping[str, str]) -> tuple[Question | None, dict[str, list[str]]]:
    missing = {name: [said] for name, said in _ASK.items() if not typed[name]}
    if missing:
        return None, missing
    chosen = {name: typed[name] or None for name in ("source", "purpose", "kind", "override")}
    body = chosen | {
        "subject": {"identifiers": [{"scheme": typed["scheme"], "value": typed["value"]}]},
        "recipient": typed["recipient"],
        "reason": typed["reason"],
        "practitioner": {"id": typed["practitioner"]},
    }
    try:
        asked: Question = _QUESTION.load(body)
    except ValidationError as error:
        return None, dict(_flat(error.messages_dict))
    return asked, {}


def _flat(messages: Mapping[Any, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield each field of the form that something is wrong with, and what."""
    for name, said in messages.items():
        if isinstance(said, dict):
            inner = dict(_flat(said))
            yield from ([("practitioner", inner["id"])] if "id" in inner else inner.items())
        else:
            yield str(name), list(said)


def _named(error: NamedProblem) -> dict[str, list[str]]:
    where = [one["pointer"].removeprefix("#/") for one in error.errors] or ["recipient"]
    return {one: [error.detail] for one in where}


def _page(
    typed: Mapping[str, str], errors: Mapping[str, list[str]], found: Previewed | None = None
) -> str:
    with reading() as session:
        called = words(session)
    return render_template(
        "ig/preview.html",
        typed=typed,
        errors=errors,
        fields=FIELDS,
        called=called,
        agencies=_sorted(called.agencies),
        purposes=_sorted(called.purposes),
        schemes=[*SCHEMES, *_local_schemes(called.agencies)],
        kinds=KINDS,
        overrides=OVERRIDES,
        found=found,
        by_source={} if found is None else _by_source(found),
        why=why,
        whole=previewer().whole,
    )


def _by_source(found: Previewed) -> dict[str, tuple[list[Verdict], list[Verdict]]]:
    """Return by source what would be told, and what is stopped."""
    listed: dict[str, tuple[list[Verdict], list[Verdict]]] = {}
    for one in found.verdicts:
        listed.setdefault(one.source, ([], []))[one.reason is not None].append(one)
    return listed


def _sorted(named: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(named.items(), key=lambda one: (one[1].casefold(), one[0]))


def _local_schemes(named: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"{AGENCY_SCHEME}{code}", f"Own number of {name}") for code, name in _sorted(named)]
