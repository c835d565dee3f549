"""Clients, keys, and what may be used once or is cut off."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = """
create table oauth_client (
  client_id text not null constraint pk_oauth_client primary key,
  agency text not null constraint fk_oauth_client_agency_agency references agency (code),
  jwks jsonb not null,
  scopes text[] not null,
  purposes text[] not null,
  kinds text[] not null,
  may_override boolean not null,
  grants text[] not null,
  redirect_uris text[] not null,
  token_rate integer not null,
  token_burst integer not null,
  api_rate integer not null,
  api_burst integer not null,
  registered_at timestamptz not null,
  ended_at timestamptz
);
create table oauth_agency_key (
  agency text not null constraint fk_oauth_agency_key_agency_agency references agency (code),
  kid text not null,
  jwk jsonb not null,
  recorded_at timestamptz not null,
  constraint pk_oauth_agency_key primary key (agency, kid)
);
create table oauth_key (
  kid text not null constraint pk_oauth_key primary key,
  public jsonb not null,
  sealed_private bytea not null,
  published_at timestamptz not null,
  signs_from timestamptz,
  signs_until timestamptz
);
create unique index uq_oauth_key_next on oauth_key ((1)) where signs_from is null;
create unique index uq_oauth_key_present on oauth_key ((1))
  where signs_from is not null and signs_until is null;
create table oauth_used (
  digest bytea not null constraint pk_oauth_used primary key,
  until timestamptz not null
);
create index ix_oauth_used_until on oauth_used (until);
create table oauth_revoked (
  id text not null constraint pk_oauth_revoked primary key,
  until timestamptz
);
create index ix_oauth_revoked_until on oauth_revoked (until);
create table oauth_rate (
  key text not null constraint pk_oauth_rate primary key,
  tokens double precision not null,
  at timestamptz not null
);
create index ix_oauth_rate_at on oauth_rate (at);
"""

# A client is ended, never deleted, and never moves to another agency. What is used stays used until
# the job forgets it; only the private half of a key that no longer signs is ever destroyed.
_GRANTS = """
grant select, insert on oauth_client to rightshare_app;
grant update (jwks, scopes, purposes, kinds, may_override, grants, redirect_uris,
  token_rate, token_burst, api_rate, api_burst, ended_at) on oauth_client to rightshare_app;
grant select, insert, delete on oauth_agency_key to rightshare_app;
grant select, insert, delete on oauth_key to rightshare_app;
grant update (signs_from, signs_until) on oauth_key to rightshare_app;
grant select, insert, delete on oauth_used, oauth_revoked to rightshare_app;
grant select, insert, update, delete on oauth_rate to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("drop table oauth_rate, oauth_revoked, oauth_used, oauth_key")
    op.execute("drop table oauth_agency_key, oauth_client")
