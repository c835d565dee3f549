"""Agreements and their flows, deposited records, withholds, and idempotency keys."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AGREEMENTS = """
create table agreement (
  code text not null constraint pk_agreement primary key,
  title text not null,
  position bigint not null generated always as identity constraint uq_agreement_position unique,
  human_contact text,
  terminated_at timestamptz,
  recorded_at timestamptz not null
);
create table agreement_version (
  id uuid not null constraint pk_agreement_version primary key,
  agreement text not null
    constraint fk_agreement_version_agreement_agreement references agreement (code),
  version integer not null,
  effective_from timestamptz not null,
  expires timestamptz,
  review_due timestamptz,
  activated_at timestamptz,
  superseded_at timestamptz,
  recorded_at timestamptz not null,
  constraint uq_agreement_version_agreement_version unique (agreement, version)
);
create table agreement_member (
  id uuid not null constraint pk_agreement_member primary key,
  agreement text not null
    constraint fk_agreement_member_agreement_agreement references agreement (code),
  agency text not null constraint fk_agreement_member_agency_agency references agency (code),
  joined timestamptz not null,
  departed timestamptz,
  recorded_at timestamptz not null
);
create index ix_agreement_member_agency_agreement on agreement_member (agency, agreement);
create index ix_agreement_member_agreement_agency_joined
  on agreement_member (agreement, agency, joined);
create table flow (
  id uuid not null constraint pk_flow primary key,
  version_id uuid not null
    constraint fk_flow_version_id_agreement_version references agreement_version (id),
  position smallint not null,
  code text not null,
  sources text[] not null,
  recipients text[] not null,
  purposes text[] not null,
  categories text[] not null,
  kinds text[] not null,
  basis text not null,
  law text,
  special_condition text,
  requires text not null,
  verbal boolean not null,
  override boolean not null,
  pierces_shield boolean not null,
  practitioner smallint not null,
  constraint uq_flow_version_id_position unique (version_id, position),
  constraint uq_flow_version_id_code unique (version_id, code)
);
"""

_RECORDS = """
create table record (
  id uuid not null constraint pk_record primary key,
  subject_id uuid not null constraint fk_record_subject_id_subject references subject (id),
  source text not null constraint fk_record_source_agency references agency (code),
  category text not null constraint fk_record_category_category references category (code),
  content bytea,
  starts timestamptz not null,
  ends timestamptz,
  retain_until timestamptz,
  replaces uuid constraint fk_record_replaces_record references record (id),
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index ix_record_subject_id_source_category on record (subject_id, source, category);
create table withhold (
  id uuid not null constraint pk_withhold primary key,
  source text not null constraint fk_withhold_source_agency references agency (code),
  categories text[] not null,
  starts timestamptz not null,
  ends timestamptz,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create table withhold_subject (
  withhold_id uuid not null
    constraint fk_withhold_subject_withhold_id_withhold references withhold (id),
  subject_id uuid not null
    constraint fk_withhold_subject_subject_id_subject references subject (id),
  reason bytea,
  constraint pk_withhold_subject primary key (withhold_id, subject_id)
);
create index ix_withhold_subject_subject_id on withhold_subject (subject_id);
create table idempotency (
  client_id text not null,
  key text not null,
  request_digest bytea not null,
  answer bytea,
  at timestamptz not null,
  constraint pk_idempotency primary key (client_id, key)
);
create index ix_idempotency_at on idempotency (at);
"""

# What is frozen has no UPDATE: an activated version changes by a new version alone. A source may
# write its own deposits and nobody else's; row-level security says so even if a query forgets.
_GRANTS = """
grant select, insert on agreement, agreement_version, agreement_member, flow to rightshare_app;
grant update (terminated_at) on agreement to rightshare_app;
grant update (activated_at, superseded_at) on agreement_version to rightshare_app;
grant update (departed) on agreement_member to rightshare_app;
grant select, insert on record, withhold, withhold_subject to rightshare_app;
grant update (ends, content) on record to rightshare_app;
grant update (ends) on withhold to rightshare_app;
grant select, insert, delete on idempotency to rightshare_app;
grant update (answer) on idempotency to rightshare_app;
grant select on agreement, agreement_version, agreement_member, flow to rightshare_ig_lead;

alter table record enable row level security;
alter table record force row level security;
create policy read_what_was_decided on record for select to rightshare_app using (true);
create policy deposit_own on record for insert to rightshare_app
  with check (source = current_setting('rightshare.agency', true));
create policy change_own on record for update to rightshare_app
  using (source = current_setting('rightshare.agency', true));
alter table withhold enable row level security;
alter table withhold force row level security;
create policy read_what_was_decided on withhold for select to rightshare_app using (true);
create policy withhold_own on withhold for insert to rightshare_app
  with check (source = current_setting('rightshare.agency', true));
create policy change_own on withhold for update to rightshare_app
  using (source = current_setting('rightshare.agency', true));
alter table withhold_subject enable row level security;
alter table withhold_subject force row level security;
create policy read_what_was_decided on withhold_subject for select to rightshare_app using (true);
create policy withhold_own on withhold_subject for insert to rightshare_app
  with check (exists (
    select from withhold
    where withhold.id = withhold_id and source = current_setting('rightshare.agency', true)
  ));
"""


def upgrade() -> None:
    op.execute(_AGREEMENTS)
    op.execute(_RECORDS)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table idempotency, withhold_subject, withhold, record")
    op.execute("drop table flow, agreement_member, agreement_version, agreement")
