"""The public feed: Open Referral UK 3.0 for anyone, without a token."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from flask.views import MethodView

from app.kernel.auth import public
from app.kernel.db import reading
from app.kernel.problem import problem
from app.kernel.wire import Blueprint
from directory.api.exporting import mount_export
from directory.api.feeding import EXTENSION as KEPT
from directory.api.feeding import ZIP, Kept, Tier, json_answer
from directory.api.mounting import Mount, mount
from directory.api.oruk_limits import BURST, RATE, Allowance, Limit
from directory.queries.places import attributions
from directory.schemas.oruk import FeedSchema
from directory.terms.records import ANYONE

EXTENSION: Final = "rightshare.oruk"
VERSION: Final = "HSDS-UK-3.0"
PROFILE: Final = "https://docs.openreferraluk.org/en/latest/"
_ANYONE: Final = "Open Referral UK is published for anyone; every answer is of the public tier"
_SMALLEST_TO_COMPRESS: Final = 1000
_QUICKLY: Final = 4
_GZIP_HEADER: Final = 31
_OF_EVERY_ANSWER: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Disposition, Content-Encoding, ETag, RateLimit, RateLimit-Policy, Request-Id, "
        "Retry-After"
    ),
}
_OF_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}

blueprint = Blueprint(
    "oruk", __name__, url_prefix="/oruk/v3", description="The public feed, Open Referral UK 3.0"
)
_TIER: Final = Tier(lambda: ANYONE, cached=True)
_OPENED: Final = partial(public, _ANYONE)
mount(Mount(blueprint, _TIER, _OPENED, "Public"))
mount_export(blueprint, _TIER, _OPENED, "exportFeed")


@dataclass(slots=True)
class Publication:
    """Who publishes the feed, on what terms, and how fast it may be read."""

    url: str
    publisher: str
    licence: str
    limit: Limit = field(default_factory=Limit)


def furnish_feed(app: Flask, publication: Publication, edition: str, workers: int) -> None:
    """Give an application what it publishes as; each of its workers lets its share through."""
    publication.limit = Limit(RATE / workers, max(1, BURST // workers))
    app.extensions[EXTENSION] = publication
    app.extensions[KEPT] = Kept(edition)


@blueprint.route("", endpoint="feed", strict_slashes=False)
class Feed(MethodView):
    """What this feed is."""

    @public(_ANYONE)
    @blueprint.doc(operationId="describeFeed")
    @blueprint.response(200, FeedSchema)
    def get(self) -> Response:
        """Say which standard the feed keeps, who publishes it, and on what terms."""
        said = _publication()
        with reading() as session:
            sources = [source.attribution for source in attributions(session)]
        about: dict[str, Any] = {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": f"{said.url}/openapi.json",
            "publisher": said.publisher,
            "licence": said.licence,
        }
        answer = json_answer(about | ({"attributions": sources} if sources else {}))
        answer.add_etag(weak=True)
        answer.headers["Cache-Control"] = "public, max-age=300"
        answer.make_conditional(request)
        return answer


def _publication() -> Publication:
    found: Publication = current_app.extensions[EXTENSION]
    return found


@blueprint.before_request
def within_limit() -> Response | None:
    """Return the refusal of a reader who asks too fast, else None."""
    if request.method == "OPTIONS":
        return None
    return None if _allowance().within else problem(429, "too_many_requests")


@blueprint.after_request
def for_every_reader(answer: Response) -> Response:
    """Let pages of other origins read the answer, say how much may yet be asked, and compress."""
    answer.headers.update(_OF_EVERY_ANSWER)
    if request.method == "OPTIONS":
        answer.headers.update(_OF_PREFLIGHT)
    else:
        answer.headers.update(_allowance().headers)
    return compressed(answer)


def _allowance() -> Allowance:
    """Return what this request leaves its reader, taken from the bucket once."""
    if "allowance" not in g:
        g.allowance = _publication().limit.take(request.remote_addr or "")
    found: Allowance = g.allowance
    return found


def compressed(answer: Response) -> Response:
    """Return an answer in gzip, where the reader takes that and it is worth it."""
    if answer.mimetype == ZIP:
        return answer  # packed already
    answer.vary.add("Accept-Encoding")
    long = answer.is_streamed or len(answer.get_data()) >= _SMALLEST_TO_COMPRESS
    if not long or answer.status_code != HTTPStatus.OK or not request.accept_encodings["gzip"]:
        return answer
    if answer.is_streamed:
        answer.response = _compressing(answer.iter_encoded())
    else:
        answer.set_data(gzip.compress(answer.get_data(), _QUICKLY))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _compressing(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_QUICKLY, wbits=_GZIP_HEADER)
    for part in parts:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
