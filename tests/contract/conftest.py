"""The application as the contract's files describe it: with every route, without a database."""

import pytest
from flask import Flask

from app.factory import app_to_describe
from tests.service import settings_for


@pytest.fixture(scope="session")
def described_app() -> Flask:
    return app_to_describe(settings_for("postgresql://"))
