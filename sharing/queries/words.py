"""Whether the partnership has the words that an act of ours needs."""

from sqlalchemy.orm import Session

from consent.queries.vocabulary import unknown_categories, unknown_purposes


def lacking_word(session: Session, purpose: str, category: str) -> str | None:
    """Return which word the partnership lacks for an act that needs both; None if it has them."""
    if unknown_purposes(session, frozenset({purpose})):
        return f"The partnership has no purpose {purpose}, which this needs."
    if unknown_categories(session, frozenset({category})):
        return f"The partnership has no category {category}, which this needs."
    return None
