"""What is published is what the service does: the files of `openapi/`, and what others demand."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from app.contract import FOLDER, access_markdown, openapi_document, openapi_text, operations
from app.kernel import wire
from app.kernel.named import NamedProblem
from app.kernel.problem import problem_kinds

REDOCLY = Path("node_modules/.bin/redocly")
UPDATE = "what the routes say is not what is published: run: make openapi"


@pytest.fixture(scope="session")
def document(described_app: Flask) -> dict[str, Any]:
    return openapi_document(described_app)


def test_the_published_description_is_the_generated_one(described_app: Flask) -> None:
    published = (FOLDER / "openapi.json").read_text(encoding="utf-8")
    assert published == openapi_text(described_app), UPDATE


def test_the_published_list_of_who_may_call_what_is_the_generated_one(described_app: Flask) -> None:
    published = (FOLDER / "access.md").read_text(encoding="utf-8")
    assert published == access_markdown(described_app), UPDATE


def test_the_service_hands_out_the_published_description(described_app: Flask) -> None:
    answer = described_app.test_client().get("/openapi.json")
    assert answer.mimetype == "application/json"
    # The feed names this address, and is read from pages of other origins.
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.data == (FOLDER / "openapi.json").read_bytes(), UPDATE


def test_every_problem_that_can_be_raised_has_its_page(described_app: Flask) -> None:
    left, codes = [NamedProblem], set()
    while left:
        left += (one := left.pop()).__subclasses__()
        codes |= {one.code} if hasattr(one, "code") else set()
    assert len(codes) > 100
    assert codes <= problem_kinds(described_app).keys()


def test_the_description_is_made_alike_each_time(described_app: Flask) -> None:
    assert openapi_text(described_app) == openapi_text(described_app)


@pytest.mark.long
def test_the_description_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.long
def test_the_description_keeps_the_government_api_standards() -> None:
    node = shutil.which("node") or shutil.which("node", path=".venv/bin")
    if node is None or not REDOCLY.exists():
        pytest.skip(f"no {REDOCLY}: run: make assets")
    environment = {"REDOCLY_TELEMETRY": "off", "PATH": f"{Path(node).parent}:/usr/bin:/bin"}
    command = [node, str(REDOCLY), "lint", "openapi/openapi.json", "--format=stylish"]
    lint = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  (our own command)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = {
        f"{method} {path}": operation.get("operationId", "")
        for path, method, operation in operations(document)
    }
    assert not {place for place, name in names.items() if not re.fullmatch("[a-z][A-Za-z]+", name)}
    assert not {name for name, times in Counter(names.values()).items() if times > 1}


def test_every_operation_with_a_scope_says_how_strangers_are_refused(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        if operation["security"]:
            assert {"401", "403", "429"} <= operation["responses"].keys(), (method, path)


def test_every_scope_is_named_with_what_it_opens(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["oauth"]
    asked = {
        scope
        for _, _, operation in operations(document)
        for way in operation["security"]
        for scope in way["oauth"]
    }
    assert scheme["flows"]["clientCredentials"]["scopes"].keys() == asked


def test_every_blueprint_of_the_api_checks_what_the_wire_brings(described_app: Flask) -> None:
    loose = {
        name
        for name, blueprint in described_app.blueprints.items()
        if any(
            rule.rule.startswith("/v1/")
            for rule in described_app.url_map.iter_rules()
            if rule.endpoint.startswith(f"{name}.")
        )
        and not isinstance(blueprint, wire.Blueprint)
    }
    assert not loose


def test_nothing_in_the_description_goes_unused(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for kind in ("schemas", "responses"):
        for name in document["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name
