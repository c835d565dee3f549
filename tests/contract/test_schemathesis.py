"""Requests made from the description, right and wrong: what it says holds, and nothing breaks.

`make test` tries a few of each operation, `make fuzz` many: `--hypothesis-profile=fuzz`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import flask
import pytest
import schemathesis
from flask import request
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.factory import app_to_describe
from app.kernel import auth
from app.kernel.problem import problem
from tests.make import HUB, a_partnership
from tests.service import Service, settings_for

FEW = 10
BEYOND_SCHEMAS = re.compile(
    r"/identifiers/[0-9]+/value$"  # check digits
    r"|^#/ends$"  # after the start
    r"|^#/(agency$|jwks|keys)"  # an agency on file, real keys
    r"|^#/(postcode|level_of_need)$"  # one place; a level, unless a child may be at risk
    r"|^#/more/"  # labels are names of fields
    r"|^#/(asked_by|requester)$"  # who asks, by the capacity
    r"|^#/(subject|reason)$"  # one of two
)
"""Where `request_invalid` may point although the description does not tell the fault."""

described = schemathesis.openapi.from_wsgi(
    "/openapi.json", app_to_describe(settings_for("postgresql://"))
)
if settings.get_current_profile_name() != "fuzz":
    described.config.generation.update(max_examples=FEW)
    # its thousands of cases are made while tests are collected, whether they are run or not
    described.config.phases.coverage.enabled = False


@schemathesis.serializer("application/x-ndjson")
def lines(_: Any, value: Any) -> bytes:
    """What is made for a body of lines, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@pytest.fixture(scope="module")
def whole_service(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """One application for all cases: what one of them leaves behind is there for the next."""
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        a_partnership(made)
        made.post(f"/v1/agencies/{HUB}/keeping", {})  # who may change all of the directory
        made.app.extensions[auth.EXTENSION] = proof_holder(made.as_client(HUB, may_override=True))
        yield made
        made.close()


def proof_holder(service: Service) -> auth.Authenticator:
    """Return what takes anybody for this caller who brings any proof at all."""

    def authenticate() -> auth.Caller:
        if "DPoP" not in request.headers:
            flask.abort(problem(401, "not_authenticated"))
        assert service.caller is not None
        return service.caller

    return authenticate


@pytest.mark.long
@described.parametrize()
def test_the_description_holds(case: Any, whole_service: Service) -> None:
    answer = case.call(session=whole_service.app.test_client())
    excluded = [positive_data_acceptance] if refused_by_a_rule(answer) else []
    case.validate_response(answer, excluded_checks=excluded)


def refused_by_a_rule(answer: Any) -> bool:
    """Whether a request of the right form was refused for what no schema can say."""
    if answer.status_code not in {400, 422}:
        return False
    said = answer.json()
    if said["code"] != "request_invalid":
        return True
    return all(BEYOND_SCHEMAS.search(one.get("pointer", "")) for one in said["errors"])
