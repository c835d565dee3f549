"""What became of imports that did not come to their end."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_FAILURES = """
alter table directory_import
  add column failure text,
  add constraint ck_directory_import_failure check (failure in ('given_up', 'superseded')),
  add constraint ck_directory_import_failed check (failure is null or ended_at is not null);
"""

# Uploads whose job has failed for good said nothing of it until now.
_GIVEN_UP_BEFORE = """
update directory_import i set failure = 'given_up', ended_at = j.run_at
from job j
where j.kind = 'directory.import' and j.failed_because is not null
  and j.payload->>'import' = i.id::text and i.ended_at is null;
delete from directory_import_batch b using directory_import i
where i.id = b.import_id and i.failure is not null;
"""


def upgrade() -> None:
    op.execute(_FAILURES)
    op.execute(_GIVEN_UP_BEFORE)


def downgrade() -> None:
    op.execute("alter table directory_import drop column failure")
