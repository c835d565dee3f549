"""The service's own keys, partner agencies and contact points."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table vault_key (
  name text not null constraint pk_vault_key primary key,
  key_id text not null,
  wrapped bytea not null
);
create table agency (
  code text not null constraint pk_agency primary key,
  name text not null,
  kind text not null,
  sensitive_service boolean not null,
  recorded_at timestamptz not null
);
create table agency_period (
  id uuid not null constraint pk_agency_period primary key,
  agency text not null constraint fk_agency_period_agency_agency references agency (code),
  starts timestamptz not null,
  ends timestamptz,
  recorded_at timestamptz not null,
  constraint ck_agency_period_in_order check (ends is null or ends >= starts)
);
create index ix_agency_period_agency_starts on agency_period (agency, starts);
create unique index uq_agency_period_agency_open on agency_period (agency) where ends is null;
create table contact_point (
  id uuid not null constraint pk_contact_point primary key,
  code text not null constraint uq_contact_point_code unique,
  city text not null,
  kind text not null,
  name text not null,
  area text,
  for_whom text,
  phone_as_published text,
  phone_e164 text,
  phone_fault text,
  email_as_published text,
  email_fault text,
  more jsonb not null default '{}'::jsonb,
  document_title text not null,
  document_as_of text not null,
  document_note text,
  agency text constraint fk_contact_point_agency_agency references agency (code),
  audience text not null constraint ck_contact_point_audience
    check (audience in ('public', 'protected')),
  search_text text not null,
  recorded_at timestamptz not null
);
create index ix_contact_point_city_name_id on contact_point (city, name, id);
"""

# The service's keys are made by whoever upgrades, never by the web process: it can only read them.
_GRANTS = """
grant select on vault_key to rightshare_app;
grant select, insert on agency, agency_period to rightshare_app;
grant update (ends) on agency_period to rightshare_app;
grant select, insert, update on contact_point to rightshare_app;
grant select on agency, agency_period, contact_point to rightshare_ig_lead;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table contact_point, agency_period, agency, vault_key")
