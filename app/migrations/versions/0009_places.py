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

# A new edition leaves postcodes out that are no longer used.
_GRANTS = """
grant select, insert, update, delete on postcode, outcode to rightshare_app;
grant select, insert, update on place_source, administrative_area to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_PLACES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table administrative_area, outcode, postcode, place_source")
