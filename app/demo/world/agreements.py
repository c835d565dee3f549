"""The agreements of the invented partnership, and the flows that they open."""

from typing import Final

from app.demo.world.calendar import Calendar
from app.demo.world.charter import PlannedAgreement, PlannedFlow
from app.demo.world.partnership import CATEGORIES, ENQUIRY, HELP

HUB_CONTACT: Final = (
    "No agreement covers this. Speak to the early help hub: 01632 960101 on weekdays, "
    "8:30 to 17:30. If a child is in danger now, ring 999."
)

_CHARITIES: Final = {
    "purpose": "To let charities that a family has named itself join in its plan.",
    "benefits": "Families are helped by people whom they chose, and who know the plan.",
    "summary": (
        "If you want a charity to help you, you may name it. It then learns where you live and "
        "what is in your plan, and nothing else. A no costs you nothing."
    ),
}
_TENANCY: Final = {
    "purpose": "To let the housing association act early when a family may lose its home.",
    "benefits": "Arrears and repairs are talked about before there is a notice to leave.",
    "summary": (
        "The early help hub may tell your landlord where you live, so that somebody talks with "
        "you about staying there. Nothing else about you is told."
    ),
}
_HELPERS = ("eh-hub", "oak-school", "elm-school", "hv-trust")
_EVERYONE = ("eh-hub", "oak-school", "elm-school", "hv-trust", "camhs", "police", "mash", "csc")


def agreements(calendar: Calendar) -> tuple[PlannedAgreement, ...]:
    """Return the agreements: two in force, one soon due and overdue for review, one lapsed."""
    return (
        _early_help(calendar),
        _safeguarding(calendar),
        _charities(calendar),
        *_tenancy(calendar),
    )


def _early_help(calendar: Calendar) -> PlannedAgreement:
    founded = calendar.ago(400, 0)
    members = dict.fromkeys((*_EVERYONE, "family-vcs", "youth-club"), founded)
    return PlannedAgreement(
        code="EH-ISA",
        title="Working together with families who agree to early help",
        at=founded,
        members=members | {"elm-school": calendar.ago(60, 0)},
        flows=_early_help_flows(),
        effective_from=founded,
        expires=calendar.ahead(330),
        review_due=calendar.ahead(25),
        human_contact=HUB_CONTACT,
    )


def _early_help_flows() -> tuple[PlannedFlow, ...]:
    shared = ("involvement", "contact", "household", "attendance", "assessment", "plan")
    law = "Children Act 2004, section 10"
    return (
        PlannedFlow(
            "team_around_family",
            ("csc", *_HELPERS),
            _HELPERS,
            HELP,
            shared,
            "public_task",
            law,
            requires="family_agreement",
            verbal=True,
        ),
        PlannedFlow(
            "who_works_with",
            ("csc", *_HELPERS),
            _HELPERS,
            HELP,
            ("involvement",),
            "public_task",
            law,
            kinds=("pointer",),
        ),
        PlannedFlow(
            "who_works_with_in_confidence",
            ("camhs",),
            ("eh-hub", "oak-school"),
            HELP,
            ("involvement",),
            "public_task",
            law,
            requires="data_consent",
            kinds=("pointer",),
        ),
        PlannedFlow(
            "health_needs",
            ("hv-trust",),
            ("eh-hub",),
            HELP,
            ("health_summary",),
            "consent",
            "UK GDPR, Article 6(1)(a)",
            requires="data_consent",
            override=True,
            special_condition="UK GDPR, Article 9(2)(a)",
        ),
        PlannedFlow(
            "help_in_confidence",
            ("camhs", "hv-trust"),
            ("eh-hub",),
            HELP,
            ("sensitive_services",),
            "consent",
            "UK GDPR, Article 6(1)(a)",
            requires="data_consent",
            override=True,
            special_condition="UK GDPR, Article 9(2)(a)",
        ),
    )


def _safeguarding(calendar: Calendar) -> PlannedAgreement:
    founded = calendar.ago(420, 0)
    return PlannedAgreement(
        code="SG-ISA",
        title="Keeping children safe: enquiries, notices and the way back to early help",
        at=founded,
        members=dict.fromkeys(_EVERYONE, founded),
        flows=_safeguarding_flows(),
        template="safeguarding",
        months=300,
        effective_from=founded,
        expires=calendar.ahead(600),
        review_due=calendar.ahead(240),
        human_contact=HUB_CONTACT,
    )


def _safeguarding_flows() -> tuple[PlannedFlow, ...]:
    held = tuple(code for code, (_, sensitive) in CATEGORIES.items() if not sensitive)
    enquiry = "Children Act 1989, section 47"
    duty = "Children Act 2004, section 11"
    return (
        PlannedFlow(
            "enquiry",
            _EVERYONE,
            ("csc", "mash"),
            ENQUIRY,
            held,
            "legal_obligation",
            enquiry,
            kinds=("content", "pointer"),
            pierces_shield=True,
            special_condition="Data Protection Act 2018, schedule 1, paragraph 18",
        ),
        PlannedFlow(
            "enquiry_with_police",
            ("csc", "mash"),
            ("police",),
            ENQUIRY,
            ("contact", "household", "safeguarding_concern"),
            "public_task",
            duty,
        ),
        PlannedFlow(
            "incident_notice",
            ("police",),
            ("oak-school", "elm-school"),
            ("safeguarding_notification",),
            ("police_incidents",),
            "legal_obligation",
            "Victims and Prisoners Act 2024",
        ),
        PlannedFlow(
            "step_down",
            ("csc",),
            ("eh-hub",),
            ("step_down_handover",),
            ("contact", "plan", "safeguarding_concern"),
            "public_task",
            duty,
            requires="family_agreement",
            verbal=True,
        ),
        PlannedFlow(
            "enquiry_in_confidence",
            ("camhs", "hv-trust"),
            ("csc",),
            ENQUIRY,
            ("sensitive_services",),
            "public_task",
            duty,
            requires="data_consent",
            override=True,
            special_condition="Data Protection Act 2018, schedule 1, paragraph 18",
        ),
    )


def _charities(calendar: Calendar) -> PlannedAgreement:
    founded = calendar.ago(330, 0)
    return PlannedAgreement(
        code="VCS-ISA",
        title="Charities that help a family which has named them",
        at=founded,
        members=dict.fromkeys(("eh-hub", "oak-school", "family-vcs", "youth-club"), founded),
        wording=_CHARITIES,
        flows=(
            PlannedFlow(
                "named_charity",
                ("eh-hub", "oak-school"),
                ("family-vcs", "youth-club"),
                HELP,
                ("contact", "plan"),
                "consent",
                "UK GDPR, Article 6(1)(a)",
                requires="data_consent",
            ),
        ),
        effective_from=founded,
        expires=calendar.ahead(35),
        review_due=calendar.ago(12, 0),
        human_contact=HUB_CONTACT,
    )


def _tenancy(calendar: Calendar) -> tuple[PlannedAgreement, PlannedAgreement]:
    """Return what let housing see an address until sixty days ago, and its unsigned successor."""
    members = ("eh-hub", "housing")
    flow = PlannedFlow(
        "tenancy_support",
        ("eh-hub",),
        ("housing",),
        HELP,
        ("contact",),
        "public_task",
        "Housing Act 1996, section 213",
    )
    began, next_begins = calendar.ago(425, 0), calendar.ahead(30)
    ended = PlannedAgreement(
        "TEN-ISA",
        "Keeping a family in its home",
        began,
        dict.fromkeys(members, began),
        (flow,),
        began,
        calendar.ago(60, 0),
        review_due=calendar.ago(90, 0),
        human_contact=HUB_CONTACT,
        wording=_TENANCY,
        months=24,
    )
    draft = PlannedAgreement(
        "TEN-ISA",
        "Keeping a family in its home, renewed",
        calendar.ago(9),
        dict.fromkeys(members, next_begins),
        (flow,),
        next_begins,
        calendar.ahead(395),
        review_due=calendar.ahead(300),
        human_contact=HUB_CONTACT,
        wording=_TENANCY,
        months=24,
        version=2,
        activated=False,
    )
    return ended, draft
