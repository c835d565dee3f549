"""Periods of review, privacy notices, evidence of consents, and webhooks.

A consent from before has neither the code of a notice nor a hash: what was shown is not known.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WEBHOOKS = """
create table webhook (
  id uuid not null constraint pk_webhook primary key,
  agency text not null constraint fk_webhook_agency_agency references agency (code),
  url text not null,
  registered_by text not null,
  registered_at timestamptz not null,
  disabled_at timestamptz,
  disabled_because text
);
create index ix_webhook_agency_id on webhook (agency, id);
create table webhook_secret (
  id uuid not null constraint pk_webhook_secret primary key,
  webhook_id uuid not null constraint fk_webhook_secret_webhook_id_webhook
    references webhook (id),
  agency text not null constraint fk_webhook_secret_agency_agency references agency (code),
  secret bytea not null,
  made_at timestamptz not null,
  ends timestamptz
);
create index ix_webhook_secret_webhook_id on webhook_secret (webhook_id);
create table webhook_delivery (
  id uuid not null constraint pk_webhook_delivery primary key,
  webhook_id uuid not null constraint fk_webhook_delivery_webhook_id_webhook
    references webhook (id),
  agency text not null constraint fk_webhook_delivery_agency_agency references agency (code),
  event_id uuid constraint fk_webhook_delivery_event_id_event references event (id),
  kind text not null,
  at timestamptz not null,
  attempts integer not null,
  next_at timestamptz,
  delivered_at timestamptz,
  given_up_at timestamptz,
  last_status integer,
  last_fault text,
  constraint ck_webhook_delivery_one_state
    check (num_nonnulls(next_at, delivered_at, given_up_at) = 1)
);
create index ix_webhook_delivery_webhook_id_id on webhook_delivery (webhook_id, id);
"""

# What was signed before did not speak of these: the values that nobody had signed off held then.
_PERIODS = """
alter table policy_setting
  add column consent_renewal_months integer not null default 12,
  add column agreement_review_months integer not null default 12,
  add constraint ck_policy_setting_sensible_periods
    check (consent_renewal_months > 0 and agreement_review_months > 0);
alter table policy_setting
  alter column consent_renewal_months drop default,
  alter column agreement_review_months drop default;
"""

_NOTICES = """
create table privacy_notice (
  code text not null,
  version text not null,
  language text not null,
  title text not null,
  text text not null,
  sha256 text not null,
  starts timestamptz not null,
  approved_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null constraint fk_privacy_notice_recorded_by_agency_agency
    references agency (code),
  constraint pk_privacy_notice primary key (code, version, language)
);
alter table consent add column notice_code text, add column notice_sha256 text;
alter table consent add constraint fk_consent_notice
  foreign key (notice_code, notice_version, notice_language)
  references privacy_notice (code, version, language);
grant select, insert on privacy_notice to rightshare_app;
"""

_SHIELD_REVIEWS = """
create table shield_review (
  id uuid not null constraint pk_shield_review primary key,
  shield_id uuid not null constraint fk_shield_review_shield_id_shield references shield (id),
  reviewed_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null constraint fk_shield_review_recorded_by_agency_agency
    references agency (code)
);
create index ix_shield_review_shield_id on shield_review (shield_id);
grant select, insert on shield_review to rightshare_app;
"""

# Evidence is never changed, nor is who has read it.
_EVIDENCE = """
create table consent_evidence (
  id uuid not null constraint pk_consent_evidence primary key,
  consent_id uuid not null constraint fk_consent_evidence_consent_id_consent
    references consent (id),
  media_type text not null,
  size integer not null,
  sha256 bytea not null,
  content bytea not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null constraint fk_consent_evidence_recorded_by_agency_agency
    references agency (code),
  constraint ck_consent_evidence_not_empty check (size > 0)
);
create index ix_consent_evidence_consent_id on consent_evidence (consent_id);
create table consent_evidence_read (
  id uuid not null constraint pk_consent_evidence_read primary key,
  consent_id uuid not null constraint fk_consent_evidence_read_consent_id_consent
    references consent (id),
  evidence_id uuid not null,
  read_at timestamptz not null,
  read_by_client text not null,
  read_by_agency text not null constraint fk_consent_evidence_read_read_by_agency_agency
    references agency (code),
  practitioner text
);
create index ix_consent_evidence_read_consent_id on consent_evidence_read (consent_id);
alter table consent_evidence alter column content set storage external;
grant select, insert on consent_evidence, consent_evidence_read to rightshare_app;
grant select on consent_evidence_read to rightshare_ig_lead;
"""

# An endpoint is switched off, never forgotten: what was sent where must stay provable. A secret
# that has ended is destroyed: nothing signed with it is checked again.
_WEBHOOK_GRANTS = """
grant select, insert on webhook, webhook_secret, webhook_delivery to rightshare_app;
grant update (disabled_at, disabled_because) on webhook to rightshare_app;
grant update (ends) on webhook_secret to rightshare_app;
grant delete on webhook_secret to rightshare_app;
grant update (attempts, next_at, delivered_at, given_up_at, last_status, last_fault)
  on webhook_delivery to rightshare_app;
"""
_OWN = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy own_{table} on {table} to rightshare_app
  using (agency = current_setting('rightshare.agency', true))
  with check (agency = current_setting('rightshare.agency', true));
"""


def upgrade() -> None:
    op.execute(_PERIODS)
    op.execute(_SHIELD_REVIEWS)
    op.execute(_NOTICES)
    op.execute(_EVIDENCE)
    op.execute(_WEBHOOKS)
    op.execute(_WEBHOOK_GRANTS)
    for table in ("webhook", "webhook_secret", "webhook_delivery"):
        op.execute(_OWN.format(table=table))


def downgrade() -> None:
    op.execute("drop table webhook_delivery, webhook_secret, webhook")
    op.execute("alter table consent drop column notice_code, drop column notice_sha256")
    op.execute(
        "alter table policy_setting"
        " drop column consent_renewal_months, drop column agreement_review_months"
    )
    op.execute("drop table shield_review, privacy_notice, consent_evidence_read, consent_evidence")
