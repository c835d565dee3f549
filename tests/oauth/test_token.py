"""The token endpoint: what a client must send, and what it gets."""

from tests.oauth.machine import Machine


def test_a_client_gets_a_token_and_is_heard(machine: Machine) -> None:
    answer = machine.call(machine.token())
    assert answer.status_code == 200, answer.text
    assert answer.get_json() == {
        "client_id": machine.client_id,
        "agency": "oak",
        "scopes": ["client.write", "echo.read"],
        "purposes": ["early_help_support"],
        "kinds": ["content"],
        "may_override": False,
        "practitioner": None,
    }
