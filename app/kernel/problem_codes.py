"""The problems that any route can answer with, in the words that its help page shows.

A storey adds its own as a tuple of `ProblemKind`; `app.kernel.problem.register_problems` puts them
together, and `/problems/<code>` is made from the result. A code, once published, keeps its meaning.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem: `help` says what it means and how to put it right."""

    code: str
    status: int
    title: str
    help: str


COMMON = (
    ProblemKind(
        "bad_request",
        400,
        "The request could not be read",
        "The request does not follow HTTP, or says something that this address cannot read. "
        "Check it against the API reference.",
    ),
    ProblemKind(
        "json_invalid",
        400,
        "The body is not JSON that can be relied on",
        "The body must be one JSON value in UTF-8, with no name twice in an object, no NaN or "
        "Infinity, no number too large to be exact, no NUL and no half of a surrogate pair, and "
        "at most 32 levels deep. Some of these are read differently by different programs, so "
        "nothing of such a body is used. Make the body with a JSON library.",
    ),
    ProblemKind(
        "not_authenticated",
        401,
        "The request does not show who is calling",
        "This address needs an access token. The WWW-Authenticate header says which kind, and what "
        "was wrong with the one that was sent. Get a token from the token endpoint.",
    ),
    ProblemKind(
        "not_permitted",
        403,
        "The caller may not do this",
        "The caller is known, but may not do this. Ask the partnership's information governance "
        "lead whether it should.",
    ),
    ProblemKind(
        "insufficient_scope",
        403,
        "The access token does not hold the scope that this needs",
        "Ask the token endpoint for the scope named in the WWW-Authenticate header. If it does not "
        "give it, the client is not registered for it: ask the partnership.",
    ),
    ProblemKind(
        "not_found",
        404,
        "There is nothing at this address",
        "Check the address against the API reference. An id that was never given out, and one "
        "that this caller may not see, are answered alike.",
    ),
    ProblemKind(
        "method_not_allowed",
        405,
        "This address does not take this method",
        "The Allow header names the methods that it takes.",
    ),
    ProblemKind(
        "not_acceptable",
        406,
        "The answer does not come in a media type that was asked for",
        "Accept application/json, or leave the Accept header out.",
    ),
    ProblemKind(
        "conflict",
        409,
        "The request clashes with what is on file",
        "Read what is on file again, and decide whether the request is still wanted.",
    ),
    ProblemKind(
        "gone",
        410,
        "What was at this address is no longer kept",
        "Do not ask again.",
    ),
    ProblemKind(
        "precondition_failed",
        412,
        "Someone else changed this first",
        "Read it again, make the change to what you then have, and send the new ETag in If-Match.",
    ),
    ProblemKind(
        "body_too_large",
        413,
        "The body is too large",
        "A body may hold 64 KiB, unless the API reference says otherwise. Send less, or in parts.",
    ),
    ProblemKind(
        "media_type_not_supported",
        415,
        "The body is not in a media type that this address takes",
        "Send JSON, with Content-Type: application/json and no Content-Encoding.",
    ),
    ProblemKind(
        "request_invalid",
        422,
        "The request is not valid",
        "Something in it is missing, unknown or out of range. Each of the errors names the place, "
        "as a JSON pointer into the body or the name of a parameter, and says what to do.",
    ),
    ProblemKind(
        "cursor_invalid",
        422,
        "The cursor does not belong to this list",
        "A cursor continues the list that gave it, with the same filters. Start again without one.",
    ),
    ProblemKind(
        "precondition_required",
        428,
        "The request must say which version it changes",
        "Send the ETag of the version that you read in an If-Match header.",
    ),
    ProblemKind(
        "too_many_requests",
        429,
        "Too many requests",
        "Wait for as many seconds as the Retry-After header says, then go on more slowly.",
    ),
    ProblemKind(
        "fault",
        500,
        "The service made a mistake",
        "Nothing was disclosed. Tell the partnership the instance of this answer: it finds "
        "the entry in the service's own logs.",
    ),
    ProblemKind(
        "unavailable",
        503,
        "The service cannot answer now",
        "Nothing was disclosed. Send the same request again after as many seconds as the "
        "Retry-After header says, with the same Idempotency-Key if it had one.",
    ),
)

CODE_OF_STATUS = {kind.status: kind.code for kind in reversed(COMMON)}
"""The code of an error that only has a status: the first of `COMMON` with it."""
