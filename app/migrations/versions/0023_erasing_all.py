"""Erasure of all that leads to a person, holds on what is past its date, word of erasures."""

from alembic import op

from app.migrations import erasing, erasing_families

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Row-level security binds the tables' owner too, as whom the eraser's functions run.
_PRIVATE = (
    "notice",
    "decision_not_to_share",
    "escalation",
    "escalation_subject",
    "agreement_preview_difference",
)

# The worker asks what is held before it empties anything. What past recipients must hear is sent
# on by the worker: the eraser sees no address and no secret, it leaves a job.
_GRANTS = """
revoke all on function erase_between_agencies, erase_evidence from public;
grant execute on function is_held to rightshare_app;
grant insert on job to rightshare_eraser;
"""

_BACK = """
revoke insert on job from rightshare_eraser;
revoke execute on function is_held from rightshare_app;
drop function erase_between_agencies, erase_evidence;
"""


def upgrade() -> None:
    op.execute(erasing_families.KEPT)
    op.execute(erasing_families.FUNCTIONS)
    op.execute(_GRANTS)
    for table in _PRIVATE:
        op.execute(f"create policy erase on {table} to rightshare_owner using (true)")


def downgrade() -> None:
    for table in _PRIVATE:
        op.execute(f"drop policy erase on {table}")
    view, _, functions = erasing.KEPT.partition(";\n")
    op.execute(view.replace("create view", "create or replace view"))
    op.execute((functions + erasing.FUNCTIONS).replace("create fun", "create or replace fun"))
    op.execute(_BACK)
