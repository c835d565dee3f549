"""What past recipients must hear."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLE = """
create table event (
  id uuid not null constraint pk_event primary key,
  agency text not null constraint fk_event_agency_agency references agency (code),
  kind text not null,
  fact uuid not null,
  disclosures uuid[] not null,
  at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  done text,
  note bytea,
  constraint uq_event_kind_fact_agency unique (kind, fact, agency)
);
create index ix_event_agency_id on event (agency, id);
"""

_GRANTS = """
grant select, insert on event to rightshare_app;
grant update (acknowledged_at, acknowledged_by, done, note) on event to rightshare_app;
grant select on event to rightshare_ig_lead;
alter table event enable row level security;
alter table event force row level security;
create policy own_events on event to rightshare_app
  using (agency = current_setting('rightshare.agency', true))
  with check (agency = current_setting('rightshare.agency', true));
create policy read_all on event for select to rightshare_ig_lead using (true);
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table event")
