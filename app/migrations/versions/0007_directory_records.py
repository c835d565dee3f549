"""Records of the directory in the standard's form, and their versions."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
create table directory_record (
  kind text not null constraint ck_directory_record_kind
    check (kind in ('organization', 'service', 'location', 'taxonomy', 'taxonomy_term')),
  id uuid not null,
  document jsonb not null,
  version integer not null,
  name text,
  status text,
  organization_id uuid,
  taxonomy_id uuid,
  parent_id uuid,
  location_ids uuid[] not null,
  term_ids uuid[] not null,
  last_modified timestamptz,
  assured_on date,
  owner text constraint fk_directory_record_owner_agency references agency (code),
  source text,
  licence text,
  public_name text,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  constraint pk_directory_record primary key (kind, id)
);
create index ix_directory_record_organization_id on directory_record (organization_id);
create index ix_directory_record_location_ids on directory_record using gin (location_ids);
create index ix_directory_record_term_ids on directory_record using gin (term_ids);
create index ix_directory_record_kind_name_id on directory_record (kind, name, id);
create index ix_directory_record_owner on directory_record (owner);
create table directory_version (
  kind text not null,
  id uuid not null,
  number integer not null,
  document jsonb not null,
  origin text not null,
  author text not null,
  agency text,
  approved_by text,
  note text,
  source text,
  licence text,
  at timestamptz not null,
  constraint pk_directory_version primary key (kind, id, number)
);
create table directory_state (
  id integer not null constraint pk_directory_state primary key
    constraint ck_directory_state_one_row check (id = 1),
  changes bigint not null
);
insert into directory_state (id, changes) values (1, 0);
"""

# A record that ended stays as its tombstone, and no version is ever unsaid: nothing is deleted.
_GRANTS = """
grant select, insert, update on directory_record to rightshare_app;
grant select, insert on directory_version to rightshare_app;
grant select, update on directory_state to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table directory_state, directory_version, directory_record")
