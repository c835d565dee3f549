"""The words and settings that a decision reads, as parts of somebody else's statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, any_, func, literal_column, select

from consent.models.vocabulary import CategoryRow, PolicySettingRow, PurposeRow
from consent.terms import ParentsDisagree, Policy


def purposes_known(asked: BindParameter[str]) -> ColumnElement[Any]:
    """Return a JSON list that holds the purpose asked, if it is known."""
    empty: ColumnElement[Any] = literal_column("'[]'::json")
    listed = func.coalesce(func.json_agg(PurposeRow.code), empty)
    return select(listed).where(PurposeRow.code == asked).scalar_subquery()


def every_purpose() -> ColumnElement[Any]:
    """Return a JSON list of all purposes."""
    empty: ColumnElement[Any] = literal_column("'[]'::json")
    return select(func.coalesce(func.json_agg(PurposeRow.code), empty)).scalar_subquery()


def every_category() -> ColumnElement[Any]:
    """Return a JSON object of all categories, and which are sensitive."""
    empty: ColumnElement[Any] = literal_column("'{}'::json")
    listed = func.coalesce(func.json_object_agg(CategoryRow.code, CategoryRow.sensitive), empty)
    return select(listed).scalar_subquery()


def categories_known(asked: BindParameter[list[str]]) -> ColumnElement[Any]:
    """Return a JSON object of the known categories among those asked, and which are sensitive."""
    empty: ColumnElement[Any] = literal_column("'{}'::json")
    listed = func.coalesce(func.json_object_agg(CategoryRow.code, CategoryRow.sensitive), empty)
    return select(listed).where(CategoryRow.code == any_(asked)).scalar_subquery()


def policy_in_force(at: BindParameter[datetime]) -> ColumnElement[Any]:
    """Return the settings in force as a JSON list, or null where none was signed off yet."""
    row = PolicySettingRow
    columns = (
        row.version,
        row.own_decision_age,
        row.verbal_grace_days,
        row.parents_disagree,
        row.consent_renewal_months,
    )
    return (
        select(func.json_build_array(*columns))
        .where(row.starts <= at, row.recorded_at <= at)
        .order_by(row.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def policy_from(answer: list[Any] | None) -> Policy:
    """Read what `policy_in_force` answered; the defaults hold until something is signed off."""
    if answer is None:
        return Policy()
    version, own_decision_age, verbal_grace_days, parents_disagree, renewal = answer
    disagree = ParentsDisagree(parents_disagree)
    return Policy(own_decision_age, verbal_grace_days, disagree, version, renewal)
