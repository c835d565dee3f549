"""The demonstration's people: what their file says lets them in, and production refuses them."""

from dataclasses import replace

import pytest

from app.demo.files import DemoPerson, new_people
from app.demo.people import open_accounts
from app.kernel.auth import Person
from app.kernel.roles import APP, role_url
from app.kernel.vault import KeyRing
from app.parts import DemonstrationFound, _refuse_demonstration
from app.people.accounts import Credentials
from tests.people.making import Someone, an_agency
from tests.service import MONDAY, Service


@pytest.mark.long
def test_what_the_file_says_lets_them_in_and_is_kept_until_it_says_otherwise(
    service: Service,
) -> None:
    for agency in ("ig-office", "eh-hub", "oak-school", "housing"):
        an_agency(service, agency)
    people = new_people()
    for _ in range(2):
        open_accounts(service.parts.database, people, MONDAY)
    for one in people:
        assert someone_of(service, one).signs_in().status_code == 303
    changed = [replace(people[0], password="another", totp_secret="A" * 32), *people[1:]]  # noqa: S106
    open_accounts(service.parts.database, changed, MONDAY)
    assert someone_of(service, changed[0]).signs_in().status_code == 303
    service.clock.passes(minutes=1)
    assert someone_of(service, people[0]).signs_in().status_code == 422


@pytest.mark.long
def test_production_refuses_a_database_with_one_of_them(service: Service) -> None:
    an_agency(service, "eh-hub")
    url = role_url(service.admin_url, APP)
    ring = KeyRing("k1", {"k1": bytes(32)})
    _refuse_demonstration(url, ring)
    open_accounts(
        service.parts.database, [one for one in new_people() if one.agency == "eh-hub"], MONDAY
    )
    with pytest.raises(DemonstrationFound, match="This database holds the demonstration"):
        _refuse_demonstration(url, ring)


def someone_of(service: Service, one: DemoPerson) -> Someone:
    person = Person(one.username, one.role, one.agency)
    return Someone(service, person, Credentials(one.password, one.totp_secret))
