"""Subjects and who decides for them, consents and shields, vocabulary and signed-off settings."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = """
create table purpose (
  code text not null,
  title text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_purpose primary key (code),
  constraint fk_purpose_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table category (
  code text not null,
  title text not null,
  sensitive boolean not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_category primary key (code),
  constraint fk_category_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table policy_setting (
  version integer not null,
  own_decision_age integer not null,
  verbal_grace_days integer not null,
  parents_disagree text not null,
  shield_review_months integer not null,
  starts timestamptz not null,
  signed_by text not null,
  authority text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_policy_setting primary key (version),
  constraint ck_policy_setting_parents_disagree
    check (parents_disagree in ('any_no_blocks', 'one_yes_suffices')),
  constraint ck_policy_setting_sensible
    check (own_decision_age > 0 and verbal_grace_days >= 0 and shield_review_months > 0),
  constraint fk_policy_setting_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table subject (
  id uuid not null,
  adult boolean not null,
  born bytea,
  names bytea,
  key_id text not null,
  wrapped_key bytea,
  starts timestamptz,
  ends timestamptz,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_subject primary key (id),
  constraint ck_subject_in_order check (starts <= ends),
  constraint fk_subject_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table subject_identifier (
  digest bytea not null,
  subject_id uuid not null,
  scheme text not null,
  value bytea not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_subject_identifier primary key (digest),
  constraint fk_subject_identifier_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_subject_identifier_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_subject_identifier_subject_id on subject_identifier (subject_id);
create table relationship (
  id uuid not null,
  subject_id uuid not null,
  person_id uuid not null,
  kind text not null,
  parental_responsibility boolean not null,
  starts timestamptz,
  ends timestamptz,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_relationship primary key (id),
  constraint ck_relationship_in_order check (starts <= ends),
  constraint fk_relationship_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_relationship_person_id_subject foreign key (person_id) references subject (id),
  constraint fk_relationship_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_relationship_subject_id on relationship (subject_id);
create table no_say (
  id uuid not null,
  relationship_id uuid not null,
  starts timestamptz not null,
  ends timestamptz,
  evidence bytea not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_no_say primary key (id),
  constraint ck_no_say_in_order check (starts <= ends),
  constraint fk_no_say_relationship_id_relationship foreign key (relationship_id)
    references relationship (id),
  constraint fk_no_say_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_no_say_relationship_id on no_say (relationship_id);
create table household_member (
  id uuid not null,
  subject_id uuid not null,
  member_id uuid not null,
  starts timestamptz,
  ends timestamptz,
  replaced_at timestamptz,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_household_member primary key (id),
  constraint ck_household_member_in_order check (starts <= ends),
  constraint fk_household_member_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_household_member_member_id_subject foreign key (member_id)
    references subject (id),
  constraint fk_household_member_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_household_member_subject_id on household_member (subject_id);
create table competence_assessment (
  id uuid not null,
  subject_id uuid not null,
  purpose text not null,
  competent boolean not null,
  assessed_at timestamptz not null,
  until timestamptz,
  assessor_name bytea,
  assessor_role text not null,
  assessor_agency text,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_competence_assessment primary key (id),
  constraint ck_competence_assessment_in_order check (assessed_at <= until),
  constraint fk_competence_assessment_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_competence_assessment_purpose_purpose foreign key (purpose)
    references purpose (code),
  constraint fk_competence_assessment_assessor_agency_agency foreign key (assessor_agency)
    references agency (code),
  constraint fk_competence_assessment_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_competence_assessment_subject_id on competence_assessment (subject_id);
create table shield (
  id uuid not null,
  mode text not null,
  categories text[] not null,
  unaffected text[] not null,
  starts timestamptz not null,
  ends timestamptz,
  set_by text not null,
  end_recorded_at timestamptz,
  end_recorded_by_client text,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_shield primary key (id),
  constraint ck_shield_in_order check (starts <= ends),
  constraint ck_shield_mode check (mode in ('hidden', 'masked')),
  constraint ck_shield_masked_names_categories
    check ((mode = 'masked') = (cardinality(categories) > 0)),
  constraint fk_shield_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table shield_subject (
  subject_id uuid not null,
  shield_id uuid not null,
  reason bytea not null,
  constraint pk_shield_subject primary key (subject_id, shield_id),
  constraint fk_shield_subject_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_shield_subject_shield_id_shield foreign key (shield_id) references shield (id)
);
create index ix_shield_subject_shield_id on shield_subject (shield_id);
create table conflict_of_interest (
  id uuid not null,
  subject_id uuid not null,
  practitioner text not null,
  starts timestamptz,
  ends timestamptz,
  reason bytea not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_conflict_of_interest primary key (id),
  constraint ck_conflict_of_interest_in_order check (starts <= ends),
  constraint fk_conflict_of_interest_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_conflict_of_interest_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create index ix_conflict_of_interest_subject_id on conflict_of_interest (subject_id);
create table consent (
  id uuid not null,
  kind text not null,
  given_by uuid not null,
  capacity text not null,
  answer text not null,
  method text not null,
  valid_from timestamptz,
  valid_until timestamptz,
  replaces uuid,
  recipients text[] not null,
  purposes text[] not null,
  categories text[] not null,
  sources text[] not null,
  notice_version text not null,
  notice_language text not null,
  recorder_id text not null,
  recorder_role text not null,
  evidence bytea,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_consent primary key (id),
  constraint ck_consent_kind check (kind in ('family_agreement', 'data_consent')),
  constraint ck_consent_answer check (answer in ('given', 'refused')),
  constraint ck_consent_method check (method in ('written', 'verbal')),
  constraint ck_consent_in_order check (valid_from < valid_until),
  constraint ck_consent_a_yes_names_whom
    check (answer = 'refused' or not '*' = any (recipients)),
  constraint ck_consent_says_to_what
    check (cardinality(recipients) > 0 and cardinality(purposes) > 0
      and cardinality(categories) > 0 and cardinality(sources) > 0),
  constraint fk_consent_given_by_subject foreign key (given_by) references subject (id),
  constraint uq_consent_replaces unique (replaces),
  constraint fk_consent_replaces_consent foreign key (replaces) references consent (id),
  constraint fk_consent_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
create table consent_subject (
  subject_id uuid not null,
  consent_id uuid not null,
  constraint pk_consent_subject primary key (subject_id, consent_id),
  constraint fk_consent_subject_subject_id_subject foreign key (subject_id)
    references subject (id),
  constraint fk_consent_subject_consent_id_consent foreign key (consent_id)
    references consent (id)
);
create index ix_consent_subject_consent_id on consent_subject (consent_id);
create table consent_event (
  consent_id uuid not null,
  kind text not null,
  recorded_at timestamptz not null,
  recorded_by_client text not null,
  recorded_by_agency text not null,
  constraint pk_consent_event primary key (consent_id, kind),
  constraint ck_consent_event_kind check (kind in ('confirmed', 'withdrawn')),
  constraint fk_consent_event_consent_id_consent foreign key (consent_id)
    references consent (id),
  constraint fk_consent_event_recorded_by_agency_agency foreign key (recorded_by_agency)
    references agency (code)
);
"""

# What was said or judged is never changed or deleted. A shield can be ended, a household list
# replaced; erasing a subject destroys its key and what finds it, and nothing else.
_GRANTS = """
grant select, insert on
  purpose, category, policy_setting, subject, subject_identifier, relationship, no_say,
  household_member, competence_assessment, shield, shield_subject, conflict_of_interest,
  consent, consent_subject, consent_event
  to rightshare_app;
grant update (ends, end_recorded_at, end_recorded_by_client) on shield to rightshare_app;
grant update (replaced_at) on household_member to rightshare_app;
grant update (wrapped_key) on subject to rightshare_app;
grant delete on subject_identifier to rightshare_app;
grant select on purpose, category, policy_setting to rightshare_ig_lead;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute(
        "drop table consent_event, consent_subject, consent, conflict_of_interest, shield_subject, "
        "shield, competence_assessment, household_member, no_say, relationship, "
        "subject_identifier, subject, policy_setting, category, purpose"
    )
