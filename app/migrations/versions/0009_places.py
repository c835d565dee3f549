"""Postcodes, areas, and who answers for them."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing yet."""


def downgrade() -> None:
    """Drop nothing yet."""
