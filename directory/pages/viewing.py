"""For whom a page is drawn."""

from directory.terms.records import ANYONE, Viewer


def viewer() -> Viewer:
    """Return whose view of the directory this request gets; without sign-in, anyone's."""
    return ANYONE
