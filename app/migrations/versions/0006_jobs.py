"""Work that is done later: one row a job, claimed by whichever worker is free."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = """
create table job (
  id uuid not null constraint pk_job primary key,
  kind text not null,
  payload jsonb not null,
  due timestamptz not null,
  run_at timestamptz not null,
  attempts integer not null,
  done_at timestamptz,
  failed_because text
);
create index ix_job_run_at on job (run_at) where done_at is null and failed_because is null;
create unique index uq_job_recurring on job (kind, due) where payload = '{}'::jsonb;
"""

_GRANTS = "grant select, insert, update, delete on job to rightshare_app"


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table job")
