"""Retention of records, decisions not to share, notices with a deadline, step up and step down."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# A record that is past its date keeps its row and loses its content: it says that there was one,
# and since when and why there is none.
_RECORDS = """
alter table record add column removed_at timestamptz, add column removed_because text;
create index ix_record_retain_until on record (retain_until) where content is not null;
create index ix_record_source_id on record (source, id);
alter table withhold
  add column review_at timestamptz,
  add column end_recorded_at timestamptz,
  add column end_recorded_by text;
create index ix_withhold_source_id on withhold (source, id);
create table decision_not_to_share (
  id uuid not null constraint pk_decision_not_to_share primary key,
  subject_id uuid not null
    constraint fk_decision_not_to_share_subject_id_subject references subject (id),
  source text not null
    constraint fk_decision_not_to_share_source_agency references agency (code),
  asked_by text not null
    constraint fk_decision_not_to_share_asked_by_agency references agency (code),
  purpose text not null
    constraint fk_decision_not_to_share_purpose_purpose references purpose (code),
  categories text[] not null,
  because text not null,
  reason bytea not null,
  decided_by text not null,
  decided_role text not null,
  decided_at timestamptz not null,
  family_told boolean not null,
  not_told_because bytea,
  review_at timestamptz not null,
  withhold_id uuid
    constraint fk_decision_not_to_share_withhold_id_withhold references withhold (id),
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index ix_decision_not_to_share_source_id on decision_not_to_share (source, id);
create index ix_decision_not_to_share_subject_id on decision_not_to_share (subject_id);
"""

_NOTICES = """
create table notice (
  id uuid not null constraint pk_notice primary key,
  kind text not null,
  sender text not null constraint fk_notice_sender_agency references agency (code),
  recipient text not null constraint fk_notice_recipient_agency references agency (code),
  subject_id uuid not null constraint fk_notice_subject_id_subject references subject (id),
  basis text not null,
  content bytea,
  happened_at timestamptz not null,
  sent_at timestamptz not null,
  deadline timestamptz not null,
  retain_until timestamptz not null,
  corrects uuid constraint fk_notice_corrects_notice references notice (id),
  entry_id uuid not null,
  sent_by text not null,
  read_at timestamptz,
  read_by text,
  acknowledged_at timestamptz,
  acknowledged_by text,
  done text,
  note bytea,
  withdrawn_at timestamptz,
  overdue_told_at timestamptz,
  constraint uq_notice_corrects unique (corrects)
);
create index ix_notice_recipient_id on notice (recipient, id);
create index ix_notice_sender_id on notice (sender, id);
create index ix_notice_subject_id on notice (subject_id);
create table school_holiday (
  id uuid not null constraint pk_school_holiday primary key,
  title text not null,
  first_day date not null,
  last_day date not null,
  recorded_by text not null,
  recorded_at timestamptz not null,
  replaced_at timestamptz,
  constraint ck_school_holiday_in_order check (first_day <= last_day)
);
"""

_ESCALATIONS = """
create table escalation (
  id uuid not null constraint pk_escalation primary key,
  direction text not null,
  from_agency text not null
    constraint fk_escalation_from_agency_agency references agency (code),
  to_agency text not null constraint fk_escalation_to_agency_agency references agency (code),
  from_lead text not null,
  to_lead text not null,
  from_contact text,
  to_contact text,
  basis text not null,
  duty text,
  recorded_by text not null,
  recorded_at timestamptz not null,
  completed_at timestamptz,
  declined_at timestamptz,
  withdrawn_at timestamptz,
  constraint ck_escalation_direction check (direction in ('step_up', 'step_down')),
  constraint ck_escalation_ends_once
    check (num_nonnulls(completed_at, declined_at, withdrawn_at) <= 1)
);
create index ix_escalation_from_agency_id on escalation (from_agency, id);
create index ix_escalation_to_agency_id on escalation (to_agency, id);
create table escalation_subject (
  escalation_id uuid not null
    constraint fk_escalation_subject_escalation_id_escalation references escalation (id),
  subject_id uuid not null
    constraint fk_escalation_subject_subject_id_subject references subject (id),
  reason bytea not null,
  entry_id uuid,
  constraint pk_escalation_subject primary key (escalation_id, subject_id)
);
create index ix_escalation_subject_subject_id on escalation_subject (subject_id);
"""

# Each agency sees what it sent or was sent. Of a step down that waits for the family nobody but
# its own agency may know: until they agree there is nothing to tell.
_GRANTS = """
grant update (removed_at, removed_because) on record to rightshare_app;
grant update (end_recorded_at, end_recorded_by) on withhold to rightshare_app;

grant select, insert on decision_not_to_share to rightshare_app;
grant select (id, source, asked_by, purpose, categories, because, decided_by, decided_role,
  decided_at, family_told, review_at, withhold_id, recorded_by, recorded_at)
  on decision_not_to_share to rightshare_ig_lead;
alter table decision_not_to_share enable row level security;
alter table decision_not_to_share force row level security;
create policy own_decisions on decision_not_to_share to rightshare_app
  using (source = current_setting('rightshare.agency', true))
  with check (source = current_setting('rightshare.agency', true));
create policy read_all on decision_not_to_share for select to rightshare_ig_lead using (true);

grant select, insert on notice to rightshare_app;
grant update (content, read_at, read_by, acknowledged_at, acknowledged_by, done, note,
  withdrawn_at, overdue_told_at) on notice to rightshare_app;
grant select (id, kind, sender, recipient, basis, happened_at, sent_at, deadline, retain_until,
  corrects, entry_id, read_at, acknowledged_at, done, withdrawn_at)
  on notice to rightshare_ig_lead;
alter table notice enable row level security;
alter table notice force row level security;
create policy send_own on notice for insert to rightshare_app
  with check (sender = current_setting('rightshare.agency', true));
create policy read_own on notice for select to rightshare_app
  using (current_setting('rightshare.agency', true) in (sender, recipient));
create policy change_own on notice for update to rightshare_app
  using (current_setting('rightshare.agency', true) in (sender, recipient));
create policy read_all on notice for select to rightshare_ig_lead using (true);

grant select, insert on school_holiday to rightshare_app;
grant update (replaced_at) on school_holiday to rightshare_app;

grant select, insert on escalation, escalation_subject to rightshare_app;
grant update (completed_at, declined_at, withdrawn_at) on escalation to rightshare_app;
grant update (entry_id) on escalation_subject to rightshare_app;
grant select on escalation to rightshare_ig_lead;
alter table escalation enable row level security;
alter table escalation force row level security;
create policy start_own on escalation for insert to rightshare_app
  with check (from_agency = current_setting('rightshare.agency', true));
create policy read_own on escalation for select to rightshare_app
  using (from_agency = current_setting('rightshare.agency', true)
    or (to_agency = current_setting('rightshare.agency', true) and completed_at is not null));
create policy change_own on escalation for update to rightshare_app
  using (from_agency = current_setting('rightshare.agency', true));
create policy read_all on escalation for select to rightshare_ig_lead using (true);
alter table escalation_subject enable row level security;
alter table escalation_subject force row level security;
create policy with_escalation on escalation_subject to rightshare_app
  using (exists (select from escalation where escalation.id = escalation_id));
"""

_BACK = """
drop table escalation_subject, escalation, school_holiday, notice, decision_not_to_share;
drop index ix_withhold_source_id, ix_record_source_id, ix_record_retain_until;
alter table withhold
  drop column review_at, drop column end_recorded_at, drop column end_recorded_by;
alter table record drop column removed_at, drop column removed_because;
"""


def upgrade() -> None:
    op.execute(_RECORDS)
    op.execute(_NOTICES)
    op.execute(_ESCALATIONS)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(_BACK)
