"""What most searches ask stands beside each place, and the cells it lies in among the traits."""

from alembic import op
from sqlalchemy import text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# `rules.cells` in SQL, for what is listed already.
_CELLS = """
update listing set traits = traits || lying.cells
from (
  select listing, array_agg(distinct format('near:%s:%s',
      floor(latitude / 0.02)::integer, floor(longitude / 0.035)::integer))
    || array_agg(distinct format('far:%s:%s',
      floor(latitude / 0.16)::integer, floor(longitude / 0.28)::integer)) cells
  from listing_place group by listing
) lying
where lying.listing = listing.key
"""
_COLUMNS = """
alter table listing_place
  add column viewer text not null default '',
  add column shadowed_by text[] not null default '{}',
  add column status text not null default '',
  add column minimum_age numeric,
  add column maximum_age numeric,
  add column areas text[] not null default '{}'
"""
_FILL = """
update listing_place place set viewer = listing.viewer, shadowed_by = listing.shadowed_by,
  status = listing.status, minimum_age = listing.minimum_age, maximum_age = listing.maximum_age,
  areas = array(select one from unnest(listing.traits) one where one like 'area:%' order by one)
from listing where listing.key = place.listing
"""
_NO_DEFAULTS = """
alter table listing_place alter column viewer drop default, alter column shadowed_by drop default,
  alter column status drop default, alter column areas drop default
"""


def upgrade() -> None:
    for statement in (_COLUMNS, _FILL, _NO_DEFAULTS, _CELLS):
        op.execute(text(statement))


def downgrade() -> None:
    op.execute(
        "update listing set traits = array(select one from unnest(traits) one"
        " where one not like 'near:%' and one not like 'far:%')"
    )
    for column in ("viewer", "shadowed_by", "status", "minimum_age", "maximum_age", "areas"):
        op.drop_column("listing_place", column)
