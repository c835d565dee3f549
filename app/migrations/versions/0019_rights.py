"""People's rights: erasure by a role of its own, holds, retention, access packs, rectifications."""

from alembic import op

from app.migrations.erasing import FUNCTIONS, KEPT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLES = """
create table legal_hold (
  id uuid not null constraint pk_legal_hold primary key,
  subject_id uuid constraint fk_legal_hold_subject_id_subject references subject (id),
  agency text constraint fk_legal_hold_agency_agency references agency (code),
  starts timestamptz,
  ends timestamptz,
  words bytea,
  set_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_legal_hold_recorded_by_agency_agency references agency (code),
  released_at timestamptz,
  released_by text,
  release_words bytea,
  constraint ck_legal_hold_of_one_thing check ((subject_id is null) <> (agency is null)),
  constraint ck_legal_hold_period_of_agency
    check (agency is not null or (starts is null and ends is null)),
  constraint ck_legal_hold_in_order check (starts < ends),
  constraint ck_legal_hold_released check ((released_at is null) = (released_by is null))
);
create index ix_legal_hold_standing on legal_hold (subject_id, agency) where released_at is null;
create table retention_class (
  id uuid not null constraint pk_retention_class primary key,
  code text not null constraint ck_retention_class_code check (code in (
    'record', 'consent', 'disclosure_opening', 'access_pack')),
  months integer not null constraint ck_retention_class_months check (months > 0),
  erasable boolean not null,
  starts timestamptz not null,
  signed_by text not null,
  authority text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_retention_class_recorded_by_agency_agency references agency (code)
);
create index ix_retention_class_code_recorded_at on retention_class (code, recorded_at);
create table log_erasure (
  entry_id uuid not null constraint pk_log_erasure primary key,
  erased_by uuid not null,
  at timestamptz not null
);
create index ix_log_erasure_erased_by on log_erasure (erased_by);
create table access_pack (
  id uuid not null constraint pk_access_pack primary key,
  subject_id uuid not null constraint fk_access_pack_subject_id_subject references subject (id),
  asked_by uuid constraint fk_access_pack_asked_by_subject references subject (id),
  capacity text not null constraint ck_access_pack_capacity
    check (capacity in ('self', 'parent', 'representative')),
  state text not null constraint ck_access_pack_state
    check (state in ('needs_review', 'ready', 'refused')),
  cautions text[] not null,
  request bytea not null,
  taken_by text not null,
  asked_on date not null,
  due date not null,
  extended_at timestamptz,
  extension bytea,
  reviewed_at timestamptz,
  reviewed_by text,
  review bytea,
  content bytea,
  made_at timestamptz,
  expires_at timestamptz,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_access_pack_recorded_by_agency_agency references agency (code),
  constraint ck_access_pack_reviewed check ((reviewed_at is null) = (reviewed_by is null)),
  constraint ck_access_pack_made check ((state = 'ready') = (made_at is not null))
);
create index ix_access_pack_subject_id on access_pack (subject_id);
create index ix_access_pack_waiting on access_pack (due, id) where state = 'needs_review';
create table rectification (
  id uuid not null constraint pk_rectification primary key,
  subject_id uuid not null
    constraint fk_rectification_subject_id_subject references subject (id),
  record_id uuid not null,
  new_record_id uuid,
  source text not null constraint fk_rectification_source_agency references agency (code),
  category text not null
    constraint fk_rectification_category_category references category (code),
  outcome text not null constraint ck_rectification_outcome
    check (outcome in ('corrected', 'refused')),
  disputed boolean not null,
  said bytea not null,
  decided_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  constraint ck_rectification_corrected
    check ((outcome = 'corrected') = (new_record_id is not null))
);
create index ix_rectification_subject_id on rectification (subject_id);
create table rectification_recipient (
  rectification_id uuid not null
    constraint fk_rectification_recipient_rectification_id_rectification
    references rectification (id),
  agency text not null
    constraint fk_rectification_recipient_agency_agency references agency (code),
  disclosures uuid[] not null,
  constraint pk_rectification_recipient primary key (rectification_id, agency)
);
alter table log_subject add column digests bytea[];
create index ix_log_subject_digests on log_subject using gin (digests) where digests is not null;
create index ix_log_entry_erased on log_entry (id) where outcome = 'erased';
alter table idempotency add column made uuid;
create index ix_idempotency_made on idempotency (made) where made is not null;
alter table shield_subject alter column reason drop not null;
"""

# Erasing is the owner's, by functions that only the eraser may call; the web process loses what
# it had. The eraser also writes the entry that says so, and what past recipients must hear.
_GRANTS = """
revoke update (wrapped_key) on subject from rightshare_app;
revoke delete on subject_identifier from rightshare_app;
revoke all on function erasure_begin, erasure_hindrances, erasure_entries, erasure_told,
  erase_openings, erase_consents, erase_person, retention_at, is_held, retention_due,
  retention_erase from public;
grant execute on function erasure_begin, erasure_hindrances, erasure_entries, erasure_told,
  erase_person, retention_due, retention_erase to rightshare_eraser;
grant insert on log_entry, log_subject, log_pending, obligation, event to rightshare_eraser;
grant select, insert on legal_hold, retention_class, access_pack, rectification,
  rectification_recipient to rightshare_app;
grant update (released_at, released_by, release_words) on legal_hold to rightshare_app;
grant update (state, due, extended_at, extension, reviewed_at, reviewed_by, review, content,
  made_at, expires_at) on access_pack to rightshare_app;
grant update (made) on idempotency to rightshare_app;
grant select on log_erasure to rightshare_app, rightshare_ig_lead;

create policy write_for_own_agency_too on log_entry for insert to rightshare_eraser
  with check (recipient = current_setting('rightshare.agency', true) and outcome = 'erased');
create policy erase on log_entry for select to rightshare_owner using (true);
create policy write_about_nobody on log_subject for insert to rightshare_eraser
  with check (subject is null);
create policy erase_read on log_subject for select to rightshare_owner using (true);
create policy erase on log_subject for update to rightshare_owner using (true)
  with check (subject is null and opening is null and salt is null and digests is null);
create policy erase on obligation to rightshare_owner using (true);
create policy erase on event to rightshare_owner using (true);
create policy write_erased on event for insert to rightshare_eraser
  with check (kind = 'subject.erased');
create policy erase on record to rightshare_owner using (true);
create policy erase on withhold to rightshare_owner using (true);
create policy erase on withhold_subject to rightshare_owner using (true);
"""

_APPEND_ONLY = """
create trigger append_only before update or delete on log_erasure
  for each row execute function log_is_append_only();
alter table log_erasure enable always trigger append_only;
create trigger no_truncate before truncate on log_erasure
  for each statement execute function log_is_append_only();
alter table log_erasure enable always trigger no_truncate;
"""

_BACK = """
drop index ix_log_entry_erased;
drop policy write_for_own_agency_too on log_entry;
drop policy erase on log_entry;
drop policy write_about_nobody on log_subject;
drop policy erase_read on log_subject;
drop policy erase on log_subject;
drop policy erase on obligation;
drop policy erase on event;
drop policy write_erased on event;
drop policy erase on record;
drop policy erase on withhold;
drop policy erase on withhold_subject;
revoke insert on log_entry, log_subject, log_pending, obligation, event from rightshare_eraser;
grant update (wrapped_key) on subject to rightshare_app;
grant delete on subject_identifier to rightshare_app;
drop function retention_erase, retention_due, erase_person, erase_consents, erase_openings,
  erasure_told, erasure_entries, erasure_hindrances, erasure_begin;
drop function is_held, retention_at;
drop view kept_item;
alter table shield_subject alter column reason set not null;
alter table idempotency drop column made;
alter table log_subject drop column digests;
drop table rectification_recipient, rectification, access_pack, log_erasure, retention_class,
  legal_hold;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(KEPT)
    op.execute(FUNCTIONS)
    op.execute(_GRANTS)
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    op.execute(_BACK)
