"""What waits on the demonstration's desk can be decided on by the editor it is for."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.demo.desk import AGENCY, COLLEAGUE
from app.demo.files import PEOPLE
from app.kernel.db import Database
from directory.actions.drafts import approve
from directory.queries.editing import DraftSearch, drafts
from directory.queries.reports import ReportSearch, reports
from directory.terms.editing import ANYBODY, DraftState, ReportState
from directory.terms.keeping import Actor
from directory.terms.records import Viewer
from sharing.actions.signing import check_signable
from sharing.queries.agreements import agreement
from sharing.queries.register import due
from sharing.terms.register import DueKind
from tests.demo.conftest import AT

pytestmark = pytest.mark.long


def test_drafts_of_others_wait_and_can_be_approved(seeded: Database) -> None:
    assert COLLEAGUE in {username for username, _, _ in PEOPLE}
    assert isinstance(seeded.bind, Engine)
    with Session(seeded.bind) as session:  # the database is only read: nothing here is committed
        waiting = DraftSearch(DraftState.WAITING, owner=AGENCY)
        found = drafts(session, waiting, Viewer(AGENCY))
        assert sorted(one.author for one in found) == [ANYBODY, COLLEAGUE, COLLEAGUE]
        said = reports(session, ReportSearch(ReportState.WAITING, owner=AGENCY), Viewer(AGENCY))
        assert len(said) == 3
        for one in found:
            approve(session, one.id, Actor("cluster-manager", AGENCY), AT)
        assert drafts(session, waiting, Viewer(AGENCY)) == []
        session.rollback()


def test_an_agreement_waits_for_the_signatory(seeded: Database) -> None:
    assert isinstance(seeded.bind, Engine)
    (agency,) = {agency for _, role, agency in PEOPLE if role == "signatory"}
    with seeded.transaction() as session:
        waiting = due(session, AT, AT + timedelta(days=366))
        (one,) = [one for one in waiting if one.kind is DueKind.SIGN and agency in one.agencies]
        check_signable(session, one.agreement, one.version, agency, AT)  # or it raises
        found = agreement(session, one.agreement)
    assert found is not None
    assert found.kept_by == "ig-office"
