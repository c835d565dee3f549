"""What the search form offers: only what some service has, of its viewer's tier."""

from collections.abc import Mapping
from typing import Final

from flask import current_app
from sqlalchemy.orm import Session

from directory.queries.offered import offered
from directory.queries.records import changes
from directory.terms.records import Viewer
from directory.terms.searching import FacetValue

Choices = Mapping[str, tuple[FacetValue, ...]]

_EXTENSION: Final = "rightshare.search_choices"


def choices(session: Session, viewer: Viewer) -> Choices:
    """Return the values that the form offers; read anew only when a record has changed."""
    kept: dict[Viewer, tuple[int, Choices]] = current_app.extensions.setdefault(_EXTENSION, {})
    number = changes(session)
    if viewer not in kept or kept[viewer][0] != number:
        kept[viewer] = (number, offered(session, viewer))
    return kept[viewer][1]
