"""The worked examples by code. Each is a beginning, to be checked by one's own IG leads."""

from typing import Final

from sharing.terms.worked.helping import EARLY_HELP, SUPPORT_AND_GUIDANCE
from sharing.terms.worked.noticing import SAFEGUARDING, TOP_100

WORKED: Final = {one.code: one for one in (EARLY_HELP, SAFEGUARDING, SUPPORT_AND_GUIDANCE, TOP_100)}
