"""What a person can put right: told in a sentence, without a trace."""

from sqlalchemy.exc import OperationalError

from app.config import SettingsFault
from app.demo.postgres import NotStartedError
from app.demo.prepare import NotADemonstration
from app.demo.supervisor import GaveUp
from app.demo.tour import TourStopped
from app.kernel.roles import RolesMissing
from app.kernel.signing import SigningKeyMissing
from app.kernel.vault import VaultError
from app.parts import DemonstrationFound
from sharing.actions.anchor import AnchorFault
from sharing.actions.keyring import RotationFault
from sharing.actions.restoring import RestoreFault
from sharing.actions.witnesses import WitnessesFault
from sharing.actions.witnessing import WitnessFault
from sharing.jobs.sequencer import OtherLog

_TOLD = (
    AnchorFault,
    OtherLog,
    RestoreFault,
    RotationFault,
    WitnessFault,
    WitnessesFault,
    DemonstrationFound,
    GaveUp,
    NotADemonstration,
    NotStartedError,
    RolesMissing,
    SettingsFault,
    SigningKeyMissing,
    TourStopped,
    VaultError,
)


def sentence(fault: Exception) -> str | None:
    """Return what to tell a person of a fault; None where only a trace would help."""
    if isinstance(fault, OperationalError):
        return f"The database does not answer as it should: {str(fault.orig).strip()}"
    return str(fault) if isinstance(fault, _TOLD) else None
