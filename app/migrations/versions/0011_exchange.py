"""Imports, their refusals, and possible duplicates."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing yet."""


def downgrade() -> None:
    """Drop nothing yet."""
