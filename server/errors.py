"""Every error becomes one RFC 9457 problem, whoever raised it."""

import logging

from flask import Flask, Response, json, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from server.messages import choose_language, translate_field_error
from server.problems import MIMETYPE, STATUS_BY_CODE, problem
from server.requests import InvalidFields
from server.telemetry import current_request_id
from services.errors import ServiceError

log = logging.getLogger(__name__)

CODE_BY_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "not_json",
}
RETRY_AFTER_SECONDS = 2
STAFF_PATH = "/api/v1/staff/"


def init_app(app: Flask) -> None:
    app.register_error_handler(ServiceError, _from_service)
    app.register_error_handler(HTTPException, _from_framework)
    app.register_error_handler(DBAPIError, _from_database)
    app.register_error_handler(PoolTimeout, _from_database)
    app.register_error_handler(Exception, _from_bug)


def _from_service(error: ServiceError) -> Response:
    response = _respond(error.code, error.details, errors=_field_errors(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if response.status_code == 401 and not request.path.startswith(STAFF_PATH):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _from_framework(error: HTTPException) -> Response:
    """The framework's own refusals, which flask would render as HTML."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status >= 500:
        return _respond("internal_error")
    response = _respond(CODE_BY_STATUS.get(status, "malformed_request"))
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _from_database(error: Exception) -> Response:
    """A database that is away is worth another try; any other trouble with it is our bug."""
    is_away = isinstance(error, PoolTimeout) or _is_away(error)
    if not is_away:
        return _from_bug(error)
    log.error("The database does not answer: %s", type(error).__name__)
    response = _respond("service_unavailable")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _is_away(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _from_bug(error: Exception) -> Response:
    log.error("Unhandled error", exc_info=error)
    return _respond("internal_error")


def _field_errors(error: ServiceError) -> dict[str, list[str]] | None:
    if not isinstance(error, InvalidFields):
        return None
    language = choose_language(request.accept_languages)
    return {
        # marshmallow names errors of the whole object "_schema"; for a reader it is the body.
        "body" if field == "_schema" else field: [
            translate_field_error(message, language) for message in messages
        ]
        for field, messages in error.errors.items()
    }


def _respond(
    code: str,
    details: dict[str, object] | None = None,
    *,
    errors: dict[str, list[str]] | None = None,
) -> Response:
    language = choose_language(request.accept_languages)
    body = problem(code, language=language, request_id=current_request_id(), details=details)
    if errors:
        body["errors"] = errors
    # The name of an unknown field may hold half a surrogate, which no encoding knows.
    text = json.dumps(body).encode(errors="backslashreplace")
    response = Response(text, status=STATUS_BY_CODE[code], content_type=MIMETYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    return response
