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
    "consent_required": 403,
    "policy_superseded": 409,
    "phone_taken": 409,
    "phone_still_counts": 409,
    # The console.
    "csrf_token_invalid": 403,
    "staff_sign_in_refused": 403,
    "staff_totp_required": 401,
    "staff_totp_setup_required": 401,
    "staff_password_change_required": 401,
    "second_factor_required": 403,
    "second_factor_passed": 409,
    "totp_already_set_up": 409,
    "totp_code_wrong": 422,
    "password_wrong": 422,
    "password_unchanged": 422,
    "password_too_short": 422,
    "password_too_simple": 422,
    "password_too_common": 422,
    "invitation_not_found": 404,
    "username_required": 422,
    "username_taken": 409,
    "revision_required": 428,
    "edited_meanwhile": 412,
    # Staff and organizations.
    "staff_not_found": 404,
    "staff_disabled": 409,
    "own_account_fixed": 403,
    "administrator_account": 403,
    "grant_not_found": 404,
    "own_roles_fixed": 403,
    "role_not_grantable": 403,
    "role_does_not_fit_duty": 422,
    "organization_not_found": 404,
    "organization_closed": 409,
    "organization_name_taken": 409,
    "organization_parent_unsuitable": 422,
    "organization_field_fixed": 403,
    "organization_has_campaigns": 409,
    "standard_only_for_institutions": 422,
    "commission_fixed": 409,
    # WeChat.
    "browser_sign_in_off": 404,
    "wechat_user_blocked": 403,
    "wechat_unionid_missing": 403,
    "wechat_snapshot_page": 403,
    "wechat_code_invalid": 422,
    "wechat_code_used": 422,
    "wechat_busy": 429,
    "wechat_bad_answer": 502,
    "wechat_misconfigured": 503,
    "wechat_api_unauthorized": 503,
    "wechat_page_unpublished": 503,
    "wechat_unreachable": 503,
    "wechat_timeout": 504,
    "wechat_visit_required": 403,
    "media_check_unknown": 409,
    "push_refused": 403,
    # Files.
    "file_not_found": 404,
    "image_too_large": 413,
    "image_not_recognized": 415,
    "image_damaged": 422,
    "image_empty": 422,
    "image_too_many_pixels": 422,
    "storage_unavailable": 503,
    # Voting.
    "idempotency_key_required": 400,
    "idempotency_key_invalid": 400,
    "idempotency_key_reused": 422,
    "campaign_not_found": 404,
    "entry_not_found": 404,
    "ballot_not_found": 404,
    "receipt_not_found": 404,
    "scene_not_found": 404,
    "campaign_not_open": 409,
    "campaign_closed": 409,
    "daily_limit_reached": 409,
    "entry_limit_reached": 409,
    "total_limit_reached": 409,
    "phone_required": 403,
    "entry_not_in_campaign": 422,
    # Ballots set aside.
    "ballot_group_not_found": 404,
    "objection_not_found": 404,
    "ballots_decided": 409,
    "nothing_set_aside": 409,
    "objection_made": 409,
    "objection_answered": 409,
    "screening_setting_invalid": 422,
    # Notices and messages.
    "notice_not_found": 404,
    "message_not_found": 404,
    "message_not_dead": 409,
    # Running votes.
    "campaign_organization_unsuitable": 422,
    "contest_unknown": 422,
    "campaign_span_reversed": 422,
    "campaign_limits_reversed": 422,
    "campaign_total_too_small": 422,
    "campaign_freeze_too_long": 422,
    "nominations_close_too_late": 422,
    "campaign_opens_in_past": 422,
    "campaign_closes_in_past": 422,
    "campaign_extension_too_early": 422,
    "campaign_lacks_entries": 409,
    "campaign_rules_fixed": 409,
    "campaign_is_draft": 409,
    "campaign_is_scheduled": 409,
    "campaign_is_open": 409,
    "campaign_is_suspended": 409,
    "campaign_is_closed": 409,
    "result_published": 409,
    "result_not_settled": 409,
    "ballots_awaiting_review": 409,
    "entry_number_taken": 409,
    "entry_organization_unsuitable": 422,
    "entry_fixed": 409,
    "entry_withdrawn": 409,
    "entry_was_nominated": 409,
    # Two persons.
    "second_person_needed": 403,
    "second_person_needed_for_this": 409,
    "reason_needed": 422,
    "proposal_not_found": 404,
    "proposal_open": 409,
    "proposal_decided": 409,
    "nomination_not_found": 404,
    "nominations_closed": 409,
    "nomination_is_draft": 409,
    "nomination_is_submitted": 409,
    "nomination_is_returned": 409,
    "nomination_is_approved": 409,
    # Health knowledge, as it is read.
    # Pictures of pasted articles.
    "remote_picture_not_allowed": 422,
    "remote_picture_unavailable": 422,
    # Videos.
    "video_empty": 422,
    "video_too_large": 413,
    "video_not_recognized": 422,
    "video_fragmented": 422,
    "video_codec_unsupported": 422,
    "video_damaged": 422,
    # Publicity.
    "publicity_not_found": 404,
    "publicity_recorded_already": 409,
    "publicity_confirmed": 409,
    "publicity_returned": 409,
    "publicity_in_future": 422,
    "publicity_proof_missing": 422,
    # Health knowledge.
    "knowledge_item_not_found": 404,
    "knowledge_revision_not_found": 404,
    "knowledge_topic_not_found": 404,
    "knowledge_topic_taken": 409,
    "knowledge_topic_used": 409,
    "knowledge_field_foreign": 422,
    "knowledge_field_unfit": 422,
    "knowledge_topic_unknown": 422,
    "knowledge_link_unknown": 422,
    "knowledge_code_taken": 409,
    "knowledge_comments_for_publishers": 403,
    "knowledge_was_submitted": 409,
    "knowledge_was_contributed": 409,
    "knowledge_own_work": 403,
    "knowledge_incomplete": 409,
    "knowledge_not_published": 409,
    "knowledge_is_sample": 409,
    "knowledge_publish_at_past": 422,
    "knowledge_review_day_unsuitable": 422,
    "knowledge_is_draft": 409,
    "knowledge_is_submitted": 409,
    "knowledge_is_returned": 409,
    "knowledge_is_approved": 409,
    "knowledge_is_scheduled": 409,
    "knowledge_is_published": 409,
    "knowledge_is_withdrawn": 409,
    # Words that mean the same.
    "synonyms_not_found": 404,
    "synonyms_too_few": 422,
    "synonyms_repeated": 422,
    "synonym_taken": 409,
    # What readers of it leave.
    "knowledge_not_public": 404,
    "opinion_reason_unfit": 422,
    "text_risky": 422,
    "comments_closed": 409,
    "comment_not_found": 404,
    "comment_decided": 409,
    "knowledge_report_not_found": 404,
    "knowledge_report_answered": 409,
    "contribution_not_found": 404,
    "contribution_decided": 409,
    # Spreadsheets.
    "spreadsheet_too_large": 413,
    "spreadsheet_not_recognized": 422,
    "spreadsheet_columns_missing": 422,
    "spreadsheet_columns_repeated": 422,
    "spreadsheet_too_many_rows": 422,
    "spreadsheet_empty": 422,
    "export_too_long": 422,
    "archive_not_recognized": 422,
    "archive_too_many_entries": 422,
    "archive_too_large": 422,
}
# What fills the blanks of the texts in examples.
EXAMPLE_DETAILS = {
    "limit": 1,
    "titles": "名称、类型",
    "least": 8,
    "classes": 3,
    "tries": 5,
    "minutes": 30,
    "campaigns": 1,
    "ballots": 12,
    "number": 7,
    "seconds": 30,
    "setting": "threshold",
    "field": "zh.name",
}

# What a route refuses that reads a spreadsheet.
SPREADSHEET_REFUSALS = (
    "spreadsheet_too_large",
    "spreadsheet_not_recognized",
    "spreadsheet_columns_missing",
    "spreadsheet_columns_repeated",
    "spreadsheet_too_many_rows",
    "spreadsheet_empty",
)
# What a route refuses that takes a picture.
IMAGE_REFUSALS = (
    "image_empty",
    "image_too_large",
    "image_too_many_pixels",
    "image_not_recognized",
    "image_damaged",
    "storage_unavailable",
)
# What a route refuses that asks WeChat.
WECHAT_TROUBLE = (
    "wechat_busy",
    "wechat_bad_answer",
    "wechat_misconfigured",
    "wechat_unreachable",
    "wechat_timeout",
)
# What a route refuses that shows a mini-program code.
CODE_REFUSALS = (
    "campaign_not_found",
    "entry_not_found",
    "storage_unavailable",
    "wechat_page_unpublished",
    *WECHAT_TROUBLE,
)
ANY_ENDPOINT = (
    "invalid_request",
    "too_many_requests",
    "internal_error",
    "service_unavailable",
)
SIGNED_IN = ("sign_in_required", "access_token_invalid", "access_token_expired", "session_ended")
STAFF = ("sign_in_required", "session_ended")
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
    if endpoint.is_staff:
        codes += STAFF
    elif endpoint.access != "anyone":
        codes += SIGNED_IN
    by_need = {
        ("staff_totp_required", "staff_totp_setup_required", "staff_password_change_required"): (
            endpoint.access == "staff"
        ),
        ("not_found",): bool(endpoint.requires),
        ("csrf_token_invalid",): endpoint.needs_csrf_token,
        ("revision_required", "edited_meanwhile"): endpoint.needs_revision,
        ("malformed_request", "body_too_large"): endpoint.largest_upload is not None,
        WITH_BODY: endpoint.body is not None,
        IDEMPOTENT: endpoint.is_idempotent,
    }
    for more, is_needed in by_need.items():
        codes += more if is_needed else ()
    return codes


def _example(code: str) -> dict[str, object]:
    return problem(
        code,
        language=LANGUAGE_OF_EXAMPLES,
        request_id="5f0c7d1b9a3e4c68",
        details=EXAMPLE_DETAILS,
    )
