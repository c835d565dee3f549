"""What an agreement on file means to others: for the register, for a controller, for a work list.

An agreement is shown by the version in force; else by the next to come; else by the last it had.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from sharing.terms.agreements import AgreementOnFile, Party, VersionOnFile
from sharing.terms.register import AgreementDue, DueKind, Entry, Named, Processing, Status


def entry(
    agreement: AgreementOnFile,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    at: datetime,
) -> Entry | None:
    """Return an agreement as the public reads it at an instant; None if it was never activated."""
    shown = _shown(agreement, at)
    if shown is None:
        return None
    starts, ends = shown.effective_from, _ends(agreement, shown)
    status = _status(starts, ends, at)
    when = {Status.PLANNED: starts, Status.IN_FORCE: at, Status.ENDED: _just_before(ends or at)}
    return Entry(
        code=agreement.code,
        title=agreement.title,
        version=shown.version,
        status=status,
        bodies=_named(members_of(agreement, shown, when[status]), names),
        purpose=shown.wording.purpose,
        benefits=shown.wording.benefits,
        summary=shown.wording.summary,
        data=_named({one for flow in shown.flows for one in flow.categories}, titles),
        retention=shown.retention,
        starts=starts,
        review_due=review_due(shown),
        ends=ends,
        successor=agreement.successor,
    )


def processing(agreement: AgreementOnFile, agency: str, at: datetime) -> Iterator[Processing]:
    """Yield the flows that an agency takes part in at an instant, each with its part in it."""
    version = in_force(agreement, at)
    if version is None or agency not in members_of(agreement, version, at):
        return
    contact = _party(agreement, version, agency).data_protection_contact
    for flow in version.flows:
        parts = {"tells": agency in flow.sources, "is told": agency in flow.recipients}
        if any(parts.values()):
            yield Processing(
                agreement=agreement.code,
                version=version.version,
                controller=agency,
                contact=contact,
                part=" and ".join(part for part, taken in parts.items() if taken),
                flow=flow,
                purpose=version.wording.purpose,
                retention=tuple(
                    one for one in version.retention if one.category in flow.categories
                ),
                security=version.wording.security,
                impact_assessment=version.wording.impact_assessment,
            )


def falls_due(agreement: AgreementOnFile, at: datetime, until: datetime) -> Iterator[AgreementDue]:
    """Yield what is to be done about an agreement by an instant, or was to be done before."""
    if agreement.terminated_at is not None:
        return
    current = in_force(agreement, at)
    listed = [*_unsigned(agreement, current, at)]
    if current is not None:
        dates = ((DueKind.REVIEW, review_due(current)), (DueKind.RENEW, current.expires))
        members = tuple(sorted(members_of(agreement, current, at)))
        listed += [
            AgreementDue(on, agreement.code, current.version, kind, members)
            for kind, on in dates
            if on is not None
        ]
    yield from (one for one in listed if one.on <= until)


def in_force(agreement: AgreementOnFile, at: datetime) -> VersionOnFile | None:
    """Return the version in force at an instant, if there is one."""
    for version in reversed(agreement.versions):
        ends = _ends(agreement, version)
        if _activated(version) and _status(version.effective_from, ends, at) is Status.IN_FORCE:
            return version
    return None


def members_of(agreement: AgreementOnFile, version: VersionOnFile, at: datetime) -> frozenset[str]:
    """Return who takes part in a version at an instant: who is a member and has signed it."""
    signed = {one.agency for one in version.signatures}
    return frozenset(
        one.agency
        for one in agreement.members
        if (one.joined is None or one.joined <= at)
        and (one.departed is None or one.departed > at)
        and (version.content_sha256 is None or one.agency in signed)
    )


def review_due(version: VersionOnFile) -> datetime | None:
    """Return when a version is to be looked at next: by its own words, or by the last review."""
    return version.reviews[-1].next_due if version.reviews else version.review_due


def _unsigned(
    agreement: AgreementOnFile, current: VersionOnFile | None, at: datetime
) -> Iterator[AgreementDue]:
    """Yield the versions that members have still to sign: the one in force, and newer drafts."""
    for version in agreement.versions:
        is_draft = not _activated(version) and (
            current is None or version.version > current.version
        )
        if version.content_sha256 is None or not (is_draft or version is current):
            continue
        signed = {one.agency for one in version.signatures}
        waiting = {
            one.agency: one.joined or at
            for one in agreement.members
            if (one.departed is None or one.departed > at) and one.agency not in signed
        }
        if waiting:
            on = version.effective_from if is_draft else min(waiting.values())
            agencies = tuple(sorted(waiting))
            yield AgreementDue(on, agreement.code, version.version, DueKind.SIGN, agencies)


def _shown(agreement: AgreementOnFile, at: datetime) -> VersionOnFile | None:
    current = in_force(agreement, at)
    activated = [one for one in agreement.versions if _activated(one)]
    planned = [one for one in activated if one.effective_from > at]
    return current or next(iter(planned or activated[-1:]), None)


def _activated(version: VersionOnFile) -> bool:
    return version.activated_at is not None


def _status(starts: datetime, ends: datetime | None, at: datetime) -> Status:
    if ends is not None and ends <= at:
        return Status.ENDED
    return Status.PLANNED if at < starts else Status.IN_FORCE


def _ends(agreement: AgreementOnFile, version: VersionOnFile) -> datetime | None:
    known = (version.expires, version.superseded_at, agreement.terminated_at)
    return min((one for one in known if one is not None), default=None)


def _just_before(at: datetime) -> datetime:
    return at - timedelta(microseconds=1)


def _party(agreement: AgreementOnFile, version: VersionOnFile, agency: str) -> Party:
    """Return an agency as the version names it; one that joined later, as it joined."""
    joined = (Party(one.agency, one.role, one.data_protection_contact) for one in agreement.members)
    parties = {one.agency: one for one in (*joined, *(version.parties or ()))}
    return parties[agency]


def _named(codes: Iterable[str], names: Mapping[str, str]) -> tuple[Named, ...]:
    return tuple(Named(code, names.get(code, code)) for code in sorted(codes))
