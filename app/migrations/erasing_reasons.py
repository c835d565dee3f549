"""The functions by which the database erases, as migration 0025 replaces those of 0023.

Since then decisions not to share and handovers, whose reasons are about a family, have periods of
their own, and what an erasure would destroy can be asked while something stands in its way. A later
migration that adds a table which may lead to a person replaces `erase_all_of`.
"""

from typing import Final

# A decision is over when what it held back is given free, or else when it is to be looked at again;
# a handover, when it was completed, declined or taken back.
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
  select 'decision_not_to_share', decision.id, decision.subject_id,
    array[decision.source, decision.asked_by],
    case when decision.withhold_id is null then decision.review_at else held_back.ends end, null,
    decision.recorded_at
  from decision_not_to_share decision
  left join withhold held_back on held_back.id = decision.withhold_id
union all
  select 'escalation', step.id, about.subject_id, array[step.from_agency, step.to_agency],
    coalesce(step.completed_at, step.declined_at, step.withdrawn_at), null, step.recorded_at
  from escalation step join escalation_subject about on about.escalation_id = step.id;
"""

# Erasing and asking what would go are one function: what is asked is done, counted and undone.
FUNCTIONS: Final = """
create or replace function erasure_hindrances(person uuid, instant timestamptz)
returns table (what text, class text, until timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'legal_hold', null::text, null::timestamptz where
    is_held(person, '{}', instant)
    or exists (select from kept_item where subject = person and is_held(null, agencies, began))
  union all
  -- A period that runs past the calendar, as of what ends in 9999, is told with its last year.
  select 'retention', found.class, least(max(found.until), timestamptz '9999-12-31 00:00Z') from (
    select kept.class, least(keep_until,
      coalesce(counted_from, instant) + make_interval(months => rule.months)) as until
    from kept_item kept
    join retention_at(instant) rule on rule.code = kept.class and not rule.erasable
    where kept.subject = person
  ) found where found.until > instant group by found.class
  order by 1, 2
$$;
create function erase_all_of(
  person uuid, entries uuid[], by_entry uuid, instant timestamptz)
returns jsonb
language plpgsql set search_path = public, pg_temp as $$
declare
  openings bigint; records bigint; consents bigint; identifiers bigint; packs bigint;
  rectifications bigint; about uuid[]; alone uuid[]; between_agencies jsonb;
begin
  between_agencies := jsonb_build_object(
    'notices', (select count(*) from notice where subject_id = person),
    'decisions_not_to_share',
      (select count(*) from decision_not_to_share where subject_id = person),
    'escalations', (select count(*) from escalation_subject where subject_id = person),
    'withholds', (select count(*) from withhold_subject where subject_id = person));
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
  return between_agencies || jsonb_build_object('openings', openings, 'records', records,
    'consents', consents, 'identifiers', identifiers, 'access_packs', packs,
    'rectifications', rectifications);
end $$;
create or replace function erase_person(
  person uuid, entries uuid[], by_entry uuid, instant timestamptz)
returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from erasure_hindrances(person, instant))
  then raise exception 'something stands in the way of this erasure'; end if;
  return erase_all_of(person, entries, by_entry, instant);
end $$;
create function erasure_would(person uuid, entries uuid[], by_entry uuid, instant timestamptz)
returns jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
declare counted jsonb;
begin
  counted := erase_all_of(person, entries, by_entry, instant);
  raise exception using errcode = 'RS001', message = 'this was only asked';
exception when sqlstate 'RS001' then
  return counted;
end $$;
create or replace function retention_erase(
  kind text, items uuid[], by_entry uuid, instant timestamptz)
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
  when 'decision_not_to_share' then
    delete from decision_not_to_share where id = any (items);
  when 'escalation' then
    delete from escalation_subject where escalation_id = any (items);
    delete from escalation where id = any (items);
  end case;
  get diagnostics gone = row_count;
  return gone;
end $$;
"""
