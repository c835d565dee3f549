"""The form by which anybody says that something is wrong."""

import re
from typing import Final

from app.kernel.schema import Choice, Schema, Text
from directory.schemas.upkeep import LONGEST_REPORT
from directory.terms.editing import ReportAbout

_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Address(Text):
    """Where to write to."""

    default_error_messages = {  # noqa: RUF012  (marshmallow's own way)
        "address": "Enter an e-mail address such as name@example.org, or leave this empty.",
        "long": "This must be {max} characters or fewer.",
    }

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not _ADDRESS.fullmatch(text):
            raise self.make_error("address")
        return text


class ReportFormSchema(Schema):
    """What is wrong, what it should say, and where to answer to."""

    about = Choice(
        ReportAbout,
        required=True,
        error_messages={
            "required": "Choose what is wrong.",
            "unknown": "Choose one of the answers.",
        },
    )
    text = Text(
        max=LONGEST_REPORT - 600,
        required=True,
        error_messages={"required": "Say what is wrong."},
    )
    instead = Text(max=500, load_default=None)
    reply_to = Address(max=254, load_default=None)
