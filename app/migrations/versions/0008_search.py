"""The tables that searches read, and the synonyms that editors keep."""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Both are trusted: whoever may create in the database may create them, no superuser is needed.
_EXTENSIONS = """
create extension cube;
create extension pg_trgm;
"""

# Nothing here is a fact of its own: every row is made from a record by `index_services`, which is
# also why no foreign key costs an import its time.
_TABLES = """
create table listing (
  key uuid not null constraint pk_listing primary key,
  service_id uuid not null,
  viewer text not null,
  shadowed_by text[] not null,
  status text not null,
  name text not null,
  minimum_age numeric,
  maximum_age numeric,
  traits text[] not null,
  accessibility text not null,
  has_place boolean not null,
  at_locations uuid[] not null,
  assured_on date,
  last_modified timestamptz,
  named tsvector not null,
  told tsvector not null,
  words tsvector not null,
  constraint uq_listing_service_id_viewer unique (service_id, viewer)
);
create index ix_listing_words_named_traits on listing using gin (words, named, traits);
create index ix_listing_at_locations on listing using gin (at_locations);
create index ix_listing_assured_on_name_service_id
  on listing (assured_on desc nulls last, name, service_id);
create index ix_listing_placeless on listing (assured_on desc nulls last, name, service_id)
  where not has_place;
create table listing_place (
  listing uuid not null,
  number integer not null,
  at_location uuid,
  latitude double precision not null,
  longitude double precision not null,
  position cube not null,
  constraint pk_listing_place primary key (listing, number)
);
create index ix_listing_place_latitude_longitude on listing_place (latitude, longitude);
create index ix_listing_place_position on listing_place using gist (position);
create table listing_opening (
  listing uuid not null,
  number integer not null,
  weekday smallint,
  ordinal smallint,
  month_day smallint,
  opens time,
  closes time,
  starts date,
  ends date,
  monthly boolean not null,
  every integer not null,
  anchor date,
  constraint pk_listing_opening primary key (listing, number)
);
create table listing_said (
  listing uuid not null constraint pk_listing_said primary key,
  words text[] not null,
  labels jsonb not null,
  areas jsonb not null
);
create table listing_word (
  viewer text not null,
  word text not null,
  lexeme text not null,
  services integer not null,
  constraint pk_listing_word primary key (viewer, word)
);
create index ix_listing_word_lexeme on listing_word (lexeme);
create index ix_listing_word_prefix on listing_word (word text_pattern_ops);
create index ix_listing_word_near on listing_word using gist (word gist_trgm_ops);
create table listing_label (
  viewer text not null,
  what text not null,
  key text not null,
  label text not null,
  folded text collate "C" not null,
  services integer not null,
  constraint pk_listing_label primary key (viewer, what, key, label)
);
create index ix_listing_label_what_folded on listing_label (what, folded);
create table synonym (
  phrase text not null constraint pk_synonym primary key,
  group_id uuid not null,
  target tsquery not null,
  substitute tsquery not null,
  author text not null,
  at timestamptz not null
);
create index ix_synonym_group_id on synonym (group_id);
"""

# A person who types one finds the others. Folded as searches are: small letters and spaces.
_SYNONYMS = """
adhd | attention deficit hyperactivity disorder
asd | autism | autistic | asc | autism spectrum | aspergers
send | sen | special educational needs | special needs | additional needs
senco | sendco | special educational needs coordinator
ehcp | ehc plan | education health and care plan
sendiass | send information advice and support service
camhs | child and adolescent mental health | childrens mental health
dv | da | domestic abuse | domestic violence | dva | abusive partner | abusive relationship
csa | child sexual abuse | sexual abuse
cse | child sexual exploitation | sexual exploitation
cce | child criminal exploitation | county lines
fgm | female genital mutilation
esol | english for speakers of other languages | english language classes | learn english
slt | salt | speech and language | speech therapy | speech language therapy
ot | occupational therapy | occupational therapist
eha | early help assessment
taf | team around the family
mash | multi agency safeguarding hub | safeguarding hub
nhs | national health service
hv | health visitor | health visiting
gp | doctor | general practitioner
cab | citizens advice
nct | antenatal | ante natal
postnatal | post natal | perinatal
pnd | postnatal depression
mum | mums | mother | mothers
dad | dads | father | fathers
grandparents | kinship care | kinship carers | kinship
lac | looked after children | children in care
nvq | vocational qualification
neet | not in education employment or training
eet | education employment and training
lgbt | lgbtq | lgbtqia | lesbian gay bisexual trans
bsl | british sign language | sign language
uasc | unaccompanied asylum seeking children
asylum | asylum seeker | refugee
ptsd | post traumatic stress disorder | post traumatic stress
ocd | obsessive compulsive disorder
pda | pathological demand avoidance
cbt | cognitive behavioural therapy
ld | learning disability | learning disabilities
pmld | profound and multiple learning disabilities
short breaks | respite
stay and play | playgroup | toddler group
creche | childcare | nursery
breastfeeding | breast feeding | infant feeding
counselling | talking therapy
drugs | substance misuse | drug misuse | substance use
alcohol | drinking
benefits | universal credit | welfare benefits
foodbank | food bank
homeless | homelessness | rough sleeping
bereavement | grief | loss of a loved one
bullying | bullied
truancy | school attendance | school refusal
behaviour | challenging behaviour
hearing impaired | deaf | deafness
visually impaired | blind | sight loss
wheelchair | step free
yoi | youth offending | youth justice
haf | holiday activities and food
ppp | positive parenting programme | triple p
"""

_SEED = """
insert into synonym (phrase, group_id, target, substitute, author, at)
select phrase, group_id, plainto_tsquery('english', phrase), means, 'rightshare', now()
from (
  select md5('rightshare synonym ' || line)::uuid, regexp_split_to_array(trim(line), ' [|] ')
  from regexp_split_to_table(:lines, '\\n') line where trim(line) <> ''
) one (group_id, phrases)
cross join lateral (
  select string_agg('(' || phraseto_tsquery('english', phrase)::text || ')', ' | ')::tsquery
  from unnest(phrases) phrase
) two (means)
cross join unnest(phrases) phrase
"""

_GRANTS = """
grant select, insert, delete on listing, listing_place, listing_opening, listing_said
  to rightshare_app;
grant select, insert, update, delete on listing_word, listing_label to rightshare_app;
grant select, insert, delete on synonym to rightshare_app;
"""


def upgrade() -> None:
    op.execute(_EXTENSIONS)
    op.execute(_TABLES)
    op.execute(text(_SEED).bindparams(lines=_SYNONYMS))
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(
        "drop table synonym, listing_label, listing_word, listing_said, listing_opening,"
        " listing_place, listing"
    )
    op.execute("drop extension pg_trgm; drop extension cube")
