"""The floor's SQL, written out: the same reads and writes as the service's, in as few statements.

Everything that could forbid a disclosure is read here too, or the floor would be no floor: words,
standings, agreements, who decides, what was said and taken back, shields, conflicts, withholds.
"""

ADMIT = """
with used as (
  insert into oauth_used (digest, until) values (%(digest)s, %(until)s)
  on conflict do nothing returning 1
)
select set_config('synchronous_commit', 'off', true), exists (select from used) as fresh,
  exists (select from oauth_revoked where id = any(%(marks)s)) as revoked,
  c.agency, c.scopes, c.purposes, c.kinds
from (select) as one left join oauth_client c
  on c.client_id = %(client)s and c.ended_at is null
"""

TERMS = """
select set_config('rightshare.agency', %(recipient)s, true),
  (select count(pg_advisory_xact_lock_shared(key)) from unnest(%(keys)s::bigint[]) as key),
  exists (select from purpose where code = %(purpose)s) as purpose,
  (select json_object_agg(code, sensitive) from category where code = any(%(categories)s))
    as categories,
  (select json_object_agg(a.code, a.sensitive_service) from agency a
    where a.code = any(%(agencies)s) and exists (select from agency_period p
      where p.agency = a.code and p.starts <= %(at)s and (p.ends is null or p.ends > %(at)s)))
    as agencies,
  (select json_build_array(version, own_decision_age, verbal_grace_days, parents_disagree)
    from policy_setting where starts <= %(at)s and recorded_at <= %(at)s
    order by version desc limit 1) as policy,
  (select json_agg(json_build_array(a.code, v.version, f.code, f.categories, f.basis, f.requires,
      f.verbal, f.pierces_shield, f.practitioner) order by a.position, v.version, f.position)
    from agreement a
    join agreement_version v on v.agreement = a.code
    join flow f on f.version_id = v.id
    where v.activated_at <= %(at)s and v.effective_from <= %(at)s
      and coalesce(least(v.expires, v.superseded_at, a.terminated_at) > %(at)s, true)
      and %(recipient)s = any(f.recipients) and %(source)s = any(f.sources)
      and %(purpose)s = any(f.purposes) and %(kind)s = any(f.kinds)
      and (select count(distinct m.agency) from agreement_member m
        where m.agreement = a.code and m.agency in (%(recipient)s, %(source)s)
          and m.joined <= %(at)s and (m.departed is null or m.departed > %(at)s)) = 2) as flows
"""

SUBJECT = """
select s.id, s.adult, s.born, s.key_id, s.wrapped_key, s.starts, s.ends,
  (select json_agg(r.person_id) from relationship r
    where r.subject_id = s.id and r.parental_responsibility and r.recorded_at <= %(at)s
      and (r.starts is null or r.starts <= %(at)s) and (r.ends is null or r.ends > %(at)s)
      and not exists (select from no_say n where n.relationship_id = r.id
        and n.recorded_at <= %(at)s and n.starts <= %(at)s and (n.ends is null or n.ends > %(at)s))
  ) as deciders,
  (select json_agg(json_build_array(c.purpose, c.competent, c.until)) from competence_assessment c
    where c.subject_id = s.id and c.recorded_at <= %(at)s and c.assessed_at <= %(at)s)
    as assessments,
  (select json_agg(json_build_array(c.id, c.kind, c.given_by, c.answer, c.method, c.recorded_at,
      c.recipients, c.purposes, c.categories, c.sources, c.valid_from, c.valid_until,
      yes.recorded_at, no.recorded_at) order by c.recorded_at, c.id)
    from consent_subject about join consent c on c.id = about.consent_id
    left join consent_event yes on yes.consent_id = c.id and yes.kind = 'confirmed'
    left join consent_event no on no.consent_id = c.id and no.kind = 'withdrawn'
    left join consent later on later.replaces = c.id
    where about.subject_id = s.id and c.recorded_at <= %(at)s
      and (later.recorded_at is null or later.recorded_at > %(at)s)) as consents,
  (select json_agg(json_build_array(h.mode, h.categories)) from shield_subject hs
    join shield h on h.id = hs.shield_id
    where hs.subject_id = s.id and h.recorded_at <= %(at)s and h.starts <= %(at)s
      and (h.ends is null or h.ends > %(at)s) and %(recipient)s <> all(h.unaffected)) as shields,
  exists (select from conflict_of_interest i where i.subject_id = s.id
    and i.practitioner = %(practitioner)s and i.recorded_at <= %(at)s
    and (i.starts is null or i.starts <= %(at)s) and (i.ends is null or i.ends > %(at)s))
    as barred,
  (select json_agg(w.categories) from withhold_subject ws join withhold w on w.id = ws.withhold_id
    where ws.subject_id = s.id and w.source = %(source)s and w.recorded_at <= %(at)s
      and w.starts <= %(at)s and (w.ends is null or w.ends > %(at)s)) as withholds,
  held.*
from (select min(subject_id::text)::uuid as id, count(distinct subject_id) as named
    from subject_identifier where digest = any(%(digests)s)) asked
left join subject s on s.id = asked.id and asked.named = 1 and s.wrapped_key is not null
left join lateral (
  select array_agg(r.id order by r.recorded_at, r.id) as records,
    array_agg(r.category order by r.recorded_at, r.id) as held,
    array_agg(r.recorded_at order by r.recorded_at, r.id) as recorded,
    array_agg(r.content order by r.recorded_at, r.id) as contents
  from record r
  where r.subject_id = s.id and r.source = %(source)s and r.category = any(%(categories)s)
    and r.content is not null and r.recorded_at <= %(at)s and r.starts <= %(at)s
    and (r.ends is null or r.ends > %(at)s)
    and (r.retain_until is null or r.retain_until > %(at)s)
) held on true
"""

LOG = """
with entry as (
  insert into log_entry
    (id, at, recipient, source, outcome, leaf, leaf_hash, facts, facts_salt)
  values (%(id)s, %(at)s, %(recipient)s, %(source)s, %(outcome)s, %(leaf)s, %(leaf_hash)s,
    %(facts)s, %(facts_salt)s)
), person as (
  insert into log_subject (id, subject, opening, salt)
  values (%(id)s, %(subject)s, %(opening)s, %(salt)s)
)
insert into log_pending (entry_id, leaf_hash) values (%(id)s, %(leaf_hash)s)
"""

CLIENT = """
select agency, scopes, grants, jwks::text, token_rate, token_burst from oauth_client
where client_id = %(client)s and ended_at is null
"""

SETTLE = """
with used as (
  insert into oauth_used (digest, until)
  select * from unnest(%(digests)s::bytea[], %(untils)s::timestamptz[])
  on conflict do nothing returning digest
), spent as (
  insert into oauth_rate as r (key, tokens, at)
  values (%(bucket)s, %(burst)s::float8 - 1, clock_timestamp())
  on conflict (key) do update set at = greatest(r.at, excluded.at),
    tokens = least(%(burst)s::float8, r.tokens + %(rate)s::float8
      * greatest(0, extract(epoch from excluded.at - r.at)::float8)) - 1
    where least(%(burst)s::float8, r.tokens + %(rate)s::float8
      * greatest(0, extract(epoch from excluded.at - r.at)::float8)) >= 1
  returning 1
)
select (select count(*) from used) as used, exists (select from spent) as within_rate,
  exists (select from oauth_revoked where id = any(%(marks)s)) as revoked
"""

KEYS = """
select kid, public, sealed_private from oauth_key where signs_from is not null
and signs_until is null
"""
