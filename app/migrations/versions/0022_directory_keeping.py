"""Who keeps the directory for all, what entries have been, and imports that never came to an end.

Until an agency is appointed, none keeps the directory: `rightshare agency keeps-directory CODE`.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_FAILURES = """
alter table directory_import
  add column failure text,
  add constraint ck_directory_import_failure check (failure in ('given_up', 'superseded')),
  add constraint ck_directory_import_failed check (failure is null or ended_at is not null);
"""

# Uploads whose job has failed for good said nothing of it until now.
_GIVEN_UP_BEFORE = """
update directory_import i set failure = 'given_up', ended_at = j.run_at
from job j
where j.kind = 'directory.import' and j.failed_because is not null
  and j.payload->>'import' = i.id::text and i.ended_at is null;
delete from directory_import_batch b using directory_import i
where i.id = b.import_id and i.failure is not null;
"""

_KEEPERS = """
create table directory_keeper (
  id uuid not null constraint pk_directory_keeper primary key,
  agency text not null constraint fk_directory_keeper_agency_agency references agency (code),
  starts timestamptz not null,
  ends timestamptz,
  author text not null,
  ended_by text,
  recorded_at timestamptz not null,
  constraint ck_directory_keeper_in_order check (ends is null or ends >= starts),
  constraint ck_directory_keeper_ended check ((ends is null) = (ended_by is null))
);
create unique index uq_directory_keeper_agency_open
  on directory_keeper (agency) where ends is null;
"""

_VERSIONS = """
create table entry_version (
  kind text not null constraint ck_entry_version_kind
    check (kind in ('contact_point', 'area', 'coverage', 'cover')),
  entry text not null,
  number integer not null,
  document jsonb not null,
  author text,
  agency text,
  at timestamptz not null,
  constraint pk_entry_version primary key (kind, entry, number)
);
"""

_GRANTS = """
grant select, insert on directory_keeper, entry_version to rightshare_app;
grant update (ends, ended_by) on directory_keeper to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_FAILURES)
    op.execute(_GIVEN_UP_BEFORE)
    op.execute(_KEEPERS)
    op.execute(_VERSIONS)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table entry_version, directory_keeper")
    op.execute("alter table directory_import drop column failure")
