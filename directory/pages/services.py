"""The page of one service: all of it that its viewer may see, and what to do next."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from directory.pages.asking import Asked, asked
from directory.pages.searching import FOR_ANYONE, private
from directory.pages.viewing import viewer
from directory.queries.records import record, seen_service
from directory.rules.audience import is_archived
from directory.rules.describing import described
from directory.rules.handouts import points
from directory.rules.quality import quality
from directory.terms.records import Record, RecordKind

_LOW: Final = 0.5
"""A score beneath which the page itself says that the record is thin."""

blueprint = Blueprint("service_pages", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Keep the search that led here, which a form brought, out of every cache."""
    return private(response)


@blueprint.get("/services/<uuid:service>")
@public(FOR_ANYONE)
def service(service: UUID) -> ResponseReturnValue:
    """Show a service; what there is not and what may not be seen are answered alike."""
    with reading() as session:
        return _page(session, service, Asked())


@blueprint.post("/services/<uuid:service>")
@public(FOR_ANYONE)
def service_found(service: UUID) -> ResponseReturnValue:
    """Show a service that a search found, with the way back to it."""
    with reading() as session:
        return _page(session, service, asked(request.form))


def _page(session: Session, service: UUID, said: Asked) -> ResponseReturnValue:
    at, who = now(), viewer()
    seen = seen_service(session, service, who)
    held = record(session, RecordKind.SERVICE, service)
    if is_archived(seen, who):
        return _ended(held, said)
    told = described(seen, at.date())
    complete = quality(seen, at.date())
    return render_template(
        "directory/service.html",
        told=told,
        asked=said,
        organization=seen.get("organization_id"),
        held=held,
        quality=complete,
        thin=complete.score < _LOW,
        points=points([told.card]),
        link=url_for("service_pages.service", service=service),
    )


def _ended(held: Record, said: Asked) -> ResponseReturnValue:
    """Say that a service has ended: 410 (RFC 9110, section 15.5.11), and no more than its name."""
    page = render_template(
        "directory/ended.html", name=held.public_name, service=held.id, asked=said
    )
    return page, HTTPStatus.GONE
