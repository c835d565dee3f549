"""Whoever adds a column that may lead to a person says what an erasure does to it."""

from typing import Final

from app.kernel.queue import FACTS_CHANGED
from tests.make import HUB, Family
from tests.service import Service
from tests.sharing.personal import everything_personal
from tests.sharing.seeing import Rows
from tests.sharing.test_erasure import erased

GONE: Final = "gone with the person"
NOBODY: Final = "about no subject"
OTHERS: Final = "another subject's fact, which names this one by an id that leads nowhere"
KEYLESS: Final = "an id that leads nowhere: the row behind it is empty"

WHAT_BECOMES_OF: Final = {
    "access_pack.asked_by": GONE,
    "access_pack.content": GONE,
    "access_pack.extension": GONE,
    "access_pack.request": GONE,
    "access_pack.review": GONE,
    "access_pack.subject_id": GONE,
    "agreement_preview.counts": "counts",
    "agreement_preview_difference.subject": GONE,
    "agreement_signature.evidence": NOBODY,
    "competence_assessment.assessor_name": GONE,
    "competence_assessment.subject_id": GONE,
    "conflict_of_interest.reason": GONE,
    "conflict_of_interest.subject_id": GONE,
    "consent.evidence": GONE,
    "consent.given_by": OTHERS,
    "consent_evidence.content": GONE,
    "consent_evidence.sha256": GONE,
    "consent_subject.subject_id": GONE,
    "contact_point.audience": NOBODY,
    "contact_point.more": NOBODY,
    "contact_point.opening_hours": NOBODY,
    "decision_not_to_share.not_told_because": GONE,
    "decision_not_to_share.reason": GONE,
    "decision_not_to_share.subject_id": GONE,
    "directory_duplicate.reasons": NOBODY,
    "directory_import.counts": NOBODY,
    "directory_import_batch.content": NOBODY,
    "directory_import_batch.seen": NOBODY,
    "directory_report.sender": NOBODY,
    "directory_record.document": NOBODY,
    "directory_version.document": NOBODY,
    "draft.parts": NOBODY,
    "entry_version.document": NOBODY,
    "escalation_subject.reason": GONE,
    "escalation_subject.subject_id": GONE,
    "event.note": GONE,
    "household_member.member_id": OTHERS,
    "household_member.subject_id": GONE,
    "idempotency.answer": GONE,
    "idempotency.request_digest": "keyed, and gone within a day",
    "job.payload": GONE,
    "legal_hold.release_words": GONE,
    "legal_hold.subject_id": KEYLESS,
    "legal_hold.words": GONE,
    "listing_said.areas": NOBODY,
    "listing_said.labels": NOBODY,
    "log_checkpoint.note": NOBODY,
    "log_checkpoint.root": NOBODY,
    "log_cosignature.line": NOBODY,
    "log_entry.facts": "codes and counts",
    "log_entry.facts_salt": "of codes and counts",
    "log_entry.leaf": "a commitment without its salt",
    "log_entry.leaf_hash": "a hash of that",
    "log_export_request.reason": NOBODY,
    "log_line.practitioner": GONE,
    "log_pending.leaf_hash": "a hash of that",
    "log_subject.digests": GONE,
    "log_subject.opening": GONE,
    "log_subject.salt": GONE,
    "log_subject.subject": GONE,
    "log_tile.hashes": NOBODY,
    "log_view.filters": "codes: no view names a subject",
    "log_view.persons": NOBODY,
    "no_say.evidence": GONE,
    "notice.content": GONE,
    "notice.note": GONE,
    "notice.subject_id": GONE,
    "oauth_agency_key.jwk": NOBODY,
    "oauth_client.jwks": NOBODY,
    "oauth_key.public": NOBODY,
    "oauth_key.sealed_private": NOBODY,
    "oauth_used.digest": NOBODY,
    "obligation.note": GONE,
    "person.sealed_totp": NOBODY,
    "person_session.digest": NOBODY,
    "record.content": GONE,
    "record.subject_id": GONE,
    "rectification.said": GONE,
    "rectification.subject_id": GONE,
    "relationship.person_id": OTHERS,
    "relationship.subject_id": GONE,
    "review_act.note": "unreadable: its key goes with the opening of the entry",
    "review_draw.commitment": NOBODY,
    "review_draw.seed": NOBODY,
    "review_interest.subject_id": GONE,
    "review_item.because": "numbers, and words that name nobody",
    "review_item.told": "numbers, and words that name nobody",
    "review_look.measures": "numbers and codes",
    "review_look.words": "keyed, of a text that is gone",
    "review_setting.content": NOBODY,
    "review_staff.addresses": "of the agency's own people",
    "review_staff.managers": "of the agency's own people",
    "review_staff.phones": "of the agency's own people",
    "review_staff.practitioner": "of the agency's own people",
    "review_staff.relatives": "of subjects, and taken out with them",
    "review_staff.surnames": "of the agency's own people",
    "review_staff.themselves": "of subjects, and taken out with them",
    "review_tally.role": NOBODY,
    "shield_subject.reason": GONE,
    "shield_subject.subject_id": OTHERS,
    "subject.born": GONE,
    "subject.names": GONE,
    "subject.wrapped_key": GONE,
    "subject_identifier.digest": GONE,
    "subject_identifier.subject_id": GONE,
    "subject_identifier.value": GONE,
    "vault_key.wrapped": NOBODY,
    "webhook_secret.secret": NOBODY,
    "withhold_subject.reason": GONE,
    "withhold_subject.subject_id": GONE,
    "wrong_sign_in.key": NOBODY,
}
_MAY_LEAD_TO_A_PERSON = """
select c.table_name || '.' || c.column_name from information_schema.columns c
join pg_class t on t.relname = c.table_name and t.relnamespace = 'public'::regnamespace
where c.table_schema = 'public' and t.relkind in ('r', 'p') and not t.relispartition and (
  c.data_type in ('bytea', 'jsonb', 'json')
  or (c.data_type = 'ARRAY' and c.udt_name = '_bytea')
  or c.column_name ~ '(^|_)subject(_id)?$'
  or exists (select from pg_constraint f join pg_attribute a
    on a.attrelid = f.conrelid and a.attnum = any (f.conkey)
    where f.contype = 'f' and f.confrelid = 'subject'::regclass
      and f.conrelid = t.oid and a.attname = c.column_name))
order by 1
"""


def test_rule_44_every_column_that_may_lead_to_a_person_says_what_erasure_does_to_it(
    service: Service, superuser: Rows
) -> None:
    found = {name for (name,) in superuser.execute(_MAY_LEAD_TO_A_PERSON)}
    assert found == WHAT_BECOMES_OF.keys()


_A_REPLAY = """
with preview as (
  insert into agreement_preview (id, version_id, content, content_sha256, members, since, until,
    agency, requested_by, entry_id, begun_at, part, counts)
  select gen_random_uuid(), id, '', '', '{}', now(), now(), %(hub)s, 's', gen_random_uuid(), now(),
    'subjects', '{}' from agreement_version limit 1 returning id)
insert into agreement_preview_difference (preview_id, number, part, change, at, subject, recipient,
  source, purpose, kind, before, after, told_before, told_after)
select id, 1, 'subjects', 'added', now(), %(child)s, 'oak', %(hub)s, '', '', '', '', '{}', '{}'
from preview
"""


def test_rule_44_what_is_said_to_go_is_gone(
    service: Service, family: Family, superuser: Rows
) -> None:
    mark = everything_personal(service, family)
    payload = f'{{"kind": "record.corrected", "subjects": ["{family.child}"]}}'
    superuser.execute(
        "insert into job (id, kind, payload, due, run_at, attempts)"
        " values (gen_random_uuid(), %s, %s, now(), now(), 0)",
        [FACTS_CHANGED, payload],
    )
    superuser.execute(_A_REPLAY, {"hub": HUB, "child": family.child})
    ((siblings,),) = superuser.execute(
        "select array_agg(subject_id::text) from subject_identifier where scheme = %s",
        [f"agency:{HUB}"],
    ).fetchall()
    for subject in [family.child, family.mother, *siblings]:
        erased(service, subject)
    assert len(mark.made) > 20
    left = set()
    for name, becomes in WHAT_BECOMES_OF.items():
        table, _, column = name.partition(".")
        # Of what erases nothing here, entries of the erasures themselves remain.
        if becomes == GONE and table not in {"log_subject", "idempotency", "job", "no_say"}:
            kept = f"select 1 from {table} where {column} is not null limit 1"  # noqa: S608  (our own names)
            if superuser.execute(kept.encode()).fetchone():
                left.add(name)
    assert left == set()
    remaining = superuser.execute("select payload::text from job").fetchall()
    assert not [text for (text,) in remaining if family.child in text]
