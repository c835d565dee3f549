"""The form of "who to call", and what is said where it cannot be read."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from app.kernel.schema import Schema, Text

YES: Final = "yes"
NO: Final = "no"
_LONGEST: Final = 100


class CallingFormSchema(Schema):
    """What somebody fills in: empty fields are left out."""

    postcode = Text(max=_LONGEST, load_default=None)
    school = Text(max=200, load_default=None)
    level_of_need = Text(max=64, load_default=None)
    at_risk = Text(max=3, load_default=None)

    @validates_schema
    def _asks_one_thing(self, data: Mapping[str, Any], **_: object) -> None:
        wrong = {}
        if data["postcode"] is None and data["school"] is None:
            wrong["postcode"] = ["Enter a postcode, or a school"]
        if data["postcode"] is not None and data["school"] is not None:
            wrong["school"] = ["Enter a postcode or a school, not both"]
        if data["at_risk"] not in {YES, NO}:
            wrong["at_risk"] = ["Say whether a child may be at risk now"]
        if data["level_of_need"] is None and data["at_risk"] != YES:
            wrong["level_of_need"] = ["Choose a level of need"]
        if wrong:
            raise ValidationError(wrong)
