"""What every door of this storey takes from the request besides its body."""

from typing import cast

from flask import current_app

from app.kernel.auth import caller
from consent.actions.partners import EXTENSION, Partners
from consent.actions.writing import Writer


def writer() -> Writer:
    """Return who is recording: the client that calls, for its agency."""
    return Writer(caller().client_id, caller().agency)


def partners() -> Partners:
    """Return what this application answers about agencies and agreements."""
    return cast("Partners", current_app.extensions[EXTENSION])
