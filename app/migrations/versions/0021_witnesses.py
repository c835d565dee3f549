"""What witnesses signed of the log's checkpoints, and the name that the log goes by."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = """
create table log_cosignature (
  size bigint not null,
  witness text not null,
  line bytea not null,
  at timestamptz not null,
  constraint pk_log_cosignature primary key (size, witness)
);
create trigger append_only before update or delete on log_cosignature
  for each row execute function log_is_append_only();
alter table log_cosignature enable always trigger append_only;
create trigger no_truncate before truncate on log_cosignature
  for each statement execute function log_is_append_only();
alter table log_cosignature enable always trigger no_truncate;
alter table log_state add column origin text;
"""

_GRANTS = """
grant select on log_cosignature to rightshare_app, rightshare_ig_lead;
grant select, insert on log_cosignature to rightshare_sequencer;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("alter table log_state drop column origin")
    op.execute("drop table log_cosignature")
