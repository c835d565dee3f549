import pytest
from flask.testing import FlaskClient

from tests.kernel.tiny import tiny_app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return tiny_app()[0].test_client()
