"""The pages that anyone may open: none holds anything about a person, and none sets a cookie."""

from typing import Any, Final

from flask import Blueprint, Flask, Response, abort, current_app, render_template

from app.contract import openapi_document, openapi_text, operations
from app.kernel.auth import public
from app.kernel.db import reading
from app.kernel.problem import problem_kinds
from app.pages import notices, partnership
from app.pages.drawing import Looks, prepare
from directory.queries.places import attributions
from sharing.terms.codes import Reason

_CONTRACT: Final = "rightshare.contract"
_FOR_ANYONE: Final = "a page for anyone, which holds nothing about a person"

blueprint = Blueprint("pages", __name__)


def init_pages(app: Flask, looks: Looks) -> None:
    """Give an application its pages."""
    prepare(app, looks)
    app.register_blueprint(blueprint)
    app.register_blueprint(partnership.blueprint)
    app.register_blueprint(notices.blueprint)


@blueprint.get("/about")
@public(_FOR_ANYONE)
def about() -> str:
    """Say what this is, for whom, where its data comes from, and where to look."""
    with reading() as session:
        sources = attributions(session)
    return render_template("about.html", sources=sources)


@blueprint.get("/docs")
@public("developers read it before they have a client")
def guide() -> str:
    """Tell agency developers how to call the API."""
    kinds = problem_kinds(current_app)
    return render_template("guide.html", refusals=[kinds[reason] for reason in Reason])


@blueprint.get("/docs/operations")
@public("developers read it before they have a client")
def operation_list() -> str:
    """List every operation of the API, in words."""
    document = openapi_document(current_app)
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, method, operation in operations(document):
        line = {"path": path, "method": method.upper(), "operation": operation}
        groups[operation["tags"][0]].append(line)
    return render_template("operations.html", groups=groups, tags=document["tags"])


@blueprint.get("/docs/reference")
@public("developers read it before they have a client")
def reference() -> str:
    """Show the description of the API in Swagger UI."""
    return render_template("reference.html")


@blueprint.get("/openapi.json")
@public("programs read what the API takes and gives before they have a client")
def openapi() -> Response:
    """Publish the description of the API."""
    text = current_app.extensions.get(_CONTRACT)
    if text is None:  # made once, after every route is there
        text = current_app.extensions[_CONTRACT] = openapi_text(current_app)
    answer = Response(text, mimetype="application/json")
    # The feed names this address as its description: programs that may read the one read the other.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@blueprint.get("/problems/")
@public("the type of every problem document leads here")
def problems() -> str:
    """List every problem that the service answers with."""
    kinds = sorted(problem_kinds(current_app).values(), key=lambda kind: kind.code)
    return render_template("problems.html", kinds=kinds)


@blueprint.get("/problems/<code>")
@public("the type of every problem document leads here")
def problem_help(code: str) -> str:
    """Say what a problem means and how to put it right."""
    kind = problem_kinds(current_app).get(code)
    if kind is None:
        abort(404)
    place = [reason.value for reason in Reason].index(code) if code in set(Reason) else None
    return render_template("problem.html", kind=kind, place=place, places=len(Reason))


@blueprint.get("/safeguarding-concerns")
@public("whoever worries about a child must find it")
def safeguarding() -> str:
    """Say that this is no way to report a concern, and what is."""
    return render_template("safeguarding.html")


@blueprint.get("/accessibility")
@public(_FOR_ANYONE)
def accessibility() -> str:
    """State how accessible the pages are."""
    return render_template("accessibility.html")


@blueprint.get("/privacy")
@public(_FOR_ANYONE)
def privacy() -> str:
    """Say what is held about people, and what they can ask for."""
    return render_template("privacy.html")


@blueprint.get("/cookies")
@public(_FOR_ANYONE)
def cookies() -> str:
    """Say which cookies there are."""
    return render_template("cookies.html")
