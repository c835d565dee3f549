"""Addresses of pages on the web, as they may be shown as links."""

import re
from typing import Any, Final

from app.kernel.schema import Text

_FORM: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?", re.ASCII)


class WebAddress(Text):
    """An address that begins with http:// or https:// and names a host: never a script."""

    default_error_messages = {  # noqa: RUF012  (marshmallow's own way)
        "address": "This must be a whole web address, such as https://example.org/help."
    }

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(max=2000, metadata={"pattern": f"^{_FORM.pattern}$"}, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not _FORM.fullmatch(text):
            raise self.make_error("address")
        return text
