"""One implementation of the feed's doors, which two mounts share: one for anyone, one by token.

A list is found once for each state of the directory and kept (`directory.queries.snapshots`); a
page reads what it holds, and nothing else. What is answered line by line is read a few hundred
records at a time, each time in a transaction of its own: nothing is held open for a slow reader.
The tabular package is of one instant, so it is made whole, in a file, before any of it is sent.
"""

import json
import weakref
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from tempfile import TemporaryFile
from threading import Semaphore
from typing import Any, Final
from uuid import UUID

from flask import Response, abort, current_app, request
from sqlalchemy.orm import Session

from app.kernel.db import Database, database, reading
from app.kernel.problem import problem
from app.kernel.turns import STREAMS
from directory.actions.packaging import Package, Publication
from directory.queries import feed
from directory.queries.exporting import at_one_instant
from directory.queries.places import place_of
from directory.queries.records import changes, wait_for_changes
from directory.queries.snapshots import Snapshot, Snapshots, snapshot
from directory.rules.rendering import envelope
from directory.terms.feed import Asked, Collection, Shape
from directory.terms.places import MalformedPostcode, Place, UnknownPostcode
from directory.terms.records import Viewer

EXTENSION: Final = "rightshare.feed"
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
ZIP: Final = "application/zip"
Parts = Generator[bytes, None, None]
"""An answer while it is made; an empty part is a step that nobody is sent (`app.kernel.turns`)."""
LINES_AT_ONCE: Final = 250
_SECONDS_TO_STREAM: Final = "10"
_FILE_NAME: Final = "directory.zip"
_PART: Final = 64 * 1024
REVALIDATED: Final = "public, no-cache"
"""Kept, but never told again without asking: what turned protected must not live on in caches."""


@dataclass(slots=True)
class Kept:
    """What one process keeps for the feed."""

    edition: str
    snapshots: Snapshots = field(default_factory=Snapshots)
    streams: Semaphore = field(default_factory=partial(Semaphore, STREAMS))


@dataclass(frozen=True, slots=True)
class Tier:
    """Whom a mount answers, and whether its answers may be kept by caches."""

    viewer: Callable[[], Viewer]
    cached: bool


def answer_list(tier: Tier, asked: Asked) -> Response:
    """Return a page of a collection, or all of it line by line."""
    viewer = tier.viewer()
    with reading() as session:
        place = _place(session, asked)
        at, unchanged = _state(session, asked, tier)
        if unchanged is not None:
            return unchanged
        listed = _kept().snapshots.get(
            (at, asked.collection, asked.search, viewer, place),
            lambda: snapshot(session, asked, viewer, place),
        )
        page = None if _as_lines(asked) else _page(session, asked, listed, viewer)
    if page is None:
        lines = _lines(database(), asked, listed, viewer)
        return _labelled(_streamed(lines, LINES), at, tier)
    if place is not None and place.approximate:
        page["notes"] = [_APPROXIMATE]
    return _labelled(json_answer(page), at, tier)


def answer_single(tier: Tier, collection: Collection, wanted: UUID, shape: Shape) -> Response:
    """Return one record, nested; `UnknownRecord` if there is none that the viewer may see."""
    with reading() as session:
        at, unchanged = _state(session, None, tier)
        found = feed.single(session, collection, wanted, tier.viewer(), shape)
    return unchanged or _labelled(json_answer(found), at, tier)


def answer_package(tier: Tier, about: Publication) -> Response:
    """Return all that the viewer may see as the tabular package of the standard, a zip."""
    viewer = tier.viewer()
    with reading() as session:
        at, unchanged = _state(session, None, tier)
    if unchanged is not None:
        return unchanged
    answer = _streamed(_package(database(), viewer, about), ZIP)
    answer.headers["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
    return _labelled(answer, at, tier)


def json_answer(document: object) -> Response:
    """Return a document as it is sent: in UTF-8, without spaces that nobody reads."""
    return Response(_dumped(document), content_type=JSON)


_APPROXIMATE: Final = (
    "Only the first half of the postcode is on file: distances are from its middle, and its ward "
    "is not known."
)


def _state(session: Session, asked: Asked | None, tier: Tier) -> tuple[int, Response | None]:
    """Return which state of the directory this is, and the 304 if the caller has its answer."""
    if getattr(asked and asked.search, "modified_after", None) is not None:
        wait_for_changes(session)
    at = changes(session)
    kept = request.method in {"GET", "HEAD"} and tier.cached
    if kept and request.if_none_match.contains_weak(_etag(at)):
        return at, _labelled(Response(status=304), at, tier)
    return at, None


def _etag(at: int) -> str:
    return f"{_kept().edition}-{at:x}"


def _labelled(answer: Response, at: int, tier: Tier) -> Response:
    """Return an answer with what caches must know of it."""
    if request.method == "POST" or not tier.cached:
        answer.headers["Cache-Control"] = "no-store"
    else:
        answer.set_etag(_etag(at), weak=True)
        answer.headers["Cache-Control"] = REVALIDATED
    return answer


def _kept() -> Kept:
    found: Kept = current_app.extensions[EXTENSION]
    return found


def _as_lines(asked: Asked) -> bool:
    """Say whether lines are wanted, by parameter or because nothing else is accepted."""
    only = request.accept_mimetypes.best_match([JSON, LINES], default=JSON) == LINES
    return asked.as_lines or only


def _page(session: Session, asked: Asked, listed: Snapshot, viewer: Viewer) -> dict[str, Any]:
    ids = listed.part((asked.page - 1) * asked.per_page, asked.per_page)
    rows = feed.rows(session, asked.collection, asked.shape, ids, viewer)
    return envelope(listed.total, asked.page, asked.per_page, rows)


def _lines(db: Database, asked: Asked, listed: Snapshot, viewer: Viewer) -> Parts:
    for first in range(0, listed.total, LINES_AT_ONCE):
        ids = listed.part(first, LINES_AT_ONCE)
        with db.reading() as session:
            rows = feed.rows(session, asked.collection, asked.shape, ids, viewer)
        yield b"".join(_dumped(one) + b"\n" for one in rows)


def _package(db: Database, viewer: Viewer, about: Publication) -> Parts:
    """Yield the parts of a package, empty ones until it is made: its length then waits on disk.

    So a slow reader holds no transaction open, only a file.
    """
    with TemporaryFile() as made, Package(viewer) as package:
        with db.reading() as session:
            at_one_instant(session)
            for _ in package.gather(session):
                yield b""
        for _ in package.zip_into(made, about):
            yield b""
        made.seek(0)
        while part := made.read(_PART):
            yield part


def _streamed(parts: Parts, content_type: str) -> Response:
    """Return a long answer; refused where as many as a worker may send at once are on their way."""
    streams = _kept().streams
    if not streams.acquire(blocking=False):
        said = "As many long answers as a worker may send at once are on their way. Ask again soon."
        abort(problem(503, "unavailable", said, headers={"Retry-After": _SECONDS_TO_STREAM}))
    sent = _Sent(parts, streams.release)
    answer = Response(sent, content_type=content_type)
    answer.call_on_close(sent.close)
    return answer


class _Sent(Iterator[bytes]):
    """The parts of a long answer; `ended` is called once, however it ends."""

    def __init__(self, parts: Parts, ended: Callable[[], None]) -> None:
        self._parts, self._end = parts, weakref.finalize(self, ended)

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of what it holds: read through, broken off, or never begun."""
        self._parts.close()
        self._end()


def _dumped(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _place(session: Session, asked: Asked) -> Place | None:
    """Return where the postcode is; the refusal of one that is nowhere names the parameter."""
    typed = getattr(asked.search, "postcode", None)
    if typed is None:
        return None
    try:
        return place_of(session, typed)
    except (MalformedPostcode, UnknownPostcode) as error:
        malformed = isinstance(error, MalformedPostcode)
        code = "postcode_malformed" if malformed else "postcode_unknown"
        where = {"parameter": "postcode"} if request.method != "POST" else {"pointer": "#/postcode"}
        abort(problem(422, code, str(error), errors=[{**where, "detail": str(error)}]))
