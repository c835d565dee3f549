"""Views of the log that an agency keeps: filters by name, sealed where they name a practitioner."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TABLE = """
create table log_view (
  id uuid not null constraint pk_log_view primary key,
  agency text not null constraint fk_log_view_agency_agency references agency (code),
  name text not null,
  owner text not null,
  filters jsonb not null,
  persons bytea,
  made_at timestamptz not null,
  constraint uq_log_view_agency_name unique (agency, name)
);
grant select, insert, delete on log_view to rightshare_app;
alter table log_view enable row level security;
alter table log_view force row level security;
create policy own_views on log_view to rightshare_app
  using (agency = current_setting('rightshare.agency', true))
  with check (agency = current_setting('rightshare.agency', true));
"""


def upgrade() -> None:
    op.execute(_TABLE)


def downgrade() -> None:
    op.execute("drop table log_view")
