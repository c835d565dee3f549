"""Imports, their refusals, and possible duplicates."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = """
create table directory_import (
  id uuid not null constraint pk_directory_import primary key,
  source text not null,
  fingerprint text not null,
  source_name text,
  licence text,
  owner text constraint fk_directory_import_owner_agency references agency (code),
  author text not null,
  agency text,
  begun_at timestamptz not null,
  ended_at timestamptz,
  rows_done bigint not null,
  rows_expected bigint,
  counts jsonb not null
);
create index ix_directory_import_fingerprint on directory_import (fingerprint);
create table directory_import_batch (
  import_id uuid not null constraint fk_directory_import_batch_import_id_directory_import
    references directory_import (id),
  number integer not null,
  first_row bigint not null,
  content bytea,
  seen bytea,
  constraint pk_directory_import_batch primary key (import_id, number)
);
create table directory_import_note (
  import_id uuid not null constraint fk_directory_import_note_import_id_directory_import
    references directory_import (id),
  number integer not null,
  refused boolean not null,
  place text not null,
  pointer text not null,
  detail text not null,
  constraint pk_directory_import_note primary key (import_id, number)
);
create table directory_match_key (
  service uuid not null,
  key bigint not null,
  changed_at timestamptz not null,
  constraint pk_directory_match_key primary key (service, key)
);
create index ix_directory_match_key_key on directory_match_key (key);
create table directory_duplicate (
  id uuid not null constraint pk_directory_duplicate primary key,
  one uuid not null,
  other uuid not null,
  score double precision not null,
  reasons jsonb not null,
  found_at timestamptz not null,
  decided_at timestamptz,
  decision text constraint ck_directory_duplicate_decision
    check (decision in ('same', 'different')),
  note text,
  author text,
  agency text,
  constraint uq_directory_duplicate_one_other unique (one, other)
);
"""

# Batches are what an import needs to go on after it was cut short; they go when it has ended.
_GRANTS = """
grant select, insert, update on directory_import to rightshare_app;
grant select, insert, update, delete on directory_import_batch to rightshare_app;
grant select, insert on directory_import_note to rightshare_app;
grant select, insert, delete on directory_match_key to rightshare_app;
grant select, insert, update on directory_duplicate to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(
        "drop table directory_duplicate, directory_match_key, directory_import_note,"
        " directory_import_batch, directory_import"
    )
