"""The door to everything at once, put on a blueprint: the tabular package, the same by either."""

from collections.abc import Callable
from typing import Any, Final, cast

from flask import Response, current_app
from flask.views import MethodView

from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions.packaging import PUBLICATION
from directory.api.feeding import ZIP, Tier, answer_package

Door = Callable[..., Response]
_A_PACKAGE: Final = {
    "type": "string",
    "format": "binary",
    "description": "The seventeen tables of Open Referral UK 3.0 as CSV, described by a "
    "datapackage.json, with a table of where each record came from and the terms of use",
}


def mount_export(
    blueprint: Blueprint, tier: Tier, opened: Callable[[], Any], operation: str
) -> None:
    """Put the door on a blueprint, open to whomever `opened` lets in."""

    @opened()
    @blueprint.doc(operationId=operation)
    @blueprint.response(200, _A_PACKAGE, content_type=ZIP)
    @blueprint.alt_response(503, reference(503))
    def get(_: MethodView) -> Response:
        return answer_package(tier, current_app.extensions[PUBLICATION])

    get.__doc__ = "Read everything that the caller may see, as tables in a zip."
    view = type("Export", (MethodView,), {"__doc__": "The directory.", "get": cast("Door", get)})
    blueprint.route("/export", endpoint="export", strict_slashes=False)(view)
