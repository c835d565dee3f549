"""Whether the service says truly how it is."""

from tests.service import Service


def test_a_service_on_a_migrated_database_is_ready(service: Service) -> None:
    answer = service.get("/readyz")
    assert answer == {"status": "ready", "checks": {"database": "ok", "log": "ok"}}
