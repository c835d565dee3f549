from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.kernel.roles import APP, role_url


@pytest.fixture
def session(shared: str, postgres_url: Callable[..., str]) -> Iterator[Session]:
    """A session of the web process's role; what it does is undone."""
    engine = create_engine(role_url(postgres_url(shared), APP))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    engine.dispose()
