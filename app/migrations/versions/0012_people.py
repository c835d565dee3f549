"""People who sign in, their sessions, and wrong sign-ins."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = """
create table person (
  username text not null constraint pk_person primary key,
  agency text not null constraint fk_person_agency_agency references agency (code),
  role text not null,
  password_hash text not null,
  sealed_totp bytea not null,
  totp_step bigint not null,
  demonstration boolean not null,
  starts timestamptz not null,
  ends timestamptz,
  constraint ck_person_in_order check (ends is null or ends >= starts)
);
create table person_session (
  digest bytea not null constraint pk_person_session primary key,
  username text not null
    constraint fk_person_session_username_person references person (username),
  began_at timestamptz not null,
  seen_at timestamptz not null
);
create index ix_person_session_username on person_session (username);
create index ix_person_session_seen_at on person_session (seen_at);
create table wrong_sign_in (
  key bytea not null constraint pk_wrong_sign_in primary key,
  tries timestamptz[] not null,
  last_at timestamptz not null
);
create index ix_wrong_sign_in_last_at on wrong_sign_in (last_at);
"""

# A person's account ends and is never deleted: versions of records name who made them.
_GRANTS = """
grant select, insert on person to rightshare_app;
grant update (agency, role, password_hash, sealed_totp, totp_step, ends) on person
  to rightshare_app;
grant select, insert, delete on person_session to rightshare_app;
grant update (seen_at) on person_session to rightshare_app;
grant select, insert, update, delete on wrong_sign_in to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table wrong_sign_in, person_session, person")
