"""The pages that anyone may open."""

PAGES = (
    "/",
    "/about",
    "/shortlist",
    "/offers",
    "/who-to-call",
    "/docs",
    "/docs/operations",
    "/notices",
    "/docs/reference",
    "/problems/",
    "/problems/not_available",
    "/safeguarding-concerns",
    "/accessibility",
    "/agreements",
    "/settings",
    "/privacy",
    "/cookies",
    "/nowhere",
)
