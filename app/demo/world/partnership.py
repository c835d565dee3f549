"""The invented partnership: its words, its agencies, and the systems that may call."""

from typing import Final

from app.demo.world.calendar import Calendar
from app.demo.world.charter import PlannedAgency, PlannedClient

HELP: Final = ("early_help_support",)
ENQUIRY: Final = ("safeguarding_enquiry",)

PURPOSES: Final = {
    "early_help_support": "Early help for a family that has agreed to it",
    "step_down_handover": "Handing over from social care to early help",
    "safeguarding_enquiry": "Finding out whether a child is at risk of significant harm",
    "safeguarding_notification": "Telling a school of an incident before the next school day",
    "programme_evaluation": "Evaluation and statistics",
}

CATEGORIES: Final = {
    "involvement": ("That an agency works with this person", False),
    "contact": ("Address and telephone", False),
    "household": ("Who lives together", False),
    "attendance": ("School attendance", False),
    "assessment": ("Early help assessment", False),
    "plan": ("Plan and next steps", False),
    "health_summary": ("Summary of health needs", False),
    "police_incidents": ("Incidents that the police attended", False),
    "safeguarding_concern": ("Concern for a child's safety", False),
    "sensitive_services": ("Help from a service that is itself confidential", True),
}


def agencies(calendar: Calendar) -> tuple[PlannedAgency, ...]:
    """Return the partner agencies; the youth club was suspended forty days ago."""
    starts = calendar.ago(500, 0)
    return (
        PlannedAgency("eh-hub", "Meresby Early Help Hub", "early_help", starts),
        PlannedAgency("csc", "Meresby Children's Social Care", "social_care", starts),
        PlannedAgency("mash", "Meresby Multi-Agency Safeguarding Hub", "mash", starts),
        PlannedAgency("oak-school", "Oak Lane Primary School", "school", starts),
        PlannedAgency("elm-school", "Elm Park Academy", "school", starts),
        PlannedAgency("hv-trust", "Meresby Health Visiting", "health", starts),
        PlannedAgency("camhs", "Harbour Young Minds", "health", starts, sensitive_service=True),
        PlannedAgency("police", "Mereshire Police", "police", starts),
        PlannedAgency("family-vcs", "Kettle Family Support", "voluntary", starts),
        PlannedAgency(
            "youth-club", "Tideway Youth Club", "voluntary", starts, suspended=calendar.ago(40, 9)
        ),
        PlannedAgency("housing", "Meresby Homes", "housing", starts),
        PlannedAgency("ig-office", "Partnership Office", "information_governance", starts),
    )


def clients() -> tuple[PlannedClient, ...]:
    """Return the systems that may call: one for most agencies, and desks for people's work."""
    asks = (
        *("disclosure.request", "record.write", "event.read", "directory.read", "echo.read"),
        *("notice.send", "notice.read", "escalation.write", "escalation.read"),
    )
    both, content = ("content", "pointer"), ("content",)
    early = (*HELP, "step_down_handover", "programme_evaluation")
    return (
        PlannedClient(
            "hub-case", "eh-hub", (*asks, "subject.read"), early, both, may_override=True
        ),
        PlannedClient("oak-mis", "oak-school", asks, (*HELP, "safeguarding_notification"), both),
        PlannedClient("elm-mis", "elm-school", asks, (*HELP, "safeguarding_notification"), both),
        PlannedClient("hv-epr", "hv-trust", asks, HELP, both),
        PlannedClient("camhs-epr", "camhs", asks, HELP, content),
        PlannedClient("csc-case", "csc", asks, ENQUIRY, both, may_override=True),
        PlannedClient("mash-desk", "mash", asks, ENQUIRY, both, may_override=True),
        PlannedClient("police-ppu", "police", asks, ENQUIRY, both),
        PlannedClient("vcs-crm", "family-vcs", asks, HELP, content),
        PlannedClient("club-crm", "youth-club", asks, HELP, content),
        PlannedClient("housing-sys", "housing", asks, HELP, content),
        *_desks(),
    )


def _desks() -> tuple[PlannedClient, ...]:
    return (
        PlannedClient(
            "consent-desk",
            "eh-hub",
            ("consent.read", "consent.write", "subject.read", "subject.write", "echo.read"),
        ),
        PlannedClient(
            "directory-desk", "eh-hub", ("directory.read", "directory.write", "echo.read")
        ),
        PlannedClient(
            "ig-desk",
            "ig-office",
            (
                "log.read",
                "log.review",
                "log.audit",
                "disclosure.preview",
                "agreement.read",
                "settings.read",
                "directory.read",
                "echo.read",
            ),
        ),
        # Who approves what ig-desk wants to take out: nobody exports the log alone.
        PlannedClient("audit-desk", "ig-office", ("log.read", "log.review", "log.audit")),
        PlannedClient(
            "operator",
            "ig-office",
            (
                "agency.write",
                "agreement.read",
                "agreement.write",
                "client.write",
                "directory.read",
                "settings.read",
                "settings.write",
                "echo.read",
            ),
        ),
    )
