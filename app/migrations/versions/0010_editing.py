"""Drafts, reports, reminders, offers and pledges."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing yet."""


def downgrade() -> None:
    """Drop nothing yet."""
