"""Whatever document is proposed, it becomes a draft or is refused by name: it never breaks."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.kernel.named import NamedProblem
from directory.actions.drafts import approve
from directory.queries.editing import seen_draft
from directory.terms.agencies import DirectoryError
from directory.terms.records import RecordKind, Viewer
from tests.directory.editing.builders import (
    BEN,
    OAK,
    a_service,
    address,
    location,
    on_file,
    proposed,
    uid,
)
from tests.service import MONDAY

pytestmark = pytest.mark.long
FIELDS = (
    *("id", "name", "audience", "contacts", "schedules", "service_at_locations", "attributes"),
    *("organization", "organization_id", "assured_date", "last_modified", "extra", "phones"),
)
MEMBERS = (
    *("id", "audience", "contacts", "location", "organization", "taxonomy_term"),
    *("taxonomy_term_id", "addresses", "postal_code", "a/b~c", ""),
)
LEAF = st.sampled_from([None, True, 0, -1, 1e300, "", "x", "2026-02-30", uid(1), uid(5), "public"])
JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MEMBERS),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(FIELDS)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(list(RecordKind)),
    st.dictionaries(NAMES, JSON, max_size=4),
    st.sets(NAMES, max_size=2),
)
def test_a_draft_is_made_or_refused_by_name(
    session: Session, kind: RecordKind, more: dict[str, Any], without: set[str]
) -> None:
    outer = session.begin_nested()
    secret = location(addresses=[address(audience=["refuge"])])
    on_file(session, service_at_locations=[{"id": uid(5), "location": secret}])
    document = deepcopy(a_service()) | more
    for name in without:
        document.pop(name, None)
    try:
        draft = proposed(session, document, OAK, kind)
        seen = seen_draft(session, draft.id, Viewer("oak-school"), own=True)
        assert "Holly Walk" not in str(seen)
        approve(session, draft.id, BEN, MONDAY)
    except (NamedProblem, DirectoryError):
        pass
    finally:
        outer.rollback()
