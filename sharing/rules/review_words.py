"""What the pages call the words of review."""

from typing import Final

from sharing.terms.reviewing import ReviewAct, ReviewState
from sharing.terms.scoring import Priority, RedFlag, Why

FLAGS: Final = {
    RedFlag.SHARED_DETAILS: "Something shared with the practitioner",
    RedFlag.COLLEAGUE: "A colleague, or a colleague's relative",
    RedFlag.PUBLIC_INTEREST: "A person of public interest",
    RedFlag.NOT_INVOLVED: "No involvement on file",
    RedFlag.MANY_CHILDREN: "Many people within an hour",
    RedFlag.UNUSUAL_HOURS: "Hours unlike the role",
    RedFlag.REPEATED_TRIES: "Tried again and again",
    RedFlag.PROBING: "Feeling for what is on file",
    RedFlag.OVERRIDE: "A consent passed over",
    RedFlag.SHIELD: "A shield touched",
    RedFlag.SOON_AFTER_NO: "Soon after a no",
    RedFlag.DORMANT_OR_NEW: "A sleeping account, or a new system",
    RedFlag.MANY_AGENCIES: "Several agencies and no plan",
    RedFlag.WITHOUT_SAY: "Asked for by an adult without a say",
    RedFlag.UNUSUAL_PURPOSE: "Purposes unlike the role",
}
WHY: Final = {
    Why.SCORE: "its score",
    Why.OVERRIDE: "every override is reviewed",
    Why.SHIELD: "every touched shield is reviewed",
    Why.SAMPLE: "it was drawn at random",
}
PRIORITIES: Final = {
    Priority.URGENT: "Urgent",
    Priority.HIGH: "High",
    Priority.NORMAL: "Normal",
    Priority.LOW: "Low",
}
STATES: Final = {
    ReviewState.NEW: "New",
    ReviewState.IN_REVIEW: "In review",
    ReviewState.EXPLAINED: "Explained",
    ReviewState.INAPPROPRIATE: "Inappropriate",
    ReviewState.BREACH: "Breach",
}
ACTS: Final = {
    ReviewAct.QUEUED: "Queued",
    ReviewAct.OPENED: "Read whole",
    ReviewAct.ASSIGNED: "Given to",
    ReviewAct.NOTED: "Noted",
    ReviewAct.RECONCILED: "Checked against the file",
    ReviewAct.REFERRED: "Referred to the safeguarding lead",
    ReviewAct.BREACH_SAID: "Said to be a breach",
    ReviewAct.CLOSED: "Closed",
}
