"""Requests to take the whole log out, which a second person must approve."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# That two agreed is the table's own rule, too: no code of ours could let one alone take the log.
_TABLES = """
create table log_export_request (
  id uuid not null constraint pk_log_export_request primary key,
  openings text not null constraint ck_log_export_request_openings
    check (openings in ('facts', 'people')),
  reason bytea not null,
  agency text not null
    constraint fk_log_export_request_agency_agency references agency (code),
  requested_by text not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  approved_by text,
  approved_agency text
    constraint fk_log_export_request_approved_agency_agency references agency (code),
  approved_at timestamptz,
  taken_at timestamptz,
  constraint ck_log_export_request_by_two check (lower(approved_by) <> lower(requested_by)),
  constraint ck_log_export_request_approved
    check (num_nulls(approved_by, approved_agency, approved_at) in (0, 3)),
  constraint ck_log_export_request_taken_when_approved
    check (taken_at is null or approved_at is not null)
);
"""

_GRANTS = """
grant select, insert on log_export_request to rightshare_app;
grant update (expires_at, approved_by, approved_agency, approved_at, taken_at)
  on log_export_request to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table log_export_request")
