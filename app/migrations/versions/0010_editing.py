"""Drafts, reports, reminders, offers and pledges."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_DRAFTS = """
create table draft (
  id uuid not null constraint pk_draft primary key,
  kind text not null,
  record uuid not null,
  parts jsonb not null,
  origin text not null,
  note text,
  owner text constraint fk_draft_owner_agency references agency (code),
  author text not null,
  agency text,
  made_at timestamptz not null,
  decision text constraint ck_draft_decision
    check (decision in ('approved', 'rejected', 'withdrawn')),
  decided_by text,
  decided_at timestamptz,
  reason text,
  constraint ck_draft_decided check ((decision is null) = (decided_at is null)
    and (decision is null) = (decided_by is null))
);
create index ix_draft_waiting on draft (id) where decided_at is null;
create index ix_draft_kind_record on draft (kind, record);
create table directory_report (
  id uuid not null constraint pk_directory_report primary key,
  kind text not null,
  record uuid not null,
  version integer not null,
  about text not null,
  text text not null,
  reply_to text,
  sender bytea,
  client text,
  draft uuid constraint fk_directory_report_draft_draft references draft (id),
  recorded_at timestamptz not null,
  outcome text constraint ck_directory_report_outcome
    check (outcome in ('corrected', 'nothing_wrong', 'passed_on')),
  resolved_by text,
  resolved_at timestamptz,
  note text,
  constraint ck_directory_report_resolved check ((outcome is null) = (resolved_at is null)
    and (outcome is null) = (resolved_by is null)
    and (resolved_at is null or reply_to is null))
);
create index ix_directory_report_open on directory_report (id) where resolved_at is null;
create index ix_directory_report_recorded_at on directory_report (recorded_at);
"""

_REMINDERS = """
create table reminder (
  id uuid not null constraint pk_reminder primary key,
  service uuid not null,
  since date not null,
  stage integer not null,
  version integer not null,
  address text not null,
  letter uuid not null,
  made_at timestamptz not null,
  used_at timestamptz,
  constraint uq_reminder_service_since_stage unique (service, since, stage)
);
create index ix_reminder_letter on reminder (letter);
"""

_OFFERS = """
create table local_offer (
  id uuid not null,
  number integer not null,
  agency text not null constraint fk_local_offer_agency_agency references agency (code),
  title text not null,
  summary text not null,
  url text,
  who_for text not null,
  levels text[] not null,
  services uuid[] not null,
  starts date not null,
  ends date constraint ck_local_offer_in_order check (ends is null or ends >= starts),
  audience text not null constraint ck_local_offer_audience
    check (audience in ('public', 'practitioners')),
  author text not null,
  recorded_at timestamptz not null,
  constraint pk_local_offer primary key (id, number)
);
create index ix_local_offer_agency on local_offer (agency);
create table pledge (
  agency text not null constraint fk_pledge_agency_agency references agency (code),
  pledge text not null constraint ck_pledge_pledge check (pledge in (
    'designated_lead_named', 'staff_trained', 'offer_published', 'easy_access',
    'evidence_of_impact')),
  number integer not null,
  kept_since date,
  evidence text,
  url text,
  designated_lead text constraint ck_pledge_lead
    check (designated_lead is null or pledge = 'designated_lead_named'),
  author text not null,
  recorded_at timestamptz not null,
  constraint pk_pledge primary key (agency, pledge, number),
  constraint ck_pledge_kept check (kept_since is null
    or evidence is not null or url is not null or designated_lead is not null)
);
"""

# Drafts and reports are decided, never unsaid; offers and pledges get a new row for each change.
_GRANTS = """
grant select, insert, update on draft, directory_report, reminder to rightshare_app;
grant select, insert on local_offer, pledge to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_DRAFTS)
    op.execute(_REMINDERS)
    op.execute(_OFFERS)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table pledge, local_offer, reminder, directory_report, draft")
