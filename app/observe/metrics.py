"""Numbers for Prometheus: how many requests by rule and status, and how long they took.

With several web workers each writes its numbers to files of a shared folder, and whichever worker
is asked adds them up. prometheus_client takes that folder from PROMETHEUS_MULTIPROC_DIR when it is
first imported, so whoever starts the workers sets it and clears a dead worker's files.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from flask import Flask, Request, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.kernel.auth import public
from app.observe.logs import rule_of_request, seconds_taken

EXTENSION = "rightshare.metrics"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_FORWARDED = ("Forwarded", "X-Forwarded-For")


@dataclass(frozen=True)
class Metrics:
    """What an application counts; others add their collectors to `registry`."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram


def install(
    app: Flask,
    *,
    folder: Path | None = None,
    open_to_all: bool = False,
    collectors: Iterable[Collector] = (),
) -> Metrics:
    """Count every request and answer `/metrics`: to callers on this machine, or to all.

    `collectors` look their numbers up when asked, such as how many jobs failed.
    """
    registry = CollectorRegistry()
    metrics = Metrics(
        registry,
        Counter("rightshare_requests", "Requests", ["method", "rule", "status"], registry=registry),
        Histogram(
            "rightshare_request_seconds",
            "Time to answer",
            ["method", "rule"],
            buckets=BUCKETS,
            registry=registry,
        ),
    )
    app.extensions[EXTENSION] = metrics
    shown = _shared(folder) if folder else registry
    for collector in collectors:
        shown.register(collector)
    app.after_request(_count_by(metrics))

    @app.get("/metrics")
    @public("numbers without persons, for the operators on this machine")
    def answer_metrics() -> Response:
        if not open_to_all and not is_local(request):
            abort(404)
        return Response(generate_latest(shown), content_type=CONTENT_TYPE_LATEST)

    return metrics


def is_local(asked: Request) -> bool:
    """Say whether a request comes from this machine itself, and not through a proxy on it."""
    if any(name in asked.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(asked.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shared(folder: Path) -> CollectorRegistry:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # has no types
    return registry


def _count_by(metrics: Metrics) -> Callable[[Response], Response]:
    """Return what counts one answer; what no rule names is one series, however it is called."""

    def count(response: Response) -> Response:
        method = request.method if request.url_rule else "none"
        rule = rule_of_request()
        metrics.requests.labels(method, rule, str(response.status_code)).inc()
        metrics.seconds.labels(method, rule).observe(seconds_taken())
        return response

    return count
