"""The ids that tie one request's log lines together, across services too.

Our own request id is random and is what we answer with (`Request-Id`, and `instance` in problems).
`traceparent` (W3C Trace Context) goes on from the caller's, and is answered only to one who sent
it: refusals of one voice differ in nothing but the request id and the date. NHS England's APIs give
each request X-Request-ID and X-Correlation-ID and want them mirrored. Both are mirrored and logged
only as UUIDs, which is what those APIs ask for: in a free form someone would one day send an NHS
number.
"""

import re
import secrets
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, request

from app.kernel.problem import request_id

NHS_HEADERS = {"X-Request-ID": "nhs_request_id", "X-Correlation-ID": "nhs_correlation_id"}
"""By their names on the wire: their names in the log."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_CURRENT_VERSION = "00"
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """Our place in a trace: its id, the id of our part of it, and the caller's flags."""

    trace_id: str
    span_id: str
    flags: str

    @property
    def header(self) -> str:
        """Return the `traceparent` that names our part as the parent."""
        return f"{_CURRENT_VERSION}-{self.trace_id}-{self.span_id}-{self.flags}"


def trace_after(traceparent: str | None) -> Trace:
    """Return our part of the caller's trace, or of a new one if the header is not valid."""
    span_id = secrets.token_hex(8)
    if found := _TRACEPARENT.fullmatch(traceparent or ""):
        version, trace_id, parent, flags, more = found.groups()
        # only a later version of the standard may have added something at the end
        ours = version != _CURRENT_VERSION or not more
        if ours and version != "ff" and trace_id != _NO_TRACE and parent != _NO_SPAN:
            return Trace(trace_id, span_id, flags)
    return Trace(secrets.token_hex(16), span_id, "00")


def install(app: Flask) -> None:
    """Give every request its ids, in the log's context and on its answer."""
    app.before_request(begin)
    app.after_request(answer)


def begin() -> None:
    """Start this request's ids; those of the request before it on this thread are gone."""
    g.trace = trace_after(request.headers.get("traceparent"))
    g.nhs_ids = {
        name: value
        for name in NHS_HEADERS
        if _UUID.fullmatch(value := request.headers.get(name, ""))
    }
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(
        request_id=request_id(),
        trace_id=g.trace.trace_id,
        **{NHS_HEADERS[name]: value for name, value in g.nhs_ids.items()},
    )


def answer(response: Response) -> Response:
    """Send the ids back."""
    response.headers["Request-Id"] = request_id()
    if "trace" in g:
        if "traceparent" in request.headers:
            response.headers["traceparent"] = g.trace.header
        if g.nhs_ids:
            response.headers.extend(g.nhs_ids)
    return response
