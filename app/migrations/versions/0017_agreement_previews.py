"""Replays of what was asked, and could be asked, against drafts of agreements."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = """
create table agreement_preview (
  id uuid not null constraint pk_agreement_preview primary key,
  version_id uuid not null
    constraint fk_agreement_preview_version_id_agreement_version
    references agreement_version (id),
  content text not null,
  content_sha256 text not null,
  members text[] not null,
  since timestamptz not null,
  until timestamptz not null,
  agency text not null constraint fk_agreement_preview_agency_agency references agency (code),
  requested_by text not null,
  entry_id uuid not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  part text not null,
  recipient text,
  after_id uuid,
  counts jsonb not null
);
create index ix_agreement_preview_version_id_id on agreement_preview (version_id, id);
create table agreement_preview_difference (
  preview_id uuid not null
    constraint fk_agreement_preview_difference_preview_id_agreement_preview
    references agreement_preview (id),
  number integer not null,
  part text not null,
  change text not null,
  at timestamptz not null,
  entry uuid,
  subject uuid,
  recipient text not null,
  source text not null,
  purpose text not null,
  kind text not null,
  before text not null,
  after text not null,
  told_before text[] not null,
  told_after text[] not null,
  constraint pk_agreement_preview_difference primary key (preview_id, number)
);
"""

# A request is shown to those whom the log shows its entry; what is so of a subject today, to the
# agency that holds it. What was replayed is not rewritten: only how far a replay has come changes.
_GRANTS = """
grant select, insert on agreement_preview, agreement_preview_difference to rightshare_app;
grant update (ended_at, part, recipient, after_id, counts) on agreement_preview to rightshare_app;
grant select on agreement_preview, agreement_preview_difference to rightshare_ig_lead;
alter table agreement_preview_difference enable row level security;
alter table agreement_preview_difference force row level security;
create policy write_any on agreement_preview_difference for insert to rightshare_app
  with check (true);
create policy read_own_agency on agreement_preview_difference for select to rightshare_app
  using (
    source = current_setting('rightshare.agency', true)
    or (part = 'requests' and recipient = current_setting('rightshare.agency', true))
  );
create policy read_all on agreement_preview_difference for select to rightshare_ig_lead
  using (true);
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table agreement_preview_difference, agreement_preview")
