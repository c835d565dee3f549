"""Where a browser may be sent after signing in: to a page of ours, by its path alone."""

import re
from typing import Final

LONGEST: Final = 500
# One slash, then no second one and no backslash, which browsers read as a slash; no letter that
# they strip before reading the rest.
_OURS: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*")


def page_of_ours(address: str) -> str | None:
    """Return the address if it is a path of this site, None if it could lead anywhere else."""
    return address if len(address) <= LONGEST and _OURS.fullmatch(address) else None
