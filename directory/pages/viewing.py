"""For whom a page is drawn."""

from app.kernel.auth import signed_in
from directory.terms.records import ANYONE, Viewer


def viewer() -> Viewer:
    """Return whose view of the directory this request gets: its agency's, or anyone's.

    Whoever is not signed in, or in a role that may not read the protected tier, is anyone.
    """
    person = signed_in()
    if person is None or not person.may("directory.read"):
        return ANYONE
    return Viewer(person.agency)
