"""Lines of the log for its reviewers: derived in the order of the tree, counted by the month."""

from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLES = """
create table log_line (
  id uuid not null,
  leaf_index bigint not null,
  at timestamptz not null,
  recipient text not null,
  source text,
  client text not null,
  practitioner bytea,
  entry_kind text not null,
  act text,
  kind text,
  purpose text,
  basis text,
  categories text[] not null,
  disclosed text[] not null,
  records integer not null,
  outcome text not null,
  code text,
  grounds text[] not null,
  flags text[] not null,
  agreements text[] not null,
  override text,
  out_of_hours boolean not null,
  first_contact boolean not null,
  marks text[] not null,
  constraint pk_log_line primary key (id)
) partition by range (id);
create index ix_log_line_recipient_id on log_line (recipient, id);
create index ix_log_line_source_id on log_line (source, id);
create index ix_log_line_client_id on log_line (client, id);
create index ix_log_line_practitioner on log_line (practitioner, id)
  where practitioner is not null;
create index ix_log_line_marks on log_line using gin (marks);
create index ix_obligation_open on obligation (entry_id) where closed_at is null;
create table log_line_other partition of log_line default;
create table log_mark (
  mark text not null constraint pk_log_mark primary key,
  lines bigint not null
);
create table log_tally (
  month date not null,
  recipient text not null,
  source text not null,
  what text not null,
  which text not null,
  n bigint not null,
  constraint pk_log_tally primary key (month, recipient, source, what, which)
);
create table log_index (
  one boolean not null constraint pk_log_index primary key,
  next_leaf bigint not null,
  constraint ck_log_index_one_row check (one)
);
insert into log_index (one, next_leaf) values (true, 0);
"""

# An opening that is erased takes the digest of its practitioner along, whatever erases it. The
# lock is the indexer's, which reads openings: it has written the line, or finds the opening gone.
# Lines hold nothing that the log does not: to forget them loses nothing.
_FUNCTIONS = """
create function log_line_wait() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(5929348760387931214);
  return null;
end $$;
create function log_line_forget() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update log_line set practitioner = null where id = new.id and practitioner is not null;
  return null;
end $$;
create trigger lines_wait before update or delete on log_subject
  for each statement execute function log_line_wait();
create trigger lines_forget after update on log_subject
  for each row when (old.salt is not null and new.salt is null)
  execute function log_line_forget();
create function log_lines_again() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(5929348760387931214);
  truncate log_line, log_mark, log_tally;
  update log_index set next_leaf = 0;
end $$;
"""

_GRANTS = """
revoke all on function log_line_wait, log_line_forget, log_lines_again from public;
grant execute on function log_lines_again to rightshare_eraser;
grant select, insert on log_line, log_mark, log_tally to rightshare_app;
grant update (lines) on log_mark to rightshare_app;
grant update (n) on log_tally to rightshare_app;
grant select on log_index to rightshare_app;
grant update (next_leaf) on log_index to rightshare_app;
grant select on log_line, log_mark, log_tally, log_index to rightshare_ig_lead;

alter table log_line enable row level security;
alter table log_line force row level security;
create policy write_for_own_agency on log_line for insert to rightshare_app
  with check (recipient = current_setting('rightshare.agency', true));
create policy read_own_agency on log_line for select to rightshare_app
  using (current_setting('rightshare.agency', true) in (recipient, source));
create policy read_all on log_line for select to rightshare_ig_lead using (true);
create policy forget_read on log_line for select to rightshare_owner using (true);
create policy forget on log_line for update to rightshare_owner using (true)
  with check (practitioner is null);
alter table log_tally enable row level security;
alter table log_tally force row level security;
create policy own_tallies on log_tally to rightshare_app
  using (recipient = current_setting('rightshare.agency', true))
  with check (recipient = current_setting('rightshare.agency', true));
create policy read_all on log_tally for select to rightshare_ig_lead using (true);
"""

_BACK = """
drop trigger lines_forget on log_subject;
drop trigger lines_wait on log_subject;
drop function log_lines_again, log_line_forget, log_line_wait;
drop index ix_obligation_open;
drop table log_index, log_tally, log_mark, log_line;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_FUNCTIONS)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(_BACK)
