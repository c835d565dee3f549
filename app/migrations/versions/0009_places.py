"""Postcodes, areas, and who answers for them."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PLACES = """
create table place_source (
  code text not null constraint pk_place_source primary key,
  title text not null,
  edition text not null,
  licence text not null,
  licence_url text not null,
  attribution text not null,
  digest text not null,
  postcodes integer not null,
  loaded_at timestamptz not null
);
create table postcode (
  postcode text not null constraint pk_postcode primary key,
  latitude double precision not null,
  longitude double precision not null,
  quality smallint not null,
  district text,
  ward text
);
create table outcode (
  outcode text not null constraint pk_outcode primary key,
  latitude double precision not null,
  longitude double precision not null,
  district text not null,
  postcodes integer not null
);
create table administrative_area (
  code text not null constraint pk_administrative_area primary key,
  kind text not null constraint ck_administrative_area_kind check (kind in ('district', 'ward')),
  name text not null,
  district text
);
create index ix_administrative_area_district on administrative_area (district);
"""

_CONTACTS = """
alter table contact_point drop constraint ck_contact_point_audience;
alter table contact_point alter column audience type jsonb
  using to_jsonb(case audience when 'protected' then 'practitioners' else audience end);
alter table contact_point add constraint ck_contact_point_audience
  check (audience in ('"public"', '"practitioners"') or jsonb_typeof(audience) = 'array');
alter table contact_point
  add column role text,
  add column holder text,
  add column opening_hours jsonb not null default '[]'::jsonb,
  add column hours_note text,
  add column assured_on date,
  add column invented boolean not null default false,
  add column ends timestamptz;
"""

_COVERAGE = """
create table area (
  code text not null constraint pk_area primary key,
  kind text not null constraint ck_area_kind
    check (kind in ('city', 'hub_area', 'cluster', 'locality', 'local_area_team')),
  city text not null,
  name text not null,
  starts timestamptz not null,
  ends timestamptz,
  note text,
  invented boolean not null,
  recorded_at timestamptz not null
);
create index ix_area_city_kind on area (city, kind);
create table area_part (
  id uuid not null constraint pk_area_part primary key,
  area text not null constraint fk_area_part_area_area references area (code),
  kind text not null constraint ck_area_part_kind
    check (kind in ('district', 'ward', 'postcode')),
  code text not null,
  starts timestamptz not null,
  ends timestamptz,
  recorded_at timestamptz not null
);
create index ix_area_part_kind_code on area_part (kind, code);
create index ix_area_part_area on area_part (area);
create table coverage (
  id uuid not null constraint pk_coverage primary key,
  contact_point uuid not null constraint fk_coverage_contact_point_contact_point
    references contact_point (id),
  kind text not null constraint ck_coverage_kind
    check (kind in ('area', 'district', 'ward', 'postcode')),
  place text not null,
  levels text[] not null,
  starts timestamptz not null,
  ends timestamptz,
  position integer not null,
  note text,
  invented boolean not null,
  recorded_at timestamptz not null
);
create index ix_coverage_kind_place on coverage (kind, place);
create index ix_coverage_contact_point on coverage (contact_point);
create table contact_cover (
  id uuid not null constraint pk_contact_cover primary key,
  contact_point uuid not null constraint fk_contact_cover_contact_point_contact_point
    references contact_point (id),
  covered_by uuid not null constraint fk_contact_cover_covered_by_contact_point
    references contact_point (id),
  starts timestamptz not null,
  ends timestamptz,
  note text,
  recorded_at timestamptz not null
);
create index ix_contact_cover_contact_point on contact_cover (contact_point);
create table city_level (
  city text not null,
  code text not null,
  label text not null,
  common text not null constraint ck_city_level_common
    check (common in ('universal', 'early_help', 'specialist')),
  position integer not null,
  note text,
  constraint pk_city_level primary key (city, code)
);
create table school (
  id uuid not null constraint pk_school primary key,
  urn text constraint uq_school_urn unique,
  name text not null,
  search_name text not null,
  postcode text not null,
  agency text constraint fk_school_agency_agency references agency (code),
  invented boolean not null,
  recorded_at timestamptz not null
);
create index ix_school_search_name on school (search_name);
"""

# A new edition leaves out postcodes that are no longer used, and a city can have fewer levels.
_GRANTS = """
grant select, insert, update, delete on postcode, outcode, city_level to rightshare_app;
grant select, insert, update on place_source, administrative_area, area, area_part, coverage,
  contact_cover, school to rightshare_app;
"""

_CONTACTS_AS_BEFORE = """
alter table contact_point
  drop column role, drop column holder, drop column opening_hours, drop column hours_note,
  drop column assured_on, drop column invented, drop column ends,
  drop constraint ck_contact_point_audience;
alter table contact_point alter column audience type text
  using case audience when '"public"' then 'public' else 'protected' end;
alter table contact_point add constraint ck_contact_point_audience
  check (audience in ('public', 'protected'));
"""


def upgrade() -> None:
    op.execute(_PLACES)
    op.execute(_CONTACTS)
    op.execute(_COVERAGE)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table school, city_level, contact_cover, coverage, area_part, area")
    op.execute(_CONTACTS_AS_BEFORE)
    op.execute("drop table administrative_area, outcode, postcode, place_source")
