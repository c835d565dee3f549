"""Doors to purposes, categories and the settings that the council signs off."""

from typing import Any

from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, Window, page_of, window_of
from app.kernel.wire import Blueprint
from consent.actions import holding
from consent.actions import vocabulary as changing
from consent.actions.vocabulary import NewValues, Signature
from consent.api.arriving import writer
from consent.queries import vocabulary
from consent.queries.vocabulary import Category, Purpose, Settings
from consent.schemas.vocabulary import (
    CategoryPageSchema,
    CategorySchema,
    PurposePageSchema,
    PurposeSchema,
    SettingsSchema,
    SigningSchema,
)

blueprint = Blueprint(
    "vocabulary", __name__, url_prefix="/v1", description="Purposes, categories and settings"
)


def _after(window: Window) -> str | None:
    return str(window.after[0]) if window.after else None


@blueprint.route("/purposes")
class Purposes(MethodView):
    """What information may be asked for."""

    @requires("settings.read")
    @blueprint.doc(operationId="listPurposes")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, PurposePageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Purpose], dict[str, str]]:
        """List purposes by code."""
        window = window_of(asked)
        with reading() as session:
            rows = vocabulary.purposes(session, _after(window), window.limit)
        return page_of(rows, window, lambda one: (one.code,))

    @requires("settings.write")
    @blueprint.doc(operationId="addPurpose")
    @blueprint.arguments(PurposeSchema)
    @blueprint.response(201, PurposeSchema)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any]) -> tuple[Purpose, dict[str, str]]:
        """Add a purpose."""
        with transaction() as session:
            made = changing.add_purpose(session, Purpose(**body), writer(), now())
        return made, {"Location": "/v1/purposes"}


@blueprint.route("/categories")
class Categories(MethodView):
    """Which kinds of information there are."""

    @requires("settings.read")
    @blueprint.doc(operationId="listCategories")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, CategoryPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Category], dict[str, str]]:
        """List categories by code."""
        window = window_of(asked)
        with reading() as session:
            rows = vocabulary.categories(session, _after(window), window.limit)
        return page_of(rows, window, lambda one: (one.code,))

    @requires("settings.write")
    @blueprint.doc(operationId="addCategory")
    @blueprint.arguments(CategorySchema)
    @blueprint.response(201, CategorySchema)
    @blueprint.alt_response(409, success=False)
    def post(self, body: dict[str, Any]) -> tuple[Category, dict[str, str]]:
        """Add a category."""
        with transaction() as session:
            made = changing.add_category(session, Category(**body), writer(), now())
        return made, {"Location": "/v1/categories"}


@blueprint.route("/settings")
class PolicySettings(MethodView):
    """The settings that the council signed off."""

    @requires("settings.read")
    @blueprint.doc(operationId="readSettings")
    @blueprint.response(200, SettingsSchema)
    def get(self) -> Settings:
        """Read the settings in force and every version that was signed."""
        with reading() as session:
            return vocabulary.settings(session, now())

    @requires("settings.write")
    @blueprint.doc(operationId="signSettings")
    @blueprint.arguments(SigningSchema)
    @blueprint.response(200, SettingsSchema)
    def put(self, body: dict[str, Any]) -> Settings:
        """Let signed-off settings hold from an instant; the past is not rewritten."""
        values = NewValues(**body.pop("values"))
        with transaction() as session:
            at = holding.hold_settings(session, now)
            signature = Signature(**({"starts": at} | body))
            changing.sign_settings(session, values, signature, writer(), at)
            return vocabulary.settings(session, at)
