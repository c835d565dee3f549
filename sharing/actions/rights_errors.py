"""What can be wrong with asking for one's rights, by name: what was wrong and what to do."""

from collections.abc import Sequence
from typing import Final

from app.kernel.named import NamedProblem, kinds, statuses
from sharing.terms.rights import Hindrance


class LegalHoldStands(NamedProblem):
    """Somebody ordered that this be kept, and nobody has released that."""

    status, code = 409, "legal_hold"
    title = "A legal hold stands"
    help = (
        "Nothing that is under a legal hold is erased. GET /v1/legal-holds lists your agency's; an "
        "information governance lead sees all. Once it is released, send this again. With dry_run "
        "it says what would go."
    )


class RetentionRuns(NamedProblem):
    """The council signed off that a class of record is kept for longer, whoever asks."""

    status, code = 409, "retention_runs"
    title = "Something must be kept for longer"
    help = (
        "The errors name each class and until when it is kept. GET /v1/settings/retention says who "
        "signed that off, and by what authority. With dry_run it says what would go."
    )

    def __init__(self, found: Sequence[Hindrance]) -> None:
        super().__init__()
        self.errors = [
            {"detail": f"{one.retention} is kept until {one.until.date().isoformat()}."}
            for one in found
            if one.until is not None
        ]


class UnknownHold(NamedProblem):
    """The agency set no hold of this id."""

    status, code = 404, "hold_unknown"
    title = "There is no such hold"
    help = "GET /v1/legal-holds lists those that your agency set."


class HoldReleased(NamedProblem):
    """The hold has ended."""

    status, code = 409, "hold_released"
    title = "The hold was released already"
    help = "It stays on file as it is. To hold something again, set a new one."


class RetentionStartsInThePast(NamedProblem):
    """What was kept or erased by another period already cannot be undone."""

    status, code = 422, "retention_starts_in_the_past"
    title = "A period of retention cannot start in the past"
    help = "Leave starts out, or name an instant to come."


class AskedInTheFuture(NamedProblem):
    """The day on which somebody asked has not come."""

    status, code = 422, "asked_in_the_future"
    title = "Nobody can have asked on that day yet"
    help = "Name the day on which the request reached any agency of the partnership."


class OwnRequest(NamedProblem):
    """Whoever took a request down does not decide on it."""

    status, code = 403, "own_request"
    title = "Nobody decides on a request that they took down themselves"
    help = "Let another information governance lead look at it."


class PackReviewed(NamedProblem):
    """Somebody decided on the pack before, or nobody had to."""

    status, code = 409, "pack_decided"
    title = "The pack was decided on already"
    help = (
        "Read the pack: it says who decided, when and why. To ask again, take a new request down."
    )


class PackTooLate(NamedProblem):
    """A pack is put off once, before it is due."""

    status, code = 409, "pack_cannot_be_put_off"
    title = "The pack cannot be put off any more"
    help = "It is put off once, by two months, before its month is over (UK GDPR, Article 12(3))."


class PackNotReady(NamedProblem):
    """Nobody may read the pack yet, or ever."""

    status, code = 409, "pack_not_ready"
    title = "The pack cannot be read"
    help = "Read its state: a person has to look at it first, or has refused it."


class PackExpired(NamedProblem):
    """The pack has lain for as long as it may."""

    status, code = 410, "pack_expired"
    title = "The pack has expired"
    help = "A pack can be read for 30 days. Take a new request down: it tells how things stand now."


class RecordDisputed(NamedProblem):
    """The record is marked as disputed."""

    status, code = 409, "record_disputed"
    title = "The record is marked as disputed already"
    help = "Who received it has heard. To put it right, send what it is to say instead."


NAMED: Final[tuple[type[NamedProblem], ...]] = (
    LegalHoldStands,
    RetentionRuns,
    UnknownHold,
    HoldReleased,
    RetentionStartsInThePast,
    AskedInTheFuture,
    OwnRequest,
    PackReviewed,
    PackTooLate,
    PackNotReady,
    PackExpired,
    RecordDisputed,
)
ERRORS: Final = statuses(NAMED)
PROBLEMS: Final = kinds(NAMED)
