"""Who to call about a child: a form and its answer, and the same for programs of anyone.

A child's postcode can be one house: it is posted, stands in no address, and nothing is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.problem import extended, pointed, problem
from app.kernel.strict_json import JsonRefused
from directory.pages.searching import json_answer, private
from directory.pages.viewing import viewer
from directory.queries.calling import Asked, all_front_doors, whom_to_call
from directory.queries.coverage import city_levels
from directory.rules.call_cards import CallCard, call_card, phone_way
from directory.rules.telling_calls import answer_told, door_told, unknown_level
from directory.schemas.calling import NO_PLACE, CallingAnswerSchema, QuestionSchema, no_place
from directory.schemas.calling_form import NO, YES, CallingFormSchema
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import CallingAnswer, UnknownLevel
from directory.terms.searching import LevelOfNeed
from directory.terms.telling import Way

Line = tuple[str, Way | None]
"""A name, and how to ring it."""

FOR_ANYONE: Final = "whoever worries about a child must find whom to call"
FIELDS: Final = ("postcode", "school", "level_of_need", "at_risk")
COMMON: Final = (
    (LevelOfNeed.UNIVERSAL.value, "Universal: help that is there for everyone"),
    (LevelOfNeed.EARLY_HELP.value, "Early help: more support than that, so that it gets no worse"),
    (LevelOfNeed.SPECIALIST.value, "Specialist: serious or complex need"),
)
RISK: Final = (
    (YES, "Yes, or I am not sure"),
    (NO, "No"),
)
_FORM: Final = CallingFormSchema()
_QUESTION: Final = QuestionSchema()
_ANSWER: Final = CallingAnswerSchema()

blueprint = Blueprint("calling_pages", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: the form as it was filled in, what is wrong with it, the answer."""

    typed: Mapping[str, str]
    levels: Sequence[tuple[str, str]]
    errors: Mapping[str, list[str]]
    answer: CallingAnswer | None = None
    cards: tuple[CallCard, ...] = ()
    doors: tuple[Line, ...] = ()
    leads: tuple[Line, ...] = ()


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing on the way, and no browser, keep which place was asked about."""
    return private(response)


@blueprint.get("/who-to-call")
@public(FOR_ANYONE)
def form() -> str:
    """Ask where, at which level of need, and whether a child may be at risk."""
    with reading() as session:
        levels = _levels(session)
    return _page(Shown({}, levels, {}))


@blueprint.post("/who-to-call")
@public(FOR_ANYONE)
def answer() -> ResponseReturnValue:
    """Say whom to call, in order: to a person as a page, to a program as JSON."""
    if request.is_json:
        return _to_program()
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    typed = {name: said for name, said in typed.items() if said}
    read, errors = _loaded(_FORM, typed)
    shown = _answered(typed, read, errors)
    return _page(shown), 422 if shown.errors else 200


def _answered(
    typed: Mapping[str, str], read: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> Shown:
    at, who = now(), viewer()
    at_risk = typed.get("at_risk") == YES
    with reading() as session:
        levels = _levels(session)
        try:
            found = None if errors else whom_to_call(session, _asked(read, at_risk), who, at)
        except tuple(NO_PLACE) as error:
            errors, found = {no_place(error)[1]: [str(error)]}, None
        doors = all_front_doors(session, who, at) if errors and at_risk else []
    if isinstance(found, UnknownLevel):
        errors, found = {"level_of_need": [unknown_level(found)]}, None
    doors_told = tuple(
        (f"{one.facts.city}: {one.facts.name}", phone_way(one.facts)) for one in doors
    )
    if found is None:
        return Shown(typed, levels, errors, doors=doors_told)
    cards = tuple(call_card(one, at.date()) for one in found.contacts)
    leads = tuple((one.facts.holder or one.facts.name, phone_way(one.facts)) for one in found.leads)
    return Shown(typed, levels, errors, found, cards, doors_told, leads)


def _asked(read: Mapping[str, Any], at_risk: bool) -> Asked:  # noqa: FBT001  (what was asked)
    return Asked(read["postcode"], read["school"], read["level_of_need"], at_risk)


def _to_program() -> Response:
    try:
        body = current_app.json.loads(request.get_data())
    except JsonRefused as error:
        return problem(400, "json_invalid", str(error))
    try:
        read = _QUESTION.load(body)
    except ValidationError as error:
        return problem(422, "request_invalid", errors=pointed(error.messages_dict))
    asked, at, who = _asked(read, read["at_risk"]), now(), viewer()
    with reading() as session:
        try:
            found = whom_to_call(session, asked, who, at)
        except tuple(NO_PLACE) as error:
            doors = all_front_doors(session, who, at) if asked.at_risk else []
            return _refusal(error, doors)
    if isinstance(found, UnknownLevel):
        detail = unknown_level(found)
        errors = [{"pointer": "#/level_of_need", "detail": detail}]
        return problem(422, "level_unknown", detail, errors=errors)
    told: dict[str, Any] = _ANSWER.dump(answer_told(found))
    return json_answer(told)


def _refusal(error: Exception, doors: Sequence[ContactPoint]) -> Response:
    code, field = no_place(error)
    errors = [{"pointer": f"#/{field}", "detail": str(error)}]
    refusal = problem(422, code, str(error), errors=errors)
    told = [door_told(one.facts) for one in doors]
    return extended(refusal, front_doors=told) if told else refusal


def _loaded(
    schema: Schema, typed: Mapping[str, str]
) -> tuple[Mapping[str, Any], Mapping[str, list[str]]]:
    try:
        read: Mapping[str, Any] = schema.load(dict(typed))
    except ValidationError as error:
        wrong: dict[str, list[str]] = error.messages_dict
        return {}, wrong
    return read, {}


def _levels(session: Session) -> list[tuple[str, str]]:
    """Return the common levels, and each city's own that are called otherwise."""
    known = dict(COMMON)
    own = [one for one in city_levels(session) if one.code not in known]
    return [*COMMON, *((one.code, f"{one.city}: {_own(one.code, one.label)}") for one in own)]


def _own(code: str, label: str) -> str:
    return f"level {code}, {label}" if code.isdigit() else label


def _page(shown: Shown) -> str:
    return render_template("directory/calling.html", shown=shown, fields=FIELDS, risk=RISK)
