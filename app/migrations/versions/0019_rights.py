"""People's rights: erasure by a role of its own, holds, retention, access packs, rectifications."""

from alembic import op

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = """
create table legal_hold (
  id uuid not null constraint pk_legal_hold primary key,
  subject_id uuid constraint fk_legal_hold_subject_id_subject references subject (id),
  agency text constraint fk_legal_hold_agency_agency references agency (code),
  starts timestamptz,
  ends timestamptz,
  words bytea,
  set_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_legal_hold_recorded_by_agency_agency references agency (code),
  released_at timestamptz,
  released_by text,
  release_words bytea,
  constraint ck_legal_hold_of_one_thing check ((subject_id is null) <> (agency is null)),
  constraint ck_legal_hold_period_of_agency
    check (agency is not null or (starts is null and ends is null)),
  constraint ck_legal_hold_in_order check (starts < ends),
  constraint ck_legal_hold_released check ((released_at is null) = (released_by is null))
);
create index ix_legal_hold_standing on legal_hold (subject_id, agency) where released_at is null;
create table retention_class (
  id uuid not null constraint pk_retention_class primary key,
  code text not null constraint ck_retention_class_code check (code in (
    'record', 'consent', 'disclosure_opening', 'access_pack')),
  months integer not null constraint ck_retention_class_months check (months > 0),
  erasable boolean not null,
  starts timestamptz not null,
  signed_by text not null,
  authority text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_retention_class_recorded_by_agency_agency references agency (code)
);
create index ix_retention_class_code_recorded_at on retention_class (code, recorded_at);
create table log_erasure (
  entry_id uuid not null constraint pk_log_erasure primary key,
  erased_by uuid not null,
  at timestamptz not null
);
create index ix_log_erasure_erased_by on log_erasure (erased_by);
create table access_pack (
  id uuid not null constraint pk_access_pack primary key,
  subject_id uuid not null constraint fk_access_pack_subject_id_subject references subject (id),
  asked_by uuid constraint fk_access_pack_asked_by_subject references subject (id),
  capacity text not null constraint ck_access_pack_capacity
    check (capacity in ('self', 'parent', 'representative')),
  state text not null constraint ck_access_pack_state
    check (state in ('needs_review', 'ready', 'refused')),
  cautions text[] not null,
  request bytea not null,
  taken_by text not null,
  asked_on date not null,
  due date not null,
  extended_at timestamptz,
  extension bytea,
  reviewed_at timestamptz,
  reviewed_by text,
  review bytea,
  content bytea,
  made_at timestamptz,
  expires_at timestamptz,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null
    constraint fk_access_pack_recorded_by_agency_agency references agency (code),
  constraint ck_access_pack_reviewed check ((reviewed_at is null) = (reviewed_by is null)),
  constraint ck_access_pack_made check ((state = 'ready') = (made_at is not null))
);
create index ix_access_pack_subject_id on access_pack (subject_id);
create index ix_access_pack_waiting on access_pack (due, id) where state = 'needs_review';
create table rectification (
  id uuid not null constraint pk_rectification primary key,
  subject_id uuid not null
    constraint fk_rectification_subject_id_subject references subject (id),
  record_id uuid not null,
  new_record_id uuid,
  source text not null constraint fk_rectification_source_agency references agency (code),
  category text not null
    constraint fk_rectification_category_category references category (code),
  outcome text not null constraint ck_rectification_outcome
    check (outcome in ('corrected', 'refused')),
  disputed boolean not null,
  said bytea not null,
  decided_by text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  constraint ck_rectification_corrected
    check ((outcome = 'corrected') = (new_record_id is not null))
);
create index ix_rectification_subject_id on rectification (subject_id);
create table rectification_recipient (
  rectification_id uuid not null
    constraint fk_rectification_recipient_rectification_id_rectification
    references rectification (id),
  agency text not null
    constraint fk_rectification_recipient_agency_agency references agency (code),
  disclosures uuid[] not null,
  constraint pk_rectification_recipient primary key (rectification_id, agency)
);
alter table log_subject add column digests bytea[];
create index ix_log_subject_digests on log_subject using gin (digests) where digests is not null;
create index ix_log_entry_erased on log_entry (id) where outcome = 'erased';
alter table idempotency add column made uuid;
create index ix_idempotency_made on idempotency (made) where made is not null;
alter table shield_subject alter column reason drop not null;
"""

# What of each class is kept, about whom, which agencies it concerns, and from when its period runs:
# a record or a consent in force has no such instant yet. `keep_until` is the source's own date.
_VIEW = """
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
_FUNCTIONS = """
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

# Erasing is the owner's, by functions that only the eraser may call; the web process loses what
# it had. The eraser also writes the entry that says so, and what past recipients must hear.
_GRANTS = """
revoke update (wrapped_key) on subject from rightshare_app;
revoke delete on subject_identifier from rightshare_app;
revoke all on function erasure_begin, erasure_hindrances, erasure_entries, erasure_told,
  erase_openings, erase_consents, erase_person, retention_at, is_held, retention_due,
  retention_erase from public;
grant execute on function erasure_begin, erasure_hindrances, erasure_entries, erasure_told,
  erase_person, retention_due, retention_erase to rightshare_eraser;
grant insert on log_entry, log_subject, log_pending, obligation, event to rightshare_eraser;
grant select, insert on legal_hold, retention_class, access_pack, rectification,
  rectification_recipient to rightshare_app;
grant update (released_at, released_by, release_words) on legal_hold to rightshare_app;
grant update (state, due, extended_at, extension, reviewed_at, reviewed_by, review, content,
  made_at, expires_at) on access_pack to rightshare_app;
grant update (made) on idempotency to rightshare_app;
grant select on log_erasure to rightshare_app, rightshare_ig_lead;

create policy write_for_own_agency_too on log_entry for insert to rightshare_eraser
  with check (recipient = current_setting('rightshare.agency', true) and outcome = 'erased');
create policy erase on log_entry for select to rightshare_owner using (true);
create policy write_about_nobody on log_subject for insert to rightshare_eraser
  with check (subject is null);
create policy erase_read on log_subject for select to rightshare_owner using (true);
create policy erase on log_subject for update to rightshare_owner using (true)
  with check (subject is null and opening is null and salt is null and digests is null);
create policy erase on obligation to rightshare_owner using (true);
create policy erase on event to rightshare_owner using (true);
create policy write_erased on event for insert to rightshare_eraser
  with check (kind = 'subject.erased');
create policy erase on record to rightshare_owner using (true);
create policy erase on withhold to rightshare_owner using (true);
create policy erase on withhold_subject to rightshare_owner using (true);
"""

_APPEND_ONLY = """
create trigger append_only before update or delete on log_erasure
  for each row execute function log_is_append_only();
alter table log_erasure enable always trigger append_only;
create trigger no_truncate before truncate on log_erasure
  for each statement execute function log_is_append_only();
alter table log_erasure enable always trigger no_truncate;
"""

_BACK = """
drop index ix_log_entry_erased;
drop policy write_for_own_agency_too on log_entry;
drop policy erase on log_entry;
drop policy write_about_nobody on log_subject;
drop policy erase_read on log_subject;
drop policy erase on log_subject;
drop policy erase on obligation;
drop policy erase on event;
drop policy write_erased on event;
drop policy erase on record;
drop policy erase on withhold;
drop policy erase on withhold_subject;
revoke insert on log_entry, log_subject, log_pending, obligation, event from rightshare_eraser;
grant update (wrapped_key) on subject to rightshare_app;
grant delete on subject_identifier to rightshare_app;
drop function retention_erase, retention_due, erase_person, erase_consents, erase_openings,
  erasure_told, erasure_entries, erasure_hindrances, erasure_begin;
drop function is_held, retention_at;
drop view kept_item;
alter table shield_subject alter column reason set not null;
alter table idempotency drop column made;
alter table log_subject drop column digests;
drop table rectification_recipient, rectification, access_pack, log_erasure, retention_class,
  legal_hold;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_VIEW)
    op.execute(_FUNCTIONS)
    op.execute(_GRANTS)
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    op.execute(_BACK)
