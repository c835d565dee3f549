"""The functions by which tables of the log get their next partitions, and lose their past ones.

They run as the tables' owner, and only the role that erases may call them. What is partitioned
stands in one table, `log_partitioned`; a later migration adds its own row.
"""

from typing import Final

# A new partition is made beside its table and then attached, which waits for nobody who writes.
# The default partition is there so that no disclosure fails; where it was filled, it becomes the
# partition of what it holds, and an empty one takes its place.
FUNCTIONS: Final = r"""
create function log_id_at(instant timestamptz) returns uuid
language sql immutable set search_path = public, pg_temp as $$
  select rpad(lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
create function log_instant_of(id uuid) returns timestamptz
language sql immutable set search_path = public, pg_temp as $$
  select to_timestamp(
    ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;
create function log_partitions() returns table (parent text, name text, starts text, ends text)
language sql stable set search_path = public, pg_temp as $$
  select known.parent, part.relname::text,
    nullif(substring(bound from 'FROM \(''?([^'')]+)''?\)'), 'MINVALUE'),
    substring(bound from 'TO \(''?([^'')]+)''?\)')
  from log_partitioned known
  join pg_inherits on inhparent = known.parent::regclass
  join pg_class part on part.oid = inhrelid
  cross join lateral pg_get_expr(part.relpartbound, part.oid) as bound
$$;
create function log_partition_wanted(known log_partitioned, instant timestamptz, months integer)
returns text
language sql stable set search_path = public, pg_temp as $$
  select case when known.step is null
    then log_id_at(date_trunc('month', instant, 'UTC') + make_interval(months => months + 1))::text
    else (select (size + known.step / 2)::text from log_state) end
$$;
create function log_partition_furthest(known log_partitioned) returns text
language sql stable set search_path = public, pg_temp as $$
  select ends from log_partitions() part
  where part.parent = known.parent and ends is not null
  order by case when known.step is null then ends::uuid end desc nulls last,
    case when known.step is not null then ends::bigint end desc nulls last
  limit 1
$$;
create function log_partition_guard(name text, known log_partitioned) returns void
language plpgsql set search_path = public, pg_temp as $$
declare guard text;
begin
  execute format('alter table %I enable row level security', name);
  if known.frozen then
    execute format('create trigger no_truncate before truncate on %I'
      ' for each statement execute function log_is_append_only()', name);
    execute format('alter table %I enable always trigger no_truncate', name);
  end if;
  for guard in select tgname from pg_trigger
    where tgrelid = name::regclass and tgname = 'append_only'
  loop
    execute format('alter table %I enable always trigger %I', name, guard);
  end loop;
end $$;
create function log_partition_default(known log_partitioned) returns void
language plpgsql set search_path = public, pg_temp as $$
declare name text := known.parent || '_other';
begin
  execute format('create table %I partition of %I default', name, known.parent);
  perform log_partition_guard(name, known);
end $$;
create function log_partition_furthest_row(known log_partitioned) returns text
language plpgsql set search_path = public, pg_temp as $$
declare furthest text;
begin
  execute format('select %1$I::text from %2$I order by %1$I desc limit 1',
    case when known.step is null then 'id' else 'leaf_index' end, known.parent || '_other')
    into furthest;
  return furthest;
end $$;
create function log_partition_next(known log_partitioned)
returns table (name text, starts text, ends text)
language plpgsql set search_path = public, pg_temp as $$
declare filled text := log_partition_furthest_row(known); late boolean := filled is not null;
begin
  starts := log_partition_furthest(known);
  if known.step is null then
    name := known.parent || to_char(log_instant_of(starts::uuid) at time zone 'UTC', '_YYYY_MM');
    ends := log_id_at(date_trunc('month', log_instant_of(
      greatest(starts::uuid, coalesce(filled::uuid, starts::uuid))), 'UTC')
      + interval '1 month')::text;
  else
    name := known.parent || '_' || starts;
    ends := (starts::bigint + known.step * (1 + greatest(
      coalesce(filled::bigint, starts::bigint) - starts::bigint, 0) / known.step))::text;
  end if;
  if late then
    execute format('alter table %I detach partition %I', known.parent, known.parent || '_other');
    execute format('alter table %I rename to %I', known.parent || '_other', name);
  else
    execute format('create table %I (like %I including all)', name, known.parent);
  end if;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)',
    known.parent, name, starts, ends);
  if late then
    perform log_partition_default(known);
  else
    perform log_partition_guard(name, known);
  end if;
  return next;
end $$;
create function log_partitions_lacking(instant timestamptz, months integer)
returns table (parent text, because text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare known log_partitioned; lacking boolean;
begin
  for known in select * from log_partitioned order by 1 loop
    parent := known.parent;
    if known.step is null then
      lacking := log_partition_furthest(known)::uuid
        < log_partition_wanted(known, instant, months)::uuid;
    else
      lacking := log_partition_furthest(known)::bigint <= (select size from log_state);
    end if;
    if lacking then because := 'next'; return next; end if;
    if log_partition_furthest_row(known) is not null then because := 'filled'; return next; end if;
  end loop;
end $$;
create function log_partitions_past(instant timestamptz)
returns table (name text, starts uuid, ends uuid, months integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select part.name, coalesce(part.starts::uuid, log_id_at('epoch')), part.ends::uuid, rule.months
  from log_partitions() part join retention_at(instant) rule on rule.code = 'disclosure_opening'
  where part.parent = 'log_subject' and part.ends is not null
    and log_instant_of(part.ends::uuid) + make_interval(months => rule.months) <= instant
    and not exists (select from log_subject person
      where person.id >= coalesce(part.starts::uuid, log_id_at('epoch'))
        and person.id < part.ends::uuid
        and (person.salt is not null or person.opening is not null or person.subject is not null
          or person.digests is not null))
  order by part.ends::uuid
$$;
-- To drop a partition waits for whoever is writing, and holds up whoever comes after: briefly.
create function log_partition_retire(past text, by_entry uuid, instant timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp
set lock_timeout = '200ms' as $$
begin
  if not exists (select from log_entry where id = by_entry
    and position('"kind":"retention"' in convert_from(leaf, 'UTF8')) > 0
    and position('"partition":"' || past || '"' in convert_from(facts, 'UTF8')) > 0)
  then raise exception 'no entry says that this is retired'; end if;
  if not exists (select from log_partitions_past(instant) where name = past)
  then raise exception 'this is not past its time, or not everything in it is erased'; end if;
  execute format('drop table %I', past);
end $$;
"""
_ADD: Final = r"""
create or replace function log_partitions_add(instant timestamptz, months integer)
returns table (parent text, name text, starts text, ends text)
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare known log_partitioned; made integer := 0;
begin
  if months not between 1 and 12 then raise exception 'between 1 and 12 months ahead'; end if;
  for known in select * from log_partitioned order by {order} loop
    loop
      exit when made >= 100 or case when known.step is null
        then log_partition_furthest(known)::uuid
          >= log_partition_wanted(known, instant, months)::uuid
        else log_partition_furthest(known)::bigint
          > log_partition_wanted(known, instant, months)::bigint end;
      made := made + 1;
      return query select known.parent, next.* from log_partition_next(known) next;
    end loop;{then}
  end loop;
end $$;
"""
ADD_TO_ALL: Final = _ADD.format(order="1", then="")
# To attach a partition locks the default one beside it: that of a second table, in the same
# transaction, could wait for a reader who waits for the first. What is said of those that were made
# needs a place too: the table that it goes to comes first.
ADD_TO_ONE: Final = _ADD.format(
    order="log_partitioned.parent <> 'log_subject', 1", then="\n    exit when made > 0;"
)
NAMES: Final = (
    *("log_partition_retire", "log_partitions_past", "log_partitions_lacking"),
    *("log_partitions_add", "log_partition_next", "log_partition_furthest_row"),
    *("log_partition_default", "log_partition_guard", "log_partition_furthest"),
    *("log_partition_wanted", "log_partitions", "log_instant_of", "log_id_at"),
)
