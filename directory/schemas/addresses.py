"""Addresses of pages on the web, as they may be shown as links."""

from typing import Any
from urllib.parse import urlsplit

from app.kernel.schema import Text


class WebAddress(Text):
    """An address that begins with http:// or https:// and names a host: never a script."""

    default_error_messages = {  # noqa: RUF012  (marshmallow's own way)
        "address": "This must be a whole web address, such as https://example.org/help."
    }

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(max=2000, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        try:
            parts = urlsplit(text)
        except ValueError as error:
            raise self.make_error("address") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
            raise self.make_error("address")
        return text
