"""The apps a fresh simulator knows, so that development works without any set-up."""

from typing import Any

from devtools.message_templates import RESULT_KEYS, RESULT_TEMPLATE

DEFAULT_APPID = "wxsimulator0000000"
DEFAULT_SECRET = "simulator-secret"
# An official account of the same open-platform account, for signing in on web pages.
DEFAULT_OFFICIAL_APPID = "wxofficial00000000"
DEFAULT_OFFICIAL_SECRET = "official-secret"
OTHER_APPID = "wxother000000000000"
OTHER_SECRET = "other-secret"

APPOINTMENT_TEMPLATE = "simAppointmentReminder00000000000000000000A"
PROGRESS_TEMPLATE = "simComplaintProgress0000000000000000000000B"
NOTICE_TEMPLATE = "simPublicHealthNotice000000000000000000000C"

DEFAULT_VERDICT_WORDS: list[dict[str, Any]] = [
    {"word": "赌博", "suggest": "risky", "label": 20006},
    {"word": "色情", "suggest": "risky", "label": 20002},
    {"word": "诈骗", "suggest": "risky", "label": 20008},
    {"word": "加微信", "suggest": "review", "label": 10001},
    {"word": "混蛋", "suggest": "review", "label": 20003},
]
DEFAULT_SENSITIVE_WORDS = ["红包", "中奖"]

# Those of miniprogram/src/pages.json.
PAGES = [
    "pages/index/index",
    "pages-vote/campaign/index",
    "pages-vote/entry/index",
    "pages-vote/standings/index",
    "pages-vote/ballots/index",
    "pages-vote/receipt/index",
    "pages-vote/verify/index",
    "pages-vote/count/index",
    "pages-vote/poster/index",
    "pages-knowledge/search/index",
    "pages-knowledge/list/index",
    "pages-knowledge/item/index",
    "pages-knowledge/poster/index",
    "pages-knowledge/institution/index",
    "pages-knowledge/mine/index",
    "pages-knowledge/contribute/index",
    "pages-knowledge/contribution/index",
    "pages-me/notices/index",
    "pages-me/display/index",
    "pages-me/data/index",
    "pages-me/policy/index",
]

DEFAULT_APPS: list[dict[str, Any]] = [
    {
        "appid": DEFAULT_APPID,
        "secret": DEFAULT_SECRET,
        "original_id": "gh_simulator0001",
        "published_pages": PAGES,
        "templates": [
            {
                "template_id": APPOINTMENT_TEMPLATE,
                "keys": ["thing1", "name2", "time3", "phrase4"],
                "kind": "one_time",
            },
            {
                "template_id": PROGRESS_TEMPLATE,
                "keys": ["character_string1", "phrase2", "date3", "thing4"],
                "kind": "one_time",
            },
            {
                "template_id": RESULT_TEMPLATE,
                "keys": list(RESULT_KEYS),
                "kind": "one_time",
            },
            {
                "template_id": NOTICE_TEMPLATE,
                "keys": ["thing1", "enum2", "date3"],
                "kind": "long_term",
                "enums": {"enum2": ["通知", "提醒", "预警"]},
            },
        ],
    },
    {
        "appid": DEFAULT_OFFICIAL_APPID,
        "secret": DEFAULT_OFFICIAL_SECRET,
        "original_id": "gh_simulator0003",
        # By name, without ports: that is all WeChat knows of addresses.
        "oauth_domains": ["127.0.0.1", "localhost"],
    },
    {
        "appid": OTHER_APPID,
        "secret": OTHER_SECRET,
        "original_id": "gh_simulator0002",
        "published_pages": ["pages/index/index"],
        "templates": [],
    },
]
