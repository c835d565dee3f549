"""Keeping what searches read in step with the records."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session


def index_services(session: Session, services: Collection[UUID]) -> None:
    """Let searches of every viewer find these services as they now stand."""
