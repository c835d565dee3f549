"""The partitions of one table a transaction.

To attach one locks its table's default partition: a transaction that attached to several tables
held such locks one after another, against whoever reads the same tables in another order.
"""

from alembic import op

from app.migrations.partitions import ADD_TO_ALL, ADD_TO_ONE

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(ADD_TO_ONE)


def downgrade() -> None:
    op.execute(ADD_TO_ALL)
