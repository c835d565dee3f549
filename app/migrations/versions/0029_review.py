"""Review of the log: what was measured of each entry, what is drawn, and what people judged."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_QUEUE = """
create table review_item (
  id uuid not null constraint pk_review_item primary key,
  number bigint not null generated always as identity,
  entry_id uuid not null,
  at timestamptz not null,
  recipient text not null,
  source text,
  why text[] not null,
  score integer not null,
  flags text[] not null,
  because jsonb not null,
  told jsonb,
  settings integer not null,
  priority text not null,
  queued_at timestamptz not null,
  due timestamptz not null,
  state text not null,
  owner text,
  breach_said_by text,
  breach_said_at timestamptz,
  referred_at timestamptz,
  closed_by text,
  closed_at timestamptz,
  constraint uq_review_item_number unique (number),
  constraint uq_review_item_entry_id unique (entry_id),
  constraint ck_review_item_priority check (priority in ('urgent', 'high', 'normal', 'low')),
  constraint ck_review_item_state
    check (state in ('new', 'in_review', 'explained', 'inappropriate', 'breach')),
  constraint ck_review_item_closed check (
    (state in ('explained', 'inappropriate', 'breach')) = (closed_at is not null)
    and (closed_at is null) = (closed_by is null)),
  constraint ck_review_item_breach_by_two
    check (state <> 'breach' or lower(breach_said_by) <> lower(closed_by))
);
create index ix_review_item_due_id on review_item (due, id) where closed_at is null;
create index ix_review_item_recipient_id on review_item (recipient, id);
create index ix_review_item_source_id on review_item (source, id);
create table review_act (
  id uuid not null constraint pk_review_act primary key,
  n bigint not null generated always as identity,
  item_id uuid not null constraint fk_review_act_item_id_review_item references review_item (id),
  act text not null,
  by text not null,
  agency text not null,
  at timestamptz not null,
  detail text,
  note bytea
);
create index ix_review_act_item_id_n on review_act (item_id, n);
"""

_MEASURES = """
create table review_progress (
  one boolean not null constraint pk_review_progress primary key,
  next_leaf bigint not null,
  constraint ck_review_progress_one_row check (one)
);
insert into review_progress (one, next_leaf) values (true, 0);
create table review_look (
  entry_id uuid not null constraint pk_review_look primary key,
  at timestamptz not null,
  recipient text not null,
  source text,
  measures jsonb not null,
  drawn boolean not null,
  words bytea
);
create index ix_review_look_at_entry_id on review_look (at, entry_id);
create index ix_review_look_words on review_look (words, entry_id) where words is not null;
create table review_tally (
  agency text not null,
  role bytea not null,
  day date not null,
  hour smallint not null,
  purpose text not null,
  n bigint not null,
  constraint pk_review_tally primary key (agency, role, day, hour, purpose)
);
create table review_setting (
  version integer not null constraint pk_review_setting primary key,
  content jsonb not null,
  starts timestamptz not null,
  signed_by text not null,
  authority text not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  recorded_by_agency text not null
    constraint fk_review_setting_recorded_by_agency_agency references agency (code)
);
create table review_draw (
  month timestamptz not null constraint pk_review_draw primary key,
  starts timestamptz not null,
  commitment bytea not null,
  seed bytea not null,
  committed_by uuid not null,
  told_at timestamptz,
  told_by uuid,
  constraint ck_review_draw_told check ((told_at is null) = (told_by is null)),
  constraint ck_review_draw_told_after_its_month
    check (told_at >= month + interval '28 days')
);
"""

# What an agency declares of its people is kept as keyed digests: enough to see that two are the
# same, and no more.
_DECLARED = """
create table review_staff (
  agency text not null constraint fk_review_staff_agency_agency references agency (code),
  practitioner bytea not null,
  surnames bytea[] not null,
  addresses bytea[] not null,
  phones bytea[] not null,
  themselves bytea[] not null,
  relatives bytea[] not null,
  managers bytea[] not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  constraint pk_review_staff primary key (agency, practitioner)
);
create index ix_review_staff_themselves on review_staff using gin (themselves);
create index ix_review_staff_relatives on review_staff using gin (relatives);
create table review_interest (
  subject_id uuid not null constraint pk_review_interest primary key
    constraint fk_review_interest_subject_id_subject references subject (id),
  recorded_at timestamptz not null,
  recorded_by text not null,
  recorded_by_agency text not null
    constraint fk_review_interest_recorded_by_agency_agency references agency (code),
  ended_at timestamptz
);
"""

# Whatever erases a person takes along what here would lead to them.
_FORGET = """
create function review_forget_identifier() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update review_staff set
    themselves = array_remove(themselves, old.digest),
    relatives = array_remove(relatives, old.digest)
    where themselves @> array[old.digest] or relatives @> array[old.digest];
  return null;
end $$;
create function review_forget_subject() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from review_interest where subject_id = new.id;
  return null;
end $$;
create trigger review_forgets after delete on subject_identifier
  for each row execute function review_forget_identifier();
create trigger review_forgets after update on subject
  for each row when (old.wrapped_key is not null and new.wrapped_key is null)
  execute function review_forget_subject();
revoke all on function review_forget_identifier, review_forget_subject from public;
"""

_GRANTS = """
grant select, insert on review_item, review_act, review_look, review_setting, review_draw,
  review_staff, review_interest, review_tally to rightshare_app;
grant update (state, owner, breach_said_by, breach_said_at, referred_at, closed_by, closed_at)
  on review_item to rightshare_app;
grant update (n) on review_tally to rightshare_app;
grant update (told_at, told_by) on review_draw to rightshare_app;
grant update (surnames, addresses, phones, themselves, relatives, managers, recorded_at,
  recorded_by) on review_staff to rightshare_app;
grant update (ended_at, recorded_at, recorded_by, recorded_by_agency)
  on review_interest to rightshare_app;
grant select on review_progress to rightshare_app;
grant update (next_leaf) on review_progress to rightshare_app;
grant select on review_item, review_act, review_look, review_setting, review_draw
  to rightshare_ig_lead;

alter table review_item enable row level security;
alter table review_item force row level security;
create policy own_side on review_item to rightshare_app
  using (current_setting('rightshare.agency', true) in (recipient, source))
  with check (current_setting('rightshare.agency', true) in (recipient, source));
create policy read_all on review_item for select to rightshare_ig_lead using (true);
alter table review_act enable row level security;
alter table review_act force row level security;
create policy with_item on review_act to rightshare_app
  using (exists (select from review_item where review_item.id = item_id));
create policy read_all on review_act for select to rightshare_ig_lead using (true);
alter table review_look enable row level security;
alter table review_look force row level security;
create policy own_side on review_look to rightshare_app
  using (current_setting('rightshare.agency', true) in (recipient, source))
  with check (current_setting('rightshare.agency', true) in (recipient, source));
create policy read_all on review_look for select to rightshare_ig_lead using (true);
alter table review_staff enable row level security;
alter table review_staff force row level security;
create policy own_people on review_staff to rightshare_app
  using (agency = current_setting('rightshare.agency', true))
  with check (agency = current_setting('rightshare.agency', true));
create policy forget on review_staff to rightshare_owner using (true);
"""

_APPEND_ONLY = """
create trigger append_only before update or delete on {table}
  for each row execute function log_is_append_only();
alter table {table} enable always trigger append_only;
create trigger no_truncate before truncate on {table}
  for each statement execute function log_is_append_only();
alter table {table} enable always trigger no_truncate;
"""

_BACK = """
drop trigger review_forgets on subject;
drop trigger review_forgets on subject_identifier;
drop function review_forget_subject, review_forget_identifier;
drop table review_interest, review_staff, review_draw, review_setting, review_tally, review_look,
  review_progress, review_act, review_item;
"""


def upgrade() -> None:
    op.execute(_QUEUE)
    op.execute(_MEASURES)
    op.execute(_DECLARED)
    op.execute(_FORGET)
    op.execute(_GRANTS)
    for table in ("review_act", "review_setting"):
        op.execute(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    op.execute(_BACK)
