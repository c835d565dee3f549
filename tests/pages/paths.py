"""The pages that anyone may open."""

PAGES = (
    "/",
    "/about",
    "/shortlist",
    "/who-to-call",
    "/docs",
    "/docs/operations",
    "/docs/reference",
    "/problems/",
    "/problems/not_available",
    "/safeguarding-concerns",
    "/accessibility",
    "/privacy",
    "/cookies",
    "/nowhere",
)
