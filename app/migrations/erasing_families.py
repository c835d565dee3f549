"""The functions by which the database erases, as migration 0023 replaces those of 0019.

Since then notices, decisions not to share, handovers and files of evidence lead to people too, and
every record names the day on which it goes at the latest: that day hurries retention, and hinders
no erasure. A later migration that adds a table which may lead to a person replaces them again.
"""

from typing import Final

# What lies between two agencies has no class of its own, but a hold on either of them keeps it.
KEPT: Final = """
create or replace view kept_item as
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
  from access_pack
union all
  select 'notice', id, subject_id, array[sender, recipient], null, null, sent_at from notice
union all
  select 'decision_not_to_share', id, subject_id, array[source, asked_by], null, null, recorded_at
  from decision_not_to_share
union all
  select 'escalation', step.id, about.subject_id, array[step.from_agency, step.to_agency],
    null, null, step.recorded_at
  from escalation step join escalation_subject about on about.escalation_id = step.id;
"""

# Decisions go before the withholds that they ended in, evidence before its consents.
FUNCTIONS: Final = """
create function erase_between_agencies(person uuid) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  -- What was answered to whoever told of them, kept for a day under that client's key.
  delete from idempotency where made in (
    select id from record where subject_id = person
    union select consent_id from consent_subject where subject_id = person
    union select id from notice where subject_id = person
    union select id from decision_not_to_share where subject_id = person
    union select escalation_id from escalation_subject where subject_id = person);
  update notice set corrects = null where corrects in (
    select id from notice where subject_id = person);
  delete from notice where subject_id = person;
  delete from decision_not_to_share where subject_id = person;
  delete from escalation_subject where subject_id = person;
  delete from escalation where not exists (
    select from escalation_subject where escalation_id = escalation.id);
  -- What a replay found stays as a number; of whom, it no longer says.
  update agreement_preview_difference set subject = null where subject = person;
  update agreement_preview set after_id = null where after_id = person and ended_at is not null;
end $$;
create function erase_evidence(consents uuid[]) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
  delete from consent_evidence_read where consent_id = any (consents);
  delete from consent_evidence where consent_id = any (consents);
end $$;
create or replace function erasure_hindrances(person uuid, instant timestamptz)
returns table (what text, class text, until timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'legal_hold', null::text, null::timestamptz where
    is_held(person, '{}', instant)
    or exists (select from kept_item where subject = person and is_held(null, agencies, began))
  union all
  select 'retention', found.class, max(found.until) from (
    select kept.class, least(keep_until,
      coalesce(counted_from, instant) + make_interval(months => rule.months)) as until
    from kept_item kept
    join retention_at(instant) rule on rule.code = kept.class and not rule.erasable
    where kept.subject = person
  ) found where found.until > instant group by found.class
  order by 1, 2
$$;
create or replace function erase_consents(gone uuid[]) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare number bigint;
begin
  -- One that took the place of another which still speaks for somebody must go on doing so.
  gone := array(
    select id from consent where id = any (gone)
      and (replaces is null or replaces = any (gone)
        or not exists (select from consent_subject where consent_id = consent.replaces)));
  update consent set replaces = null where replaces = any (gone);
  perform erase_evidence(gone);
  delete from consent_event where consent_id = any (gone);
  delete from consent_subject where consent_id = any (gone);
  delete from consent where id = any (gone);
  get diagnostics number = row_count;
  return number;
end $$;
create or replace function erase_person(
  person uuid, entries uuid[], by_entry uuid, instant timestamptz)
returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  openings bigint; records bigint; consents bigint; identifiers bigint; packs bigint;
  rectifications bigint; about uuid[]; alone uuid[];
begin
  if exists (select from erasure_hindrances(person, instant))
  then raise exception 'something stands in the way of this erasure'; end if;
  openings := erase_openings(entries, by_entry, 'erasure', instant);
  perform erase_between_agencies(person);
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
  perform erase_evidence(array(
    select id from consent where given_by = person or id = any (alone)));
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
create or replace function retention_due(
  kind text, instant timestamptz, after uuid, most integer)
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
      and least(kept.keep_until,
        kept.counted_from + make_interval(months => rule.months)) <= instant
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
"""
