"""The directory for partner agencies: the feed's shapes, with what their practitioners may see."""

from functools import partial

from app.kernel.auth import caller, requires
from app.kernel.wire import Blueprint
from directory.api.exporting import mount_export
from directory.api.feeding import Tier
from directory.api.mounting import Mount, mount
from directory.terms.records import Viewer


def _practitioners() -> Viewer:
    return Viewer(caller().agency)


blueprint = Blueprint(
    "protected_directory",
    __name__,
    url_prefix="/v1/directory",
    description="The directory with its protected tier, in the shapes of Open Referral UK 3.0",
)
_TIER = Tier(_practitioners, cached=False)
_OPENED = partial(requires, "directory.read")
mount(Mount(blueprint, _TIER, _OPENED, "Protected", search="/search"))
mount_export(blueprint, _TIER, _OPENED, "exportDirectory")
