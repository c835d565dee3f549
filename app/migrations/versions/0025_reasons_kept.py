"""Periods for decisions not to share and handovers, what an erasure would do, disputed records."""

from alembic import op

from app.migrations import erasing, erasing_families, erasing_reasons

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_CODES = ("record", "consent", "disclosure_opening", "access_pack")
_NEW_CODES = ("decision_not_to_share", "escalation")

_DISPUTED = """
alter table record add column disputed_at timestamptz;
update record set disputed_at = said.at from (
  select record_id, max(recorded_at) as at from rectification where disputed group by record_id
) said where said.record_id = record.id;
grant update (disputed_at) on record to rightshare_app;
"""

_GRANTS = """
revoke all on function erase_all_of, erasure_would from public;
grant execute on function erasure_would to rightshare_eraser;
"""

_BACK = """
drop function erasure_would;
alter table record drop column disputed_at;
delete from retention_class where code in ('decision_not_to_share', 'escalation');
"""


def upgrade() -> None:
    _allow(*_CODES, *_NEW_CODES)
    op.execute(erasing_reasons.KEPT)
    op.execute(erasing_reasons.FUNCTIONS)
    op.execute(_GRANTS)
    op.execute(_DISPUTED)


def downgrade() -> None:
    op.execute(_BACK)
    _allow(*_CODES)
    op.execute(erasing_families.KEPT)
    op.execute(_function("retention_erase", erasing.FUNCTIONS))
    op.execute(_function("erase_person", erasing_families.FUNCTIONS))
    op.execute(_function("erasure_hindrances", erasing_families.FUNCTIONS))
    op.execute("drop function erase_all_of")


def _allow(*codes: str) -> None:
    listed = ", ".join(f"'{code}'" for code in codes)
    op.execute("alter table retention_class drop constraint ck_retention_class_code")
    op.execute(
        "alter table retention_class add constraint ck_retention_class_code"
        f" check (code in ({listed}))"
    )


def _function(name: str, written: str) -> str:
    """Return one function as an earlier migration wrote it, to take the place of a later one."""
    _, _, rest = written.partition(f"function {name}(")
    body, end, _ = rest.partition("$$;")
    return f"create or replace function {name}({body}{end}"
