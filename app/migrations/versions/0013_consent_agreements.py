"""Which agreements a consent named, so that a family is asked again about agencies that join."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table consent add column agreements text[] not null default '{}'")


def downgrade() -> None:
    op.execute("alter table consent drop column agreements")
