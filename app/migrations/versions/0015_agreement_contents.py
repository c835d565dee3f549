"""What a version of an agreement says, word for word, who has signed that, and its reviews.

A version that was activated before has no content on file and stays in force as it is: its members
count by their dates alone. A draft of that time cannot be activated; a new version can be drafted.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CONTENTS = """
alter table agreement add column successor text
  constraint fk_agreement_successor_agreement references agreement (code);
alter table agreement_member
  add column role text,
  add column data_protection_contact text;
alter table agreement_version
  add column content text,
  add column content_sha256 text;
create table agreement_signature (
  id uuid not null constraint pk_agreement_signature primary key,
  version_id uuid not null
    constraint fk_agreement_signature_version_id_agreement_version
    references agreement_version (id),
  agency text not null constraint fk_agreement_signature_agency_agency references agency (code),
  content_sha256 text not null,
  role text not null,
  means text not null,
  signed_at timestamptz not null,
  evidence bytea not null,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index ix_agreement_signature_version_id_agency
  on agreement_signature (version_id, agency, recorded_at);
create table agreement_review (
  id uuid not null constraint pk_agreement_review primary key,
  version_id uuid not null
    constraint fk_agreement_review_version_id_agreement_version
    references agreement_version (id),
  outcome text not null,
  role text not null,
  next_due timestamptz not null,
  recorded_by text not null,
  recorded_at timestamptz not null
);
create index ix_agreement_review_version_id_recorded_at
  on agreement_review (version_id, recorded_at);
"""

# Grants say which columns may ever change; that an activated version does not, whoever asks, is
# the table's own rule, for the same columns of a draft may be put right until somebody signs it.
_FROZEN = """
create function keep_activated_version() returns trigger language plpgsql as $$
begin
  if row(new.agreement, new.version, new.content, new.content_sha256, new.effective_from,
         new.expires, new.review_due, new.activated_at)
     is distinct from
     row(old.agreement, old.version, old.content, old.content_sha256, old.effective_from,
         old.expires, old.review_due, old.activated_at)
  then
    raise exception 'an activated version of an agreement is frozen';
  end if;
  return new;
end $$;
create trigger keep_activated_version before update on agreement_version
  for each row when (old.activated_at is not null) execute function keep_activated_version();
"""

_GRANTS = """
grant update (successor) on agreement to rightshare_app;
grant update (content, content_sha256, effective_from, expires, review_due)
  on agreement_version to rightshare_app;
grant select, insert on agreement_signature, agreement_review to rightshare_app;
grant select on agreement_signature, agreement_review to rightshare_ig_lead;
"""

_BACK = """
drop table agreement_review, agreement_signature;
drop trigger keep_activated_version on agreement_version;
drop function keep_activated_version();
alter table agreement_version drop column content, drop column content_sha256;
alter table agreement_member drop column role, drop column data_protection_contact;
alter table agreement drop column successor;
"""


def upgrade() -> None:
    op.execute(_CONTENTS)
    op.execute(_FROZEN)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(_BACK)
