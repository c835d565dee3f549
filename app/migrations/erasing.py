"""The functions by which the database erases, as migration 0019 makes them.

They belong to the tables' owner, run with its rights, and only `rightshare_eraser` may call them. A
later migration that adds a table which may lead to a person replaces `erase_person`.
"""

from typing import Final

# What of each class is kept, about whom, which agencies it concerns, and from when its period runs:
# a record or a consent in force has no such instant yet. `keep_until` is the source's own date.
KEPT: Final = """
create view kept_item as
  select 'record' as class, id as item, subject_id as subject, array[source] as agencies,
    ends as counted_from, retain_until as keep_until, recorded_at as began
  from record
union all
  select 'consent', consent.id, about.subject_id, array[consent.recorded_by_agency],
    least(consent.valid_until, gone.recorded_at, later.recorded_at), null, consent.recorded_at
  from consent
  left join consent_subject about on about.consent_id = consent.id
  left join consent_event gone on gone.consent_id = consent.id and gone.kind = 'withdrawn'
  left join consent later on later.replaces = consent.id
union all
  select 'disclosure_opening', person.id, person.subject,
    array_remove(array[entry.recipient, entry.source], null), entry.at, null, entry.at
  from log_subject person join log_entry entry on entry.id = person.id
  where person.salt is not null
union all
  select 'access_pack', id, subject_id, array[recorded_by_agency], recorded_at, null, recorded_at
  from access_pack;
create function retention_at(instant timestamptz)
returns table (code text, months integer, erasable boolean, agency text)
language sql stable set search_path = public, pg_temp as $$
  select distinct on (code) code, months, erasable, recorded_by_agency
  from retention_class where starts <= instant and recorded_at <= instant
  order by code, recorded_at desc, id desc
$$;
create function is_held(person uuid, concerned text[], began timestamptz) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select exists (
    select from legal_hold where released_at is null and (
      subject_id = person or (agency = any (concerned)
        and began >= coalesce(starts, '-infinity') and began < coalesce(ends, 'infinity'))))
$$;
"""

# The eraser may call these and read nothing: what it learns of a person is whether they can go.
# The keys of the locks are those of `consent.queries.locks`.
FUNCTIONS: Final = """
create function erasure_begin(person uuid) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  for pass in 1..2 loop
    perform pg_advisory_xact_lock(key) from (
      with key as materialized (
        select ('x' || encode(substr(sha256(uuid_send(person)), 1, 8), 'hex'))::bit(64)::bigint
          as key
        union select ('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)::bigint
        from subject_identifier where subject_id = person
        order by 1
      ) select key from key
    ) as ordered;
  end loop;
  return exists (select from subject where id = person and wrapped_key is not null);
end $$;
create function erasure_hindrances(person uuid, instant timestamptz)
returns table (what text, class text, until timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'legal_hold', null::text, null::timestamptz where
    is_held(person, '{}', instant)
    or exists (select from kept_item where subject = person and is_held(null, agencies, began))
  union all
  select 'retention', found.class, max(found.until) from (
    select kept.class, greatest(keep_until, case when not rule.erasable
      then coalesce(counted_from, instant) + make_interval(months => rule.months) end) as until
    from kept_item kept left join retention_at(instant) rule on rule.code = kept.class
    where kept.subject = person
  ) found where found.until > instant group by found.class
  order by 1, 2
$$;
create function erasure_entries(person uuid) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select id from log_subject where salt is not null and (
    subject = person or digests && array(
      select digest from subject_identifier where subject_id = person))
  order by id
$$;
create function erasure_told(person uuid, entries uuid[])
returns table (agency text, disclosures uuid[])
language sql stable security definer set search_path = public, pg_temp as $$
  select one.agency, coalesce(array_agg(one.id order by one.id) filter (where one.id is not null),
    '{}') from (
    select recipient as agency, id from log_entry
    where id = any (entries) and outcome in ('permit', 'partial')
    union all
    select distinct source, null::uuid from record where subject_id = person
  ) one group by one.agency order by one.agency
$$;
create function erase_openings(entries uuid[], by_entry uuid, kinds text, instant timestamptz)
returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare gone bigint;
begin
  if not exists (select from log_entry where id = by_entry
    and position('"kind":"' || kinds || '"' in convert_from(leaf, 'UTF8')) > 0)
  then raise exception 'no entry says that this is erased'; end if;
  insert into log_erasure (entry_id, erased_by, at)
    select id, by_entry, instant from log_subject
    where id = any (entries) and salt is not null;
  get diagnostics gone = row_count;
  update log_subject set subject = null, opening = null, salt = null, digests = null
    where id = any (entries) and salt is not null;
  update obligation set note = null where entry_id = any (entries);
  update event set note = null where disclosures && entries;
  delete from idempotency where made = any (entries);
  return gone;
end $$;
create function erase_consents(gone uuid[]) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare number bigint;
begin
  -- One that took the place of another which still speaks for somebody must go on doing so.
  gone := array(
    select id from consent where id = any (gone)
      and (replaces is null or replaces = any (gone)
        or not exists (select from consent_subject where consent_id = consent.replaces)));
  update consent set replaces = null where replaces = any (gone);
  delete from consent_event where consent_id = any (gone);
  delete from consent_subject where consent_id = any (gone);
  delete from consent where id = any (gone);
  get diagnostics number = row_count;
  return number;
end $$;
create function erase_person(person uuid, entries uuid[], by_entry uuid, instant timestamptz)
returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  openings bigint; records bigint; consents bigint; identifiers bigint; packs bigint;
  rectifications bigint; about uuid[]; alone uuid[];
begin
  if exists (select from erasure_hindrances(person, instant))
  then raise exception 'something stands in the way of this erasure'; end if;
  openings := erase_openings(entries, by_entry, 'erasure', instant);
  delete from record where subject_id = person;
  get diagnostics records = row_count;
  delete from withhold_subject where subject_id = person;
  delete from withhold where not exists (
    select from withhold_subject where withhold_id = withhold.id);
  delete from rectification_recipient where rectification_id in (
    select id from rectification where subject_id = person);
  delete from rectification where subject_id = person;
  get diagnostics rectifications = row_count;
  delete from access_pack where subject_id = person;
  get diagnostics packs = row_count;
  update access_pack set asked_by = null where asked_by = person;
  update legal_hold set words = null, release_words = null where subject_id = person;
  delete from no_say where relationship_id in (
    select id from relationship where subject_id = person);
  delete from relationship where subject_id = person;
  delete from household_member where subject_id = person;
  delete from competence_assessment where subject_id = person;
  delete from conflict_of_interest where subject_id = person;
  -- A shield outlives them: what others hold of their household must go on leaving them out.
  update shield_subject set reason = null where subject_id = person;
  about := array(select consent_id from consent_subject where subject_id = person);
  delete from consent_subject where subject_id = person;
  alone := array(select id from unnest(about) as id
    where not exists (select from consent_subject where consent_id = id));
  update consent set evidence = null where given_by = person or id = any (alone);
  consents := cardinality(about);
  perform erase_consents(alone);
  update job set payload = jsonb_set(
      payload, '{subjects}', (payload -> 'subjects') - person::text)
    where payload -> 'subjects' @> to_jsonb(person::text);
  delete from subject_identifier where subject_id = person;
  get diagnostics identifiers = row_count;
  update subject set wrapped_key = null, born = null, names = null, starts = null, ends = null
    where id = person;
  return jsonb_build_object('openings', openings, 'records', records, 'consents', consents,
    'identifiers', identifiers, 'access_packs', packs, 'rectifications', rectifications);
end $$;
create function retention_due(kind text, instant timestamptz, after uuid, most integer)
returns table (item uuid, agency text)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare past uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
begin
  -- Openings are as many as disclosures were: they are read in order, and no more than wanted.
  if kind = 'disclosure_opening' then
    return query select person.id, rule.agency
      from retention_at(instant) rule
      join log_subject person on person.id > past and person.salt is not null
      join log_entry entry on entry.id = person.id
      where rule.code = kind and entry.at + make_interval(months => rule.months) <= instant
        and not is_held(person.subject, array[entry.recipient, entry.source], entry.at)
      order by person.id limit most;
    return;
  end if;
  return query select distinct kept.item, coalesce(rule.agency, kept.agencies[1])
    from kept_item kept left join retention_at(instant) rule on rule.code = kept.class
    where kept.class = kind and kept.item > past
      and (rule.code is not null or kept.keep_until is not null)
      and coalesce(kept.keep_until <= instant, true)
      and coalesce(kept.counted_from + make_interval(months => rule.months) <= instant,
        kept.keep_until is not null)
      and not exists (select from kept_item other
        where other.class = kind and other.item = kept.item
          and is_held(other.subject, other.agencies, other.began))
      -- The latest word counts: without it an earlier yes of the same person would stand again.
      and not exists (select from consent word
        join consent_subject about on about.consent_id = word.id
        join consent_subject same on same.subject_id = about.subject_id
        join consent earlier on earlier.id = same.consent_id
        where kept.class = 'consent' and word.id = kept.item
          and earlier.given_by = word.given_by and earlier.recorded_at < word.recorded_at)
    order by 1 limit most;
end $$;
create function retention_erase(kind text, items uuid[], by_entry uuid, instant timestamptz)
returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare gone bigint;
begin
  if exists (select from kept_item where class = kind and item = any (items)
    and is_held(subject, agencies, began))
  then raise exception 'a legal hold stands'; end if;
  case kind
  when 'disclosure_opening' then
    return erase_openings(items, by_entry, 'retention', instant);
  when 'record' then
    update record set replaces = null where replaces = any (items);
    delete from record where id = any (items);
  when 'consent' then
    return erase_consents(items);
  when 'access_pack' then
    delete from access_pack where id = any (items);
  end case;
  get diagnostics gone = row_count;
  return gone;
end $$;
"""
