"""JSON log lines on standard error, one a request and more where something is wrong.

Ids and codes only. The access line names the URL rule, never the path or the query. Of an
exception it keeps the class and the lines of code, never the message, in which drivers quote the
values of a statement.
"""

import logging
import sys
import traceback
from time import perf_counter
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

ACCESS = "rightshare.access"
_PINNED = {
    "authlib": logging.INFO,  # at DEBUG it logs tokens and verifiers
    "werkzeug": logging.WARNING,  # at INFO it logs paths with their queries
    "sqlalchemy.engine": logging.WARNING,  # at INFO it logs statements with their values
}
_OUR_HANDLER = "rightshare"
_FRAMES = 12

_access = structlog.get_logger(ACCESS)
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Make every log line of this process JSON, ours and the libraries'; repeatable."""
    structlog.configure(
        processors=_OURS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,  # or each access line would put its logger together anew
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.set_name(_OUR_HANDLER)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [old for old in root.handlers if old.get_name() != _OUR_HANDLER]
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in _PINNED.items():
        logging.getLogger(name).setLevel(max(least, root.level))


def without_message(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put in place of an exception its class and where it came from, without what it says."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event.update(described(cast("ExceptionInfo", info)))
    return event


_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_message,
]
# One list for ever: a logger that was used keeps the list that it was made with.
_OURS: Final[list[Processor]] = [
    *_SHARED,
    structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
]


def described(info: ExceptionInfo) -> dict[str, Any]:
    """Return an exception's class, its cause's, and the last lines of code it passed."""
    kind, error, trace = info
    cause = error.__cause__ or error.__context__
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return {
        "exception": f"{kind.__module__}.{kind.__qualname__}",
        "cause": None if cause is None else type(cause).__qualname__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def install(app: Flask) -> None:
    """Write one line for each request once it is answered."""
    app.before_request(start_timing)
    app.after_request(write_line)


def start_timing() -> None:
    """Note when this request began."""
    g.began = perf_counter()


def seconds_taken() -> float:
    """Return how long this request has taken so far; 0 if it was refused before we saw it."""
    began: float | None = g.get("began")
    return 0.0 if began is None else perf_counter() - began


def rule_of_request() -> str:
    """Return the rule that this request's address follows, which holds no id and no name."""
    return request.url_rule.rule if request.url_rule else "none"


def write_line(response: Response) -> Response:
    """Write this request's access line."""
    caller = g.get("caller")
    _access.info(
        "request",
        method=request.method if request.url_rule else "none",
        rule=rule_of_request(),
        status=response.status_code,
        ms=round(seconds_taken() * 1000, 1),
        client=None if caller is None else caller.client_id,
    )
    return response
