"""Partitions of the log are made ahead of time, and dropped once nothing in them is left."""

from alembic import op

from app.migrations.partitions import ADD_TO_ALL, FUNCTIONS, NAMES

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# By month of the id where there is no step. What is frozen is never emptied but by being dropped.
_TABLES = """
create table log_partitioned (
  parent text not null constraint pk_log_partitioned primary key,
  step bigint,
  frozen boolean not null
);
insert into log_partitioned (parent, step, frozen) values
  ('log_subject', null, true), ('log_line', null, false), ('log_leaf', 16777216, true);
"""

# What lies in the default partitions becomes the first of the monthly ones; it holds all the time
# up to the end of next month, and the worker makes those that follow.
_BEGIN = """
do $$
declare known log_partitioned; furthest uuid;
begin
  for known in select * from log_partitioned where step is null loop
    furthest := log_id_at(date_trunc('month', greatest(now(), coalesce(
      log_instant_of(log_partition_furthest_row(known)::uuid), now())), 'UTC')
      + interval '2 months');
    execute format('alter table %I detach partition %I', known.parent, known.parent || '_other');
    execute format('alter table %I rename to %I',
      known.parent || '_other', known.parent || '_past');
    execute format('alter table %I attach partition %I for values from (minvalue) to (%L)',
      known.parent, known.parent || '_past', furthest);
    execute format('alter table %I enable row level security', known.parent || '_past');
    perform log_partition_default(known);
  end loop;
  alter table log_leaf_0 enable row level security;
  alter table log_leaf_other enable row level security;
end $$;
"""

_GRANTS = f"""
revoke all on function {", ".join(NAMES)} from public;
grant execute on function log_partitions_add, log_partitions_past, log_partition_retire
  to rightshare_eraser;
grant execute on function log_partitions_lacking to rightshare_app;
drop policy write_for_own_agency_too on log_entry;
create policy write_for_own_agency_too on log_entry for insert to rightshare_eraser
  with check (recipient = current_setting('rightshare.agency', true)
    and outcome in ('erased', 'partitioned'));
"""

_BACK = f"""
do $$
declare known log_partitioned; part text;
begin
  for known in select * from log_partitioned where step is null loop
    for part in select name from log_partitions() where parent = known.parent loop
      execute format('alter table %I detach partition %I', known.parent, part);
      if part <> known.parent || '_past' then
        execute format('insert into %I select * from %I', known.parent || '_past', part);
        execute format('drop table %I', part);
      end if;
    end loop;
    execute format('alter table %I rename to %I',
      known.parent || '_past', known.parent || '_other');
    execute format('alter table %I disable row level security', known.parent || '_other');
    execute format('alter table %I attach partition %I default',
      known.parent, known.parent || '_other');
  end loop;
end $$;
drop policy write_for_own_agency_too on log_entry;
create policy write_for_own_agency_too on log_entry for insert to rightshare_eraser
  with check (recipient = current_setting('rightshare.agency', true) and outcome = 'erased');
drop function {", ".join(NAMES)};
drop table log_partitioned;
"""  # noqa: S608  (made of the constants above)


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(FUNCTIONS)
    op.execute(ADD_TO_ALL)
    op.execute(_BEGIN)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(_BACK)
