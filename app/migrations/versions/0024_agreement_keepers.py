"""Who keeps an agreement and who ended it, and replays that failed for good.

Of what was drafted before, nobody knows who did: there each member acts in the keeper's place.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = """
alter table agreement
  add column kept_by text
    constraint fk_agreement_kept_by_agency references agency (code),
  add column termination_reason text,
  add column terminated_by_agency text
    constraint fk_agreement_terminated_by_agency_agency references agency (code),
  add column terminated_by_client text,
  add column termination_recorded_at timestamptz;
alter table agreement_preview
  add column failed_at timestamptz,
  add column failed_because text;
"""

# Until now a replay whose job had failed for good said for ever that it was running.
_FAILED = """
update agreement_preview set failed_at = now(), failed_because = job.failed_because
from job
where job.kind = 'agreement.replay' and job.failed_because is not null
  and job.payload ->> 'preview' = agreement_preview.id::text
  and agreement_preview.ended_at is null;
"""

_GRANTS = """
grant update (termination_reason, terminated_by_agency, terminated_by_client,
  termination_recorded_at) on agreement to rightshare_app;
grant update (failed_at, failed_because) on agreement_preview to rightshare_app;
"""

_BACK = """
alter table agreement_preview drop column failed_at, drop column failed_because;
alter table agreement
  drop column kept_by,
  drop column termination_reason,
  drop column terminated_by_agency,
  drop column terminated_by_client,
  drop column termination_recorded_at;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_FAILED)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(_BACK)
