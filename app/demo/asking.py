"""Who asks and tells in the invented partnership, in the words of the service."""

from datetime import datetime

from app.demo.world.charter import PlannedClient
from app.demo.world.terms import World
from app.kernel.clock import Clock
from sharing.terms.asking import Asker, Identifier


def client_for(world: World, agency: str) -> PlannedClient:
    """Return the first system of an agency."""
    return next(one for one in world.clients if one.agency == agency)


def client_of(world: World, agency: str) -> str:
    """Return the id of the first system of an agency."""
    return client_for(world, agency).client_id


def identifier_of(world: World, subject: str) -> Identifier:
    """Return a person's first number; a subject who is nobody is asked for by what they are."""
    person = world.persons.get(subject)
    return Identifier(*person.identifiers[0]) if person else Identifier("nhs_number", subject)


def asker_of(client: PlannedClient) -> Asker:
    """Return a system as it asks."""
    return Asker(
        client_id=client.client_id,
        agency=client.agency,
        purposes=frozenset(client.purposes),
        kinds=frozenset(client.kinds),
        may_override=client.may_override,
    )


def stopped(at: datetime) -> Clock:
    """Return a clock that stands at the fact's instant."""
    return lambda: at
