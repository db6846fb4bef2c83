"""Every route of the console by every role: one table of roles, one of routes, no route without
a row. Reach over the tree of organizations is tested with each domain."""

import pytest

from server.api import PREFIX as API
from server.api import all_endpoints
from services.access import ROLES, Permission
from tests.http import code_of
from tests.spreadsheets.files import table

PREFIX = f"{API}/staff"
VIEWING = {"view_dashboard", "view_organizations"}
WRITING = {"view_knowledge", "write_knowledge", "view_publicity"}
INSTITUTION = (
    VIEWING | WRITING | {"nominate", "view_nominations", "upload_files", "record_publicity"}
)
OFFICE = (
    VIEWING
    | WRITING
    | {
        "view_staff",
        "view_campaigns",
        "manage_campaigns",
        "review_ballots",
        "view_nominations",
        "review_nominations",
        "upload_files",
        "publish_knowledge",
        "answer_readers",
        "confirm_publicity",
    }
)
LEADING = {"view_staff", "manage_staff", "grant_roles", "edit_organization"}
COMMISSION = (
    OFFICE
    | LEADING
    | {
        "manage_organizations",
        "publish_results",
        "see_hidden_standings",
        "manage_messages",
        "manage_knowledge",
    }
)
# What each role may do: written down a second time, so that a change is made on purpose.
ROLE_TABLE = {
    "institution_staff": INSTITUTION,
    "institution_manager": INSTITUTION | LEADING,
    "department_reporter": VIEWING,
    "medical_reviewer": VIEWING | {"view_knowledge", "review_knowledge", "upload_files"},
    "district_officer": OFFICE,
    "district_manager": COMMISSION,
    "city_officer": COMMISSION,
    "region_officer": COMMISSION,
    "auditor": VIEWING
    | {
        "view_staff",
        "view_campaigns",
        "see_hidden_standings",
        "view_nominations",
        "view_knowledge",
        "view_publicity",
        "read_audit",
    },
    "security_administrator": VIEWING | {"view_staff", "secure_staff", "grant_roles"},
    "system_administrator": VIEWING
    | {
        "view_staff",
        "manage_staff",
        "edit_organization",
        "manage_organizations",
        "manage_messages",
    },
}
# What each route demands: a permission, or one of several, "staff" for any complete session,
# "any step" for a session that may still lack one, "open" for whoever asks.
ROUTES = {
    ("POST", "/auth/sign-in"): "open",
    ("GET", "/auth/totp-setup"): "any step",
    ("POST", "/auth/totp"): "any step",
    ("POST", "/auth/password"): "any step",
    ("POST", "/auth/sign-out"): "any step",
    ("GET", "/session"): "any step",
    ("GET", "/password-policy"): "open",
    ("POST", "/invitations/look"): "open",
    ("POST", "/invitations/accept"): "open",
    ("GET", "/me/sign-ins"): "staff",
    ("GET", "/me/sessions"): "staff",
    ("DELETE", "/me/sessions/<id:session_id>"): "staff",
    ("GET", "/roles"): "staff",
    ("GET", "/accounts"): "view_staff",
    ("POST", "/accounts"): "manage_staff",
    ("GET", "/accounts/export"): "view_staff",
    ("GET", "/accounts/<id:account_id>"): "view_staff",
    ("PATCH", "/accounts/<id:account_id>"): "manage_staff",
    ("POST", "/accounts/<id:account_id>/invitation"): "manage_staff",
    ("POST", "/accounts/<id:account_id>/disable"): "manage_staff",
    ("POST", "/accounts/<id:account_id>/enable"): "manage_staff",
    ("POST", "/accounts/<id:account_id>/unlock"): "secure_staff",
    ("POST", "/accounts/<id:account_id>/reset-totp"): "secure_staff",
    ("POST", "/accounts/<id:account_id>/grants"): "grant_roles",
    ("DELETE", "/accounts/<id:account_id>/grants/<id:grant_id>"): "grant_roles",
    ("GET", "/organizations"): "view_organizations",
    ("GET", "/organizations/tree"): "view_organizations",
    ("POST", "/organizations"): "manage_organizations",
    ("GET", "/organizations/export"): "view_organizations",
    ("GET", "/organizations/import-template"): "manage_organizations",
    ("POST", "/organizations/import"): "manage_organizations",
    ("GET", "/organizations/<id:organization_id>"): "view_organizations",
    ("PATCH", "/organizations/<id:organization_id>"): "edit_organization",
    ("POST", "/organizations/<id:organization_id>/move"): "manage_organizations",
    ("GET", "/organizations/<id:organization_id>/closing"): "manage_organizations",
    ("POST", "/organizations/<id:organization_id>/close"): "manage_organizations",
    ("GET", "/campaigns"): "view_campaigns",
    ("POST", "/campaigns"): "manage_campaigns",
    ("GET", "/campaigns/<id:campaign_id>"): "view_campaigns",
    ("PATCH", "/campaigns/<id:campaign_id>"): "manage_campaigns",
    ("DELETE", "/campaigns/<id:campaign_id>"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/announce"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/retract"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/open"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/extend"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/suspend"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/resume"): "manage_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/proposals"): "view_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/proposals"): "manage_campaigns",
    ("GET", "/proposals"): "view_campaigns",
    ("GET", "/proposals/<id:proposal_id>"): "view_campaigns",
    ("POST", "/proposals/<id:proposal_id>/approve"): "manage_campaigns",
    ("POST", "/proposals/<id:proposal_id>/decline"): "manage_campaigns",
    ("POST", "/proposals/<id:proposal_id>/withdraw"): "manage_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/events"): "view_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/entries"): "view_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/entries"): "manage_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/entries/export"): "view_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/entries/import-template"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/entries/import"): "manage_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/entries/<id:entry_id>"): "view_campaigns",
    ("PATCH", "/campaigns/<id:campaign_id>/entries/<id:entry_id>"): "manage_campaigns",
    ("DELETE", "/campaigns/<id:campaign_id>/entries/<id:entry_id>"): "manage_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/entries/<id:entry_id>/withdraw"): "manage_campaigns",
    ("GET", "/nomination-calls"): "nominate",
    ("GET", "/nominations"): "view_nominations",
    ("POST", "/nominations"): "nominate",
    ("GET", "/nominations/<id:nomination_id>"): "view_nominations",
    ("PATCH", "/nominations/<id:nomination_id>"): "nominate",
    ("DELETE", "/nominations/<id:nomination_id>"): "nominate",
    ("POST", "/nominations/<id:nomination_id>/submit"): "nominate",
    ("POST", "/nominations/<id:nomination_id>/recall"): "nominate",
    ("POST", "/nominations/<id:nomination_id>/return"): "review_nominations",
    ("POST", "/nominations/<id:nomination_id>/approve"): "review_nominations",
    ("GET", "/knowledge/items/export"): "view_knowledge",
    ("GET", "/knowledge/items/archive"): "view_knowledge",
    ("GET", "/knowledge/import-template"): "manage_knowledge",
    ("POST", "/knowledge/import"): "manage_knowledge",
    ("POST", "/knowledge/import-archive"): "manage_knowledge",
    ("GET", "/publicity"): "view_publicity",
    ("POST", "/publicity"): "record_publicity",
    ("GET", "/publicity/export"): "view_publicity",
    ("GET", "/publicity/figures"): "view_publicity",
    ("GET", "/publicity/figures/export"): "view_publicity",
    ("GET", "/publicity/summary"): "view_publicity",
    ("GET", "/publicity/<id:record_id>"): "view_publicity",
    ("PATCH", "/publicity/<id:record_id>"): "record_publicity",
    ("DELETE", "/publicity/<id:record_id>"): "record_publicity",
    ("POST", "/publicity/<id:record_id>/confirm"): "confirm_publicity",
    ("POST", "/publicity/<id:record_id>/return"): "confirm_publicity",
    ("POST", "/files"): "upload_files",
    ("GET", "/knowledge/kinds"): "view_knowledge",
    ("GET", "/knowledge/items"): "view_knowledge",
    ("POST", "/knowledge/items"): "write_knowledge",
    ("GET", "/knowledge/items/<id:item_id>"): "view_knowledge",
    ("PATCH", "/knowledge/items/<id:item_id>"): "write_knowledge",
    ("DELETE", "/knowledge/items/<id:item_id>"): "write_knowledge",
    ("PUT", "/knowledge/items/<id:item_id>/content"): "write_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/submit"): "write_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/recall"): "write_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/approve"): "review_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/return"): "review_knowledge or publish_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/publish"): "publish_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/unschedule"): "publish_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/withdraw"): "publish_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/confirm-review"): "review_knowledge",
    ("GET", "/knowledge/items/<id:item_id>/revisions"): "view_knowledge",
    ("GET", "/knowledge/items/<id:item_id>/revisions/<id:number>"): "view_knowledge",
    ("POST", "/knowledge/items/<id:item_id>/revisions/<id:number>/restore"): "write_knowledge",
    ("GET", "/knowledge/items/<id:item_id>/comparison"): "view_knowledge",
    ("GET", "/knowledge/items/<id:item_id>/preview"): "view_knowledge",
    ("GET", "/knowledge/topics"): "view_knowledge",
    ("POST", "/knowledge/topics"): "manage_knowledge",
    ("PATCH", "/knowledge/topics/<id:topic_id>"): "manage_knowledge",
    ("DELETE", "/knowledge/topics/<id:topic_id>"): "manage_knowledge",
    ("POST", "/files/videos"): "upload_files",
    ("POST", "/files/remote"): "upload_files",
    ("GET", "/dashboard"): "view_dashboard",
    ("GET", "/campaigns/<id:campaign_id>/code"): "view_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/live"): "view_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/live/export"): "view_campaigns",
    ("GET", "/campaigns/<id:campaign_id>/screening"): "view_campaigns",
    ("PATCH", "/campaigns/<id:campaign_id>/screening"): "review_ballots",
    ("GET", "/campaigns/<id:campaign_id>/ballot-groups"): "view_campaigns",
    ("GET", "/ballot-groups/<id:group_id>"): "view_campaigns",
    ("POST", "/ballot-groups/<id:group_id>/release"): "review_ballots",
    ("POST", "/ballot-groups/<id:group_id>/annul"): "review_ballots",
    ("POST", "/ballot-groups/<id:group_id>/quarantine"): "review_ballots",
    ("POST", "/ballot-groups/<id:group_id>/dismiss"): "review_ballots",
    ("GET", "/campaigns/<id:campaign_id>/set-aside-ballots"): "view_campaigns",
    ("POST", "/campaigns/<id:campaign_id>/set-aside-ballots/release"): "review_ballots",
    ("POST", "/campaigns/<id:campaign_id>/set-aside-ballots/annul"): "review_ballots",
    ("POST", "/campaigns/<id:campaign_id>/farm-search"): "review_ballots",
    ("GET", "/campaigns/<id:campaign_id>/objections"): "view_campaigns",
    ("POST", "/objections/<id:objection_id>/answer"): "review_ballots",
    ("GET", "/knowledge/synonyms"): "manage_knowledge",
    ("POST", "/knowledge/synonyms"): "manage_knowledge",
    ("PATCH", "/knowledge/synonyms/<id:group_id>"): "manage_knowledge",
    ("DELETE", "/knowledge/synonyms/<id:group_id>"): "manage_knowledge",
    ("GET", "/messages"): "manage_messages",
    ("POST", "/messages/<id:message_id>/retry"): "manage_messages",
    ("GET", "/knowledge/reports"): "view_knowledge",
    ("POST", "/knowledge/reports/<id:report_id>/answer"): "answer_readers",
    ("GET", "/knowledge/comments"): "answer_readers",
    ("POST", "/knowledge/comments/<id:comment_id>/show"): "answer_readers",
    ("POST", "/knowledge/comments/<id:comment_id>/reject"): "answer_readers",
    ("GET", "/knowledge/contributions"): "answer_readers",
    ("GET", "/knowledge/contributions/<id:contribution_id>"): "answer_readers",
    ("POST", "/knowledge/contributions/<id:contribution_id>/accept"): "answer_readers",
    ("POST", "/knowledge/contributions/<id:contribution_id>/decline"): "answer_readers",
    ("GET", "/audit"): "read_audit",
    ("GET", "/audit/export"): "read_audit",
    ("GET", "/audit/actions"): "read_audit",
}
REASON = {"reason": "理由"}
BALLOTS = {"ballot_ids": [999_999], **REASON}
CAMPAIGN = {
    "organization_id": 999_999,
    "contest_code": "outreach",
    "quarter": "2026Q4",
    "title": "某活动",
    "opens_at": "2026-12-01T00:00:00+08:00",
    "closes_at": "2026-12-31T00:00:00+08:00",
}
QUERIES = {
    ("GET", "/knowledge/items/<id:item_id>/comparison"): {"one": 1, "other": 2},
    ("POST", "/organizations/import"): {"dry_run": "false"},
    ("GET", "/knowledge/items/export"): {"kind": "herb"},
    ("GET", "/knowledge/import-template"): {"kind": "herb"},
    ("POST", "/knowledge/import"): {
        "kind": "herb",
        "organization_id": "999999",
        "dry_run": "false",
    },
    ("POST", "/knowledge/import-archive"): {"organization_id": "999999", "dry_run": "false"},
    ("GET", "/publicity/summary"): {"quarter": "2026Q4", "organization_id": "999999"},
    ("POST", "/campaigns/<id:campaign_id>/entries/import"): {"dry_run": "false"},
}
# A body that each route that takes one understands.
BODIES = {
    ("POST", "/accounts"): {"name": "某人", "organization_id": 999_999},
    ("PATCH", "/accounts/<id:account_id>"): {"name": "某人"},
    ("POST", "/accounts/<id:account_id>/disable"): REASON,
    ("POST", "/accounts/<id:account_id>/grants"): {
        "role": "institution_staff",
        "organization_id": 999_999,
    },
    ("POST", "/organizations"): {"parent_id": 999_999, "kind": "school", "name": "某校"},
    ("PATCH", "/organizations/<id:organization_id>"): {"address": "某街"},
    ("POST", "/organizations/<id:organization_id>/move"): {"parent_id": 999_999},
    ("POST", "/organizations/<id:organization_id>/close"): REASON,
    ("POST", "/campaigns"): CAMPAIGN,
    ("PATCH", "/campaigns/<id:campaign_id>"): {"title": "某活动"},
    ("POST", "/campaigns/<id:campaign_id>/extend"): {
        "closes_at": "2027-01-01T00:00:00+08:00",
        **REASON,
    },
    ("POST", "/campaigns/<id:campaign_id>/proposals"): {
        "kind": "publish_result",
        "notice": "公告",
        **REASON,
    },
    ("POST", "/proposals/<id:proposal_id>/decline"): REASON,
    ("POST", "/campaigns/<id:campaign_id>/entries"): {"name": "某人"},
    ("PATCH", "/campaigns/<id:campaign_id>/entries/<id:entry_id>"): {"name": "某人"},
    ("POST", "/campaigns/<id:campaign_id>/entries/<id:entry_id>/withdraw"): REASON,
    ("POST", "/nominations"): {"campaign_id": 999_999, "organization_id": 999_999, "name": "某人"},
    ("PATCH", "/nominations/<id:nomination_id>"): {"name": "某人"},
    ("POST", "/nominations/<id:nomination_id>/return"): REASON,
    ("POST", "/publicity"): {
        "organization_id": 999_999,
        "title": "某报道",
        "medium": "press",
        "outlet": "某报",
        "level": "city",
        "appeared_on": "2026-11-01",
    },
    ("PATCH", "/publicity/<id:record_id>"): {"title": "某报道"},
    ("POST", "/publicity/<id:record_id>/return"): REASON,
    ("POST", "/files"): b"no picture",
    ("POST", "/knowledge/items"): {"kind": "herb", "organization_id": 999_999},
    ("PATCH", "/knowledge/items/<id:item_id>"): {"code": "herb-huangqi"},
    ("PUT", "/knowledge/items/<id:item_id>/content"): {
        "content": {"zh": None, "mn": None, "facts": {}, "links": []}
    },
    ("POST", "/knowledge/items/<id:item_id>/approve"): {},
    ("POST", "/knowledge/items/<id:item_id>/return"): REASON,
    ("POST", "/knowledge/items/<id:item_id>/publish"): {},
    ("POST", "/knowledge/items/<id:item_id>/withdraw"): REASON,
    ("POST", "/knowledge/items/<id:item_id>/confirm-review"): {},
    ("POST", "/knowledge/topics"): {"name": "四季养生"},
    ("PATCH", "/knowledge/topics/<id:topic_id>"): {"name": "四季养生"},
    ("POST", "/files/videos"): b"no video",
    ("POST", "/files/remote"): {"url": "https://127.0.0.1/x.jpg"},
    ("POST", "/campaigns/<id:campaign_id>/retract"): REASON,
    ("POST", "/campaigns/<id:campaign_id>/suspend"): REASON,
    ("POST", "/campaigns/<id:campaign_id>/entries/import"): table(["名称"], ["某人"]),
    ("POST", "/knowledge/import"): table(["编号", "名称"], ["a", "黄芪"]),
    ("POST", "/knowledge/import-archive"): b"no zip",
    ("POST", "/organizations/import"): table(["类型", "名称"], ["学校", "某校"]),
    ("PATCH", "/campaigns/<id:campaign_id>/screening"): {"threshold": 120},
    ("POST", "/ballot-groups/<id:group_id>/release"): REASON,
    ("POST", "/ballot-groups/<id:group_id>/annul"): REASON,
    ("POST", "/ballot-groups/<id:group_id>/quarantine"): REASON,
    ("POST", "/ballot-groups/<id:group_id>/dismiss"): REASON,
    ("POST", "/campaigns/<id:campaign_id>/set-aside-ballots/release"): BALLOTS,
    ("POST", "/campaigns/<id:campaign_id>/set-aside-ballots/annul"): BALLOTS,
    ("POST", "/objections/<id:objection_id>/answer"): {"uphold": True, "answer": "已核实"},
    ("POST", "/knowledge/synonyms"): {"words": ["双花", "金银花"]},
    ("PATCH", "/knowledge/synonyms/<id:group_id>"): {"words": ["双花", "金银花"]},
    ("POST", "/knowledge/reports/<id:report_id>/answer"): {"state": "declined", "answer": "无误"},
    ("POST", "/knowledge/comments/<id:comment_id>/reject"): REASON,
    ("POST", "/knowledge/contributions/<id:contribution_id>/accept"): {"organization_id": 999_999},
    ("POST", "/knowledge/contributions/<id:contribution_id>/decline"): {"answer": "谢谢"},
    ("POST", "/auth/totp"): {"code": "000000"},
    ("POST", "/auth/password"): {"current_password": "x", "new_password": "y"},
}


def staff_endpoints():
    return [
        (rule.removeprefix(PREFIX), endpoint)
        for rule, endpoint in all_endpoints()
        if rule.startswith(PREFIX)
    ]


def test_the_table_of_roles_is_the_one_meant():
    assert {role: set(ROLES[role].permissions) for role in ROLES} == ROLE_TABLE
    assert set().union(*ROLE_TABLE.values()) == {each.value for each in Permission}


def test_every_route_has_a_row_and_every_row_a_route():
    assert {(endpoint.method, rule) for rule, endpoint in staff_endpoints()} == set(ROUTES)


def test_the_auditor_writes_nothing():
    writing = {
        route
        for route, demanded in ROUTES.items()
        if route[0] != "GET" and not ROLE_TABLE["auditor"].isdisjoint(demanded.split(" or "))
    }
    assert writing == set()


def place_of(role: str, make):
    """An organization of Dongsheng, or above it, where the role is held."""
    kind = role.partition("_")[0]
    if kind == "institution":
        return make.institution()
    if kind == "department":
        return make.institution("教体局", kind="department")
    return make.commission({"city": "150600", "region": "150000"}.get(kind, "150602"))


def test_nobody_known_is_let_in(browser):
    for (method, rule), demanded in ROUTES.items():
        query = QUERIES.get((method, rule), {})
        answer = browser.send(method, fill(rule), BODIES.get((method, rule)), **query)
        assert (answer.status_code == 401) == (demanded != "open"), (method, rule)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_call(make, role):
    account = make.staff(role, place_of(role, make))
    for (method, rule), demanded in ROUTES.items():
        if demanded == "open":
            continue
        body, query = BODIES.get((method, rule)), QUERIES.get((method, rule), {})
        # A browser of its own, as some of the routes end the session.
        answer = make.console_of(account).send(method, fill(rule), body, revision=1, **query)
        any_of = demanded.split(" or ")
        if demanded in {"staff", "any step"} or not ROLE_TABLE[role].isdisjoint(any_of):
            assert answer.status_code != 401, (method, rule)
            assert answer.status_code < 500, (method, rule)
        else:
            assert (answer.status_code, code_of(answer)) == (404, "not_found"), (method, rule)


def fill(rule: str) -> str:
    """The rule with ids that no object has."""
    while "<id:" in rule:
        before, _, rest = rule.partition("<id:")
        rule = f"{before}999999999{rest.partition('>')[2]}"
    return rule
