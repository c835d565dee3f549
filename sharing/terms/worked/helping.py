"""Helping a family that has said yes: early help, and the cluster's meeting."""

from typing import Final

from sharing.terms.agreements import Wording
from sharing.terms.codes import LawfulBasis, Requirement
from sharing.terms.templates import Template, TemplateFlow
from sharing.terms.worked.usual import (
    BREACH,
    COOPERATE,
    EXIT,
    HELP,
    INVOLVED,
    POINTER,
    RIGHTS,
    SECURITY,
    kept,
)

EARLY_HELP: Final = Template(
    code="early_help",
    title="Early help: working together with families who agree to it",
    roles={
        "coordinator": "Leads early help: the hub, or whoever coordinates plans",
        "helper": "Helps the family itself: a school, health visiting, a charity",
        "health": "Holds health records",
    },
    review_after_days=365,
    wording=Wording(
        purpose=(
            "To give a family that has said yes to early help one plan instead of several, by "
            "letting the agencies that help it see the same assessment and the same next steps."
        ),
        benefits=(
            "Families tell their story once. Help begins sooner, fits together, and ends before a "
            "worry has become a crisis."
        ),
        rights=RIGHTS,
        security=SECURITY,
        breach=BREACH,
        exit=EXIT,
        summary=(
            "If you agree to early help, the people helping you may tell each other what is in "
            "your plan, so that you need not repeat yourself. They ask you first. You may stop it "
            "on any day without saying why. Details of your health need a yes of their own."
        ),
    ),
    retention=kept(
        72,
        "the closing of the plan",
        *("contact", "household", "attendance", "assessment", "plan", "health_summary"),
    )
    + kept(12, "the end of the involvement", "involvement"),
    flows=(
        TemplateFlow(
            code="team_around_the_family",
            from_roles=frozenset({"coordinator", "helper", "health"}),
            to_roles=frozenset({"coordinator", "helper", "health"}),
            purposes=HELP,
            categories=frozenset({"contact", "household", "attendance", "assessment", "plan"}),
            law=COOPERATE,
            requires=Requirement.FAMILY_AGREEMENT,
            verbal=True,
        ),
        TemplateFlow(
            code="who_works_with",
            from_roles=frozenset({"coordinator", "helper", "health"}),
            to_roles=frozenset({"coordinator", "helper", "health"}),
            purposes=HELP,
            categories=INVOLVED,
            kinds=POINTER,
            law=COOPERATE,
        ),
        TemplateFlow(
            code="health_needs",
            from_roles=frozenset({"health"}),
            to_roles=frozenset({"coordinator"}),
            purposes=HELP,
            categories=frozenset({"health_summary"}),
            basis=LawfulBasis.CONSENT,
            law="UK GDPR, Article 6(1)(a)",
            requires=Requirement.DATA_CONSENT,
            special_condition="UK GDPR, Article 9(2)(a)",
        ),
    ),
)

SUPPORT_AND_GUIDANCE: Final = Template(
    code="support_and_guidance",
    title="Support and guidance: the cluster's meeting about families who want more help",
    roles={
        "cluster": "Runs the meeting and keeps its notes",
        "member": "Sits in the meeting: schools, health, housing, police, charities",
    },
    review_after_days=365,
    wording=Wording(
        purpose=(
            "To let the people of one cluster sit down regularly, look at the families that one "
            "agency alone could not help enough, and agree who offers what and who leads."
        ),
        benefits=(
            "A family gets the next right help within days, from whoever in the cluster can give "
            "it, and does not have to reach the threshold of social work first."
        ),
        rights=RIGHTS,
        security=SECURITY,
        breach=BREACH,
        exit=EXIT,
        summary=(
            "With your yes, the helper who knows you may bring your situation to a meeting of "
            "local services, to find you more help. Only those who may help stay for your turn. "
            "You are told what was offered, and may say no to any of it."
        ),
    ),
    retention=kept(
        24, "the meeting", "contact", "household", "attendance", "assessment", "plan", "involvement"
    ),
    flows=(
        TemplateFlow(
            code="brought_to_the_meeting",
            from_roles=frozenset({"member", "cluster"}),
            to_roles=frozenset({"cluster"}),
            purposes=HELP,
            categories=frozenset({"contact", "household", "attendance", "assessment", "plan"}),
            law=COOPERATE,
            requires=Requirement.FAMILY_AGREEMENT,
            verbal=True,
        ),
        TemplateFlow(
            code="taken_on_after_the_meeting",
            from_roles=frozenset({"cluster"}),
            to_roles=frozenset({"member"}),
            purposes=HELP,
            categories=frozenset({"contact", "plan"}),
            law=COOPERATE,
            requires=Requirement.FAMILY_AGREEMENT,
        ),
        TemplateFlow(
            code="who_works_with",
            from_roles=frozenset({"member"}),
            to_roles=frozenset({"cluster"}),
            purposes=HELP,
            categories=INVOLVED,
            kinds=POINTER,
            law=COOPERATE,
        ),
    ),
)
