"""The disclosure log: append-only for everybody, and readable by those an entry concerns."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = """
create table log_entry (
  id uuid not null constraint pk_log_entry primary key,
  at timestamptz not null,
  recipient text not null,
  source text,
  outcome text not null,
  leaf bytea not null,
  leaf_hash bytea not null,
  facts bytea not null,
  facts_salt bytea not null
);
create index ix_log_entry_recipient_id on log_entry (recipient, id);
create index ix_log_entry_source_id on log_entry (source, id);
create table log_subject (
  id uuid not null,
  subject uuid,
  opening bytea,
  salt bytea,
  constraint pk_log_subject primary key (id)
) partition by range (id);
create index ix_log_subject_subject_id on log_subject (subject, id);
create table log_subject_other partition of log_subject default;
create table log_pending (
  n bigint not null generated always as identity constraint pk_log_pending primary key,
  entry_id uuid not null,
  leaf_hash bytea not null
);
create table log_leaf (
  leaf_index bigint not null,
  entry_id uuid not null,
  constraint pk_log_leaf primary key (leaf_index)
) partition by range (leaf_index);
create index ix_log_leaf_entry_id on log_leaf (entry_id);
create table log_leaf_0 partition of log_leaf for values from (0) to (16777216);
create table log_leaf_other partition of log_leaf default;
create table log_tile (
  level smallint not null,
  idx bigint not null,
  hashes bytea not null,
  constraint pk_log_tile primary key (level, idx)
);
alter table log_tile alter column hashes set storage external;
create table log_checkpoint (
  size bigint not null constraint pk_log_checkpoint primary key,
  root bytea not null,
  note bytea not null,
  at timestamptz not null
);
create table log_state (
  one boolean not null constraint pk_log_state primary key,
  size bigint not null,
  published_size bigint not null,
  checked_at timestamptz,
  halted_because text,
  constraint ck_log_state_one_row check (one)
);
insert into log_state (one, size, published_size) values (true, 0, 0);
create table obligation (
  entry_id uuid not null,
  code text not null,
  agency text not null,
  closed_at timestamptz,
  closed_by text,
  outcome text,
  note bytea,
  constraint pk_obligation primary key (entry_id, code)
);
create index ix_obligation_agency_closed_at on obligation (agency, closed_at);
"""

# ENABLE ALWAYS: session_replication_role = replica switches ordinary triggers off. A TRUNCATE
# trigger on a parent does not fire for its partitions, so each partition has its own.
_APPEND_ONLY = """
create function log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the disclosure log is append-only' using errcode = 'insufficient_privilege';
end $$;
"""

_ROW_TRIGGER = """
create trigger append_only before update or delete on {table}
  for each row execute function log_is_append_only();
alter table {table} enable always trigger append_only;
"""

_TRUNCATE_TRIGGER = """
create trigger no_truncate before truncate on {table}
  for each statement execute function log_is_append_only();
alter table {table} enable always trigger no_truncate;
"""

_GRANTS = """
grant select, insert on log_entry, log_subject to rightshare_app;
grant insert on log_pending to rightshare_app;
grant select on log_leaf, log_tile, log_checkpoint, log_state to rightshare_app;
grant select, insert on obligation to rightshare_app;
grant update (closed_at, closed_by, outcome, note) on obligation to rightshare_app;
grant select on log_entry, log_subject, log_pending, log_leaf, log_tile, log_checkpoint,
  log_state, obligation to rightshare_ig_lead;
grant select on vault_key to rightshare_ig_lead;
grant select on log_entry to rightshare_sequencer;
grant select, delete on log_pending to rightshare_sequencer;
grant select, insert on log_leaf, log_checkpoint to rightshare_sequencer;
grant select, insert, update on log_tile to rightshare_sequencer;
grant select, update on log_state to rightshare_sequencer;

alter table log_entry enable row level security;
alter table log_entry force row level security;
create policy write_for_own_agency on log_entry for insert to rightshare_app
  with check (recipient = current_setting('rightshare.agency', true));
create policy read_own_agency on log_entry for select to rightshare_app
  using (current_setting('rightshare.agency', true) in (recipient, source));
create policy read_all on log_entry for select to rightshare_ig_lead, rightshare_sequencer
  using (true);
alter table log_subject enable row level security;
alter table log_subject force row level security;
create policy write_any on log_subject for insert to rightshare_app with check (true);
create policy read_with_entry on log_subject for select to rightshare_app
  using (exists (select from log_entry where log_entry.id = log_subject.id));
create policy read_all on log_subject for select to rightshare_ig_lead using (true);
alter table obligation enable row level security;
alter table obligation force row level security;
create policy own_duties on obligation to rightshare_app
  using (agency = current_setting('rightshare.agency', true))
  with check (agency = current_setting('rightshare.agency', true));
create policy read_all on obligation for select to rightshare_ig_lead using (true);
"""

_FROZEN = ("log_entry", "log_leaf", "log_checkpoint")
_NEVER_EMPTIED = (
    *_FROZEN,
    "log_leaf_0",
    "log_leaf_other",
    "log_subject",
    "log_subject_other",
    "log_tile",
)


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_APPEND_ONLY)
    for table in _FROZEN:
        op.execute(_ROW_TRIGGER.format(table=table))
    for table in _NEVER_EMPTIED:
        op.execute(_TRUNCATE_TRIGGER.format(table=table))
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(
        "drop table obligation, log_state, log_checkpoint, log_tile, log_leaf, log_pending,"
        " log_subject, log_entry"
    )
    op.execute("drop function log_is_append_only()")
    op.execute("revoke select on vault_key from rightshare_ig_lead")
