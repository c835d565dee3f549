"""The tables that searches read."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing yet."""


def downgrade() -> None:
    """Drop nothing yet."""
