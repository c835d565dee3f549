from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.kernel.roles import APP, role_url
from app.kernel.vault import SESSION_KEY
from app.parts import load_vault
from tests.directory.editing.builders import on_file
from tests.service import RING, Service

WRITER = frozenset({"directory.read", "directory.write"})


@pytest.fixture
def client(service: Service) -> Service:
    """The service with one record on file, called by an editor of the hub."""
    with service.parts.database.transaction() as session:
        on_file(session)
    return service.as_client("eh-hub", scopes=WRITER, client_id="ada")


@pytest.fixture
def session(shared: str, postgres_url: Callable[..., str]) -> Iterator[Session]:
    """A session of the web process's role, with its keys; what it does is undone."""
    url = role_url(postgres_url(shared), APP)
    engine = create_engine(url)
    info: dict[Any, Any] = {SESSION_KEY: load_vault(url, RING)}
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint", info=info) as session:
            yield session
        transaction.rollback()
    engine.dispose()
