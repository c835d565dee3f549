"""Noticing a child: enquiries into harm, and families that several services worry about."""

from typing import Final

from sharing.terms.agreements import Wording
from sharing.terms.codes import Kind, LawfulBasis, Requirement
from sharing.terms.templates import Template, TemplateFlow
from sharing.terms.worked.usual import (
    BREACH,
    COOPERATE,
    ENQUIRE,
    ENQUIRY,
    EXIT,
    HELP,
    INVOLVED,
    POINTER,
    RIGHTS,
    SAFEGUARD,
    SECURITY,
    SUBSTANTIAL_INTEREST,
    kept,
)

SAFEGUARDING: Final = Template(
    code="safeguarding",
    title="Safeguarding: enquiries into harm, and the way back to early help",
    roles={
        "front_door": "Receives concerns and makes enquiries: social care, the safeguarding hub",
        "police": "Holds incidents and enquires into crime",
        "holder": "Works with children and may hold what an enquiry needs",
        "coordinator": "Takes families on when they step down to early help",
    },
    review_after_days=365,
    wording=Wording(
        purpose=(
            "To find out without delay whether a child is suffering or likely to suffer harm, to "
            "protect the child, and to hand the family back to early help once it is safe."
        ),
        benefits=(
            "Pieces that mean little alone are put together in time. Children are safer, and "
            "families are not kept in an enquiry for longer than it takes."
        ),
        rights=RIGHTS,
        security=SECURITY,
        breach=BREACH,
        exit=EXIT,
        summary=(
            "If somebody worries that a child is being harmed, the law lets some agencies tell "
            "each other what they know without asking first. They share only what the enquiry "
            "needs, write down why, and tell you about it unless that would put somebody in danger."
        ),
    ),
    retention=kept(
        300,
        "the child's date of birth",
        *("assessment", "plan", "safeguarding_concern", "police_incidents"),
    )
    + kept(72, "the closing of the enquiry", "contact", "household", "involvement"),
    flows=(
        TemplateFlow(
            code="enquiry",
            from_roles=frozenset({"front_door", "police", "holder", "coordinator"}),
            to_roles=frozenset({"front_door"}),
            purposes=ENQUIRY,
            categories=frozenset(
                {
                    *("contact", "household", "involvement", "assessment", "plan"),
                    *("safeguarding_concern", "police_incidents"),
                }
            ),
            kinds=frozenset(kind.value for kind in Kind),
            basis=LawfulBasis.LEGAL_OBLIGATION,
            law=ENQUIRE,
            special_condition=SUBSTANTIAL_INTEREST,
            pierces_shield=True,
        ),
        TemplateFlow(
            code="enquiry_with_police",
            from_roles=frozenset({"front_door"}),
            to_roles=frozenset({"police"}),
            purposes=ENQUIRY,
            categories=frozenset({"contact", "household", "safeguarding_concern"}),
            law=SAFEGUARD,
            special_condition=SUBSTANTIAL_INTEREST,
        ),
        TemplateFlow(
            code="step_down",
            from_roles=frozenset({"front_door"}),
            to_roles=frozenset({"coordinator"}),
            purposes=frozenset({"step_down_handover"}),
            categories=frozenset({"contact", "plan", "safeguarding_concern"}),
            law=SAFEGUARD,
            special_condition=SUBSTANTIAL_INTEREST,
            requires=Requirement.FAMILY_AGREEMENT,
            verbal=True,
        ),
    ),
)

TOP_100: Final = Template(
    code="top_100",
    title="Top 100: finding the families of a cluster that several services worry about",
    roles={
        "cluster": "Puts the indications together and makes the offer of help",
        "school": "Sees attendance and how children do at school",
        "member": "Works with families of the cluster and sees when several services do",
    },
    review_after_days=183,
    wording=Wording(
        purpose=(
            "To notice early which families of a cluster are most likely to need help from several "
            "services, to offer them that help, and to coordinate it once they have accepted."
        ),
        benefits=(
            "Help is offered before it has to be asked for. Agencies spend it where it changes "
            "most, and a family meets one coordinator instead of a queue of services."
        ),
        rights=RIGHTS
        + " Nobody is put on the list or left off it by a computer alone (UK GDPR, Article 22).",
        security=SECURITY + " The list is never copied out of the service or shown in a meeting.",
        breach=BREACH,
        exit=EXIT + " The list itself is destroyed when the cluster stops this work.",
        summary=(
            "Local services look for families who may need help from several of them, by noticing "
            "that more than one works with a family, or that a child misses much school. Then "
            "somebody offers help. Nothing more is shared unless you say yes, and a no has no "
            "consequences for you."
        ),
    ),
    retention=kept(6, "the offer of help", "involvement", "attendance")
    + kept(72, "the closing of the plan", "contact", "household", "assessment", "plan"),
    flows=(
        TemplateFlow(
            code="several_services",
            from_roles=frozenset({"school", "member"}),
            to_roles=frozenset({"cluster"}),
            purposes=HELP,
            categories=INVOLVED,
            kinds=POINTER,
            law=COOPERATE,
        ),
        TemplateFlow(
            code="missed_school",
            from_roles=frozenset({"school"}),
            to_roles=frozenset({"cluster"}),
            purposes=HELP,
            categories=frozenset({"attendance"}),
            law=COOPERATE,
            requires=Requirement.FAMILY_AGREEMENT,
            verbal=True,
        ),
        TemplateFlow(
            code="help_that_was_accepted",
            from_roles=frozenset({"cluster", "school", "member"}),
            to_roles=frozenset({"cluster", "school", "member"}),
            purposes=HELP,
            categories=frozenset({"contact", "household", "assessment", "plan"}),
            law=COOPERATE,
            requires=Requirement.FAMILY_AGREEMENT,
        ),
    ),
)
