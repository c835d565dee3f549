"""Forms for a whole family: each adult speaks for themselves, and each child has a record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from consent.actions import consents
from consent.actions.consents import NewConsent
from consent.actions.errors import CapacityDiffers, GiverHasNoSay, SaidTwice
from consent.actions.partners import Partners
from consent.actions.writing import Writer
from consent.queries.consents import ConsentOnFile


def record_form(
    session: Session,
    signatures: Sequence[NewConsent],
    partners: Partners,
    by: Writer,
    at: datetime,
) -> list[ConsentOnFile]:
    """Record what a family's form says: one record for each subject of each signature, or none.

    So one adult can withdraw, and one child come of age, without touching another's answer.
    """
    _check_once(signatures)
    made = []
    for place, signed in enumerate(signatures):
        for subject in sorted(signed.subjects):
            one = replace(signed, subjects=frozenset({subject}))
            try:
                made.append(consents.record(session, one, partners, by, at))
            except GiverHasNoSay as error:
                detail = f"For the subject {subject}: {error.help}"
                raise GiverHasNoSay(detail, f"#/signatures/{place}/given_by") from error
            except CapacityDiffers as error:
                detail = f"For the subject {subject}: {error.help}"
                raise CapacityDiffers(detail, f"#/signatures/{place}/capacity") from error
    return made


def _check_once(signatures: Sequence[NewConsent]) -> None:
    """Raise if a person signs twice for one subject: two answers to one question are none."""
    seen: set[object] = set()
    for place, one in enumerate(signatures):
        said = {(one.given_by, subject) for subject in one.subjects}
        if said & seen:
            raise SaidTwice(pointer=f"#/signatures/{place}")
        seen |= said
