"""How pages are drawn: the templates they stand on, and the page of an error."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, current_app, make_response, render_template, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.auth import Person, signed_in

SERVICE_NAME: Final = "Rightshare"
BRAND_COLOUR: Final = "#0b5a5a"
_GOVUK: Final = "govuk_frontend_jinja"
_STYLES: Final = "dist/app.css"
_SPENT_HEADERS: Final = {"content-type", "content-length"}


@dataclass(frozen=True, slots=True)
class Looks:
    """What every page may say of the service it belongs to."""

    base_url: str
    demonstration: bool
    publisher: str
    feed_licence: str
    map_tiles_url: str | None = None


def prepare(app: Flask, looks: Looks) -> None:
    """Give an application's templates GOV.UK Frontend's components and the facts of every page."""
    own = app.jinja_loader
    components = PrefixLoader({_GOVUK: PackageLoader(_GOVUK)})
    app.jinja_loader = ChoiceLoader([components] if own is None else [own, components])
    app.context_processor(lambda: _facts(looks))


def _facts(looks: Looks) -> dict[str, Any]:
    return {
        "service_name": SERVICE_NAME,
        "themeColor": BRAND_COLOUR,
        "looks": looks,
        # asked at each page, so that `make assets` need not be followed by a restart
        "styled": (Path(current_app.static_folder or "") / _STYLES).is_file(),
        "asset": lambda name: url_for("static", filename=name),
        "person": _reader(),
    }


def _reader() -> Person | None:
    """Return who is signed in, for the head of the page; None, too, where that cannot be asked."""
    try:
        return signed_in()
    except SQLAlchemyError:
        return None  # the page says that the service cannot answer, and must not fail itself


def error_page(said: Response) -> Response:
    """Return the page of a problem document, with its status and the headers it is owed."""
    document = json.loads(said.get_data())
    page = make_response(render_template("error.html", problem=document), said.status_code)
    kept = [pair for pair in said.headers if pair[0].lower() not in _SPENT_HEADERS]
    page.headers.extend(kept)
    return page
