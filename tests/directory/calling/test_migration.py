"""Who may know of a contact point survives the step to audiences that name agencies, and back."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.migrations import run
from tests.service import RING

_ENTER = text(
    "insert into contact_point (id, code, city, kind, name, document_title, document_as_of,"
    " audience, search_text, recorded_at) values"
    " (gen_random_uuid(), :audience, 'Leeds', 'hub', 'Hub', 'Guide', '2021', :audience, '', now())"
)
_READ = text("select code, audience from contact_point order by code")


@pytest.mark.long
def test_who_may_know_of_a_contact_point_stays_as_narrow_as_it_was(
    fresh_database: Callable[..., AbstractContextManager[str]], postgres_url: Callable[..., str]
) -> None:
    with fresh_database() as name:
        address = postgres_url(name)
        engine = create_engine(address, poolclass=NullPool)
        run.upgrade(address, RING, "0008")
        with engine.begin() as connection:
            for audience in ("protected", "public"):
                connection.execute(_ENTER, {"audience": audience})
        run.upgrade(address, RING, "0009")
        with engine.begin() as connection:
            assert dict(connection.execute(_READ).all()) == {
                "protected": "practitioners",
                "public": "public",
            }
            connection.execute(
                text("update contact_point set audience = '[\"oak\"]' where code = 'protected'")
            )
        run.downgrade(address, "0008")
        with engine.begin() as connection:
            assert dict(connection.execute(_READ).all()) == {
                "protected": "protected",
                "public": "public",
            }
        engine.dispose()
