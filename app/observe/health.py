"""Whether the process lives (`/healthz`) and whether it should be sent requests (`/readyz`)."""

from collections.abc import Callable, Mapping

import structlog
from flask import Flask, Response, jsonify, request

from app.kernel.auth import public
from app.kernel.problem import problem
from app.observe.metrics import is_local

Check = Callable[[], str | None]
"""Returns None if all is well, else what is wrong and what to do, without a secret."""

RETRY_AFTER_SECONDS = "5"
_WITHHELD = "Not ready. The service's own log says why."


def install(app: Flask, checks: Mapping[str, Check]) -> None:
    """Answer `/healthz`, and `/readyz` by these checks, in their order."""

    @app.get("/healthz")
    @public("says only that the process lives")
    def answer_health() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    @public("names parts of the service, and what is wrong with them to this machine only")
    def answer_readiness() -> Response:
        faults = faults_of(checks)
        if not faults:
            return jsonify(status="ready", checks=dict.fromkeys(checks, "ok"))
        structlog.get_logger(__name__).warning("not ready", faults=faults)
        errors = [
            {"pointer": f"#/checks/{name}", "detail": fault if is_local(request) else _WITHHELD}
            for name, fault in faults.items()
        ]
        headers = {"Retry-After": RETRY_AFTER_SECONDS}
        return problem(503, "unavailable", errors=errors, headers=headers)


def faults_of(checks: Mapping[str, Check]) -> dict[str, str]:
    """Return what is wrong, by check. A check that fails itself is a fault, not an exception."""
    found = {name: _run(check) for name, check in checks.items()}
    return {name: fault for name, fault in found.items() if fault is not None}


def _run(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  (whatever it is, it means not ready)
        structlog.get_logger(__name__).exception("check failed")
        return f"The check itself failed: {type(error).__name__}."
