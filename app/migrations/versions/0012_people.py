"""People who sign in, and their sessions."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make nothing yet."""


def downgrade() -> None:
    """Drop nothing yet."""
