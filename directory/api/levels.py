"""Doors to the cities' levels of need."""

from typing import Any

from flask import abort
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions.calling_errors import EntryExists
from directory.actions.schools import put_city_levels
from directory.api.acting import actor
from directory.queries.coverage import city_levels
from directory.schemas.levels import LONGEST_CITY, CityLevelsSchema, LevelListSchema
from directory.terms.coverage import CityLevel

blueprint = Blueprint(
    "levels", __name__, url_prefix="/v1", description="Levels of need, in each city's words"
)


@blueprint.route("/directory/levels", endpoint="levels")
class Levels(MethodView):
    """The levels of need."""

    @requires("directory.read")
    @blueprint.doc(operationId="listLevels")
    @blueprint.response(200, LevelListSchema)
    def get(self) -> dict[str, list[CityLevel]]:
        """List every city's levels of need beside the common scale."""
        with reading() as session:
            return {"items": city_levels(session)}


@blueprint.route("/directory/levels/<city>", endpoint="city_levels")
class LevelsOfCity(MethodView):
    """The levels of need of one city."""

    @requires("directory.write")
    @blueprint.doc(operationId="putLevels")
    @blueprint.arguments(CityLevelsSchema)
    @blueprint.response(200, LevelListSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def put(self, body: dict[str, Any], city: str) -> dict[str, list[CityLevel]]:
        """Say a city's levels of need anew: what is left out is taken out."""
        if len(city) > LONGEST_CITY:
            abort(404)
        codes = [one["code"] for one in body["levels"]]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                raise EntryExists(f"The code {code} comes twice.", f"#/levels/{number}/code")
        levels = [
            CityLevel(city=city, position=position, **one)
            for position, one in enumerate(body["levels"])
        ]
        with transaction() as session:
            put_city_levels(session, levels, actor(), now())
            return {"items": [one for one in city_levels(session) if one.city == city]}
