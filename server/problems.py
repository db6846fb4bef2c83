"""Every problem the API can answer: its stable code and its HTTP status."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from server.messages import TITLES, translate
from server.schemas.common import ProblemView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.endpoint import Endpoint

MIMETYPE = "application/problem+json"
LANGUAGE_OF_EXAMPLES = "zh-Hans"

STATUS_BY_CODE = {
    # What any request may meet.
    "malformed_request": 400,
    "not_found": 404,
    "method_not_allowed": 405,
    "body_too_large": 413,
    "not_json": 415,
    "invalid_request": 422,
    "cursor_invalid": 422,
    "too_many_requests": 429,
    "internal_error": 500,
    "service_unavailable": 503,
    # Signing in.
    "sign_in_required": 401,
    "access_token_invalid": 401,
    "access_token_expired": 401,
    "session_ended": 401,
    "refresh_token_invalid": 401,
    "refresh_token_reused": 401,
    "account_disabled": 403,
    "phone_taken": 409,
    # WeChat.
    "wechat_user_blocked": 403,
    "wechat_code_invalid": 422,
    "wechat_code_used": 422,
    "wechat_busy": 429,
    "wechat_bad_answer": 502,
    "wechat_misconfigured": 503,
    "wechat_unreachable": 503,
    "wechat_timeout": 504,
    # Voting.
    "idempotency_key_required": 400,
    "idempotency_key_invalid": 400,
    "idempotency_key_reused": 422,
    "campaign_not_found": 404,
    "entry_not_found": 404,
    "campaign_not_open": 409,
    "campaign_closed": 409,
    "daily_limit_reached": 409,
    "entry_limit_reached": 409,
    "total_limit_reached": 409,
    "phone_required": 403,
    "entry_not_in_campaign": 422,
    # Spreadsheets.
    "spreadsheet_too_large": 413,
    "spreadsheet_not_recognized": 422,
    "spreadsheet_columns_missing": 422,
    "spreadsheet_columns_repeated": 422,
    "spreadsheet_too_many_rows": 422,
    "spreadsheet_empty": 422,
}
# What fills the blanks of the texts in examples.
EXAMPLE_DETAILS = {"limit": 1, "titles": "名称、类型"}

ANY_ENDPOINT = (
    "invalid_request",
    "too_many_requests",
    "internal_error",
    "service_unavailable",
)
SIGNED_IN = ("sign_in_required", "access_token_invalid", "access_token_expired", "session_ended")
WITH_BODY = ("malformed_request", "body_too_large", "not_json")
IDEMPOTENT = ("idempotency_key_required", "idempotency_key_invalid", "idempotency_key_reused")


def problem(
    code: str, *, language: str, request_id: str, details: dict[str, object] | None = None
) -> dict[str, object]:
    """The members of a problem document (RFC 9457) in the reader's language."""
    status = STATUS_BY_CODE[code]
    return {
        "type": f"urn:sain:problem:{code}",
        "title": TITLES[language][str(status)],
        "status": status,
        "code": code,
        "detail": translate(code, language, **(details or {})),
        "request_id": request_id,
    }


def describe_problems(endpoint: Endpoint) -> Iterator[dict[str, object]]:
    """The endpoint's possible problems for flask-smorest's alt_response, by status."""
    codes_by_status = defaultdict(list)
    for code in dict.fromkeys(_possible_codes(endpoint)):
        codes_by_status[STATUS_BY_CODE[code]].append(code)
    for status, codes in sorted(codes_by_status.items()):
        yield {
            "status_code": status,
            "schema": ProblemView,
            "content_type": MIMETYPE,
            "description": TITLES[LANGUAGE_OF_EXAMPLES][str(status)],
            "examples": {code: {"value": _example(code)} for code in codes},
        }


def _possible_codes(endpoint: Endpoint) -> tuple[str, ...]:
    codes = endpoint.refusals + ANY_ENDPOINT
    if endpoint.access != "anyone":
        codes += SIGNED_IN
    if endpoint.body is not None:
        codes += WITH_BODY
    if endpoint.is_idempotent:
        codes += IDEMPOTENT
    return codes


def _example(code: str) -> dict[str, object]:
    return problem(
        code,
        language=LANGUAGE_OF_EXAMPLES,
        request_id="5f0c7d1b9a3e4c68",
        details=EXAMPLE_DETAILS,
    )
