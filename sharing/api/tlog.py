"""The public half of the log (C2SP tlog-tiles), and proofs for those whom an entry concerns."""

import base64
from typing import Any, Final
from uuid import UUID

from flask import Response
from flask.views import MethodView

from app.kernel.auth import public, requires
from app.kernel.db import reading_as_ig_lead
from app.kernel.problem import reference
from app.kernel.schema import ListOf, QueryNumber, Schema, Text, WholeNumber
from app.kernel.wire import Blueprint
from sharing.actions.errors import NoSuchTree, NotInTheTree
from sharing.api.log import reading_what_the_caller_may, the_entry
from sharing.chain.errors import MalformedError
from sharing.chain.proofs import proof_text
from sharing.chain.tiles import Bundle, parse_tile_path
from sharing.queries import tree

_TEXT: Final = "text/plain; charset=utf-8"
_BYTES: Final = "application/octet-stream"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ANYONE: Final = "anyone may hold the log to what it signed; nothing in it names a person"

blueprint = Blueprint(
    "tlog", __name__, description="The log as a transparency log: checkpoints, tiles, proofs"
)


class ConsistencyQuerySchema(Schema):
    """Two sizes of the log."""

    from_ = QueryNumber(min=1, data_key="from", required=True)
    to = QueryNumber(min=1, required=True)


class ConsistencySchema(Schema):
    """The proof that the log of one size begins with the log of the other (RFC 6962, 2.1.2)."""

    from_ = WholeNumber(data_key="from", required=True)
    to = WholeNumber(required=True)
    hashes = ListOf(Text(max=44), max=64, required=True, metadata={"description": "base64"})


@blueprint.route("/log/checkpoint", endpoint="checkpoint")
class CheckpointOfLog(MethodView):
    """The log's signed head."""

    @public(_ANYONE)
    @blueprint.doc(operationId="readCheckpoint")
    @blueprint.response(200, content_type="text/plain")
    @blueprint.alt_response(404, reference(404))
    def get(self) -> Response:
        """Read the newest checkpoint (C2SP tlog-checkpoint)."""
        with reading_as_ig_lead() as session:
            head = tree.published(session)
        if head is None:
            raise NoSuchTree("The sequencer has not run yet: there is no checkpoint.")
        return _answer(head.note, _TEXT, "public, max-age=2")


@blueprint.route("/log/tile/<path:path>", endpoint="tile")
class TileOfLog(MethodView):
    """A tile of hashes, or a bundle of leaves."""

    @public(_ANYONE)
    @blueprint.doc(operationId="readTile")
    @blueprint.response(200, content_type=_BYTES)
    @blueprint.alt_response(404, reference(404))
    def get(self, path: str) -> Response:
        """Read `L/N`, `L/N.p/W`, `entries/N` or `entries/N.p/W` (C2SP tlog-tiles)."""
        try:
            what = parse_tile_path(f"tile/{path}")
        except MalformedError as error:
            raise NoSuchTree("This is not the path of a tile.") from error
        with reading_as_ig_lead() as session:
            head = tree.published(session)
            size = 0 if head is None else head.size
            if isinstance(what, Bundle):
                content = tree.bundle(session, what, size)
            else:
                content = tree.tile(session, what, size)
        if content is None:
            raise NoSuchTree
        return _answer(content, _BYTES, _FOR_EVER)


@blueprint.route("/v1/log/entries/<uuid:entry>/proof", endpoint="proof")
class ProofOfEntry(MethodView):
    """That an entry is in the log."""

    @requires("log.read")
    @blueprint.doc(operationId="readProof")
    @blueprint.response(200, content_type="text/plain")
    @blueprint.alt_response(404, reference(404))
    def get(self, entry: UUID) -> Response:
        """Read the finished proof of an entry (C2SP tlog-proof v1)."""
        with reading_what_the_caller_may() as session:
            the_entry(session, entry)
        with reading_as_ig_lead() as session:
            proof = tree.proof_of(session, entry)
        if proof is None:
            raise NotInTheTree
        return _answer(proof_text(proof), _TEXT, "no-store")


@blueprint.route("/v1/log/consistency", endpoint="consistency")
class Consistency(MethodView):
    """That the log only ever grew."""

    @requires("log.read")
    @blueprint.doc(operationId="readConsistency")
    @blueprint.arguments(ConsistencyQuerySchema, location="query")
    @blueprint.response(200, ConsistencySchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Prove that the log of one size begins with the log of another."""
        with reading_as_ig_lead() as session:
            head = tree.published(session)
            if head is None or asked["to"] > head.size or asked["from_"] > asked["to"]:
                raise NoSuchTree
            hashes = tree.consistency(session, asked["from_"], asked["to"])
        return {**asked, "hashes": [base64.b64encode(one).decode() for one in hashes]}


def _answer(content: bytes, media_type: str, caching: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Cache-Control"] = caching
    return answer
