"""The citizens' and public JSON routes, one file per domain, described as OpenAPI 3.1."""

from collections.abc import Iterator

from flask import Flask
from flask_smorest import Api

from server import staff
from server.api import (
    accounts,
    knowledge,
    knowledge_readers,
    knowledge_search,
    ledger,
    notifications,
    official_account,
    organizations,
    privacy,
    screening,
    settings,
    voting,
)
from server.endpoint import Endpoint
from server.problems import MIMETYPE
from server.requests import RowIdConverter
from server.schemas.common import LARGEST_ID
from server.staff_cookie import PLAIN_NAME

PREFIX = "/api/v1"
BLUEPRINTS = (
    accounts.routes,
    knowledge.routes,
    knowledge_search.routes,
    knowledge_readers.routes,
    ledger.routes,
    notifications.routes,
    official_account.routes,
    organizations.routes,
    privacy.routes,
    screening.routes,
    settings.routes,
    voting.routes,
)
DESCRIPTION = f"""\
Citizens vote in the contests of TCM and Mongolian medicine.

Moments are RFC 3339 in UTC; a *day* is a calendar day in Asia/Shanghai. Errors are RFC 9457
problems (`{MIMETYPE}`): programs go by `code`, people read `detail`.
"""


class DocumentedApi(Api):
    """flask-smorest without its catch-all response: every endpoint lists its own problems."""

    DEFAULT_ERROR_RESPONSE_NAME = None


def init_app(app: Flask) -> None:
    app.config.update(
        API_TITLE="Sain 赛音",
        API_VERSION="1.0.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
            "components": {
                "securitySchemes": {
                    "accessToken": {"type": "http", "scheme": "bearer"},
                    "staffSession": {"type": "apiKey", "in": "cookie", "name": PLAIN_NAME},
                }
            },
        },
    )
    documented = DocumentedApi()
    documented.register_converter(RowIdConverter, _describe_row_id)
    documented.init_app(app)
    for blueprint in BLUEPRINTS:
        documented.register_blueprint(blueprint, url_prefix=PREFIX)
    for blueprint in staff.BLUEPRINTS:
        documented.register_blueprint(blueprint, url_prefix=PREFIX + staff.PREFIX)


def all_endpoints() -> Iterator[tuple[str, Endpoint]]:
    """Every declared route's full rule, with what it declares."""
    for prefix, blueprints in ((PREFIX, BLUEPRINTS), (PREFIX + staff.PREFIX, staff.BLUEPRINTS)):
        for blueprint in blueprints:
            for endpoint in blueprint.endpoints:
                yield prefix + endpoint.rule, endpoint


def _describe_row_id(_converter: RowIdConverter) -> dict[str, object]:
    return {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
