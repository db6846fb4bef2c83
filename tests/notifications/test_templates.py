"""WECHAT_TEMPLATES: what an operator may write, and what a message then says."""

import json
from datetime import UTC, datetime

import pytest

from server.config import Config, ConfigError
from services.message_templates import FIELDS, find_template, read_templates
from tests.platform.test_config import GOOD

ID = "kZ1_template-of-wechat"
FIELD_VALUES = {
    "campaign": "2026年第四季度“健康达人”评选活动（鄂尔多斯市东胜区）",
    "contest": "比科普宣传",
    "organization": "东胜区卫生健康委",
    "closed_at": datetime(2026, 11, 20, 16, 0, tzinfo=UTC).isoformat(),
    "published_at": datetime(2026, 11, 22, 1, 30, tzinfo=UTC).isoformat(),
    "note": "结果已公布",
}


def setting(keys: dict | None = None, code: str = "campaign_result", **more) -> str:
    keys = {"thing1": "campaign"} if keys is None else keys
    return json.dumps({code: {"template_id": ID, "keys": keys} | more})


@pytest.mark.parametrize("text", [None, "", "  ", "{}"])
def test_no_templates_mean_the_inbox_only(text):
    env = GOOD if text is None else GOOD | {"WECHAT_TEMPLATES": text}
    assert Config.from_env(env).message_templates == ()


def test_our_fields_are_put_at_wechats_keys():
    keys = {
        "thing1": "campaign",
        "phrase2": "contest",
        "time3": "closed_at",
        "date4": "published_at",
        "thing5": "published_at",
        "phrase6": "=已公布",
        "character_string7": "=2026Q4",
    }
    config = Config.from_env(GOOD | {"WECHAT_TEMPLATES": setting(keys)})
    [template] = config.message_templates
    assert (template.code, template.template_id) == ("campaign_result", ID)
    assert not template.is_long_term
    assert template.fill(FIELD_VALUES) == {
        "thing1": "2026年第四季度“健康达人”评选活动…",
        "phrase2": "比科普宣传",
        "time3": "2026年11月21日 00:00",
        "date4": "2026年11月22日",
        "thing5": "2026年11月22日 09:30",
        "phrase6": "已公布",
        "character_string7": "2026Q4",
    }


def test_long_term_templates():
    [template] = read_templates(setting(kind="long_term"))
    assert template.is_long_term


def test_every_field_can_stand_somewhere():
    for code, known in FIELDS.items():
        for field in known:
            [template] = read_templates(setting({"thing1": field}, code))
            assert template.fill(FIELD_VALUES)["thing1"]


def test_finding_one():
    templates = read_templates(setting())
    assert find_template(templates, "campaign_result") is templates[0]
    assert find_template((), "campaign_result") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("campaign_result", "JSON"),
        ("[]", "JSON object"),
        (setting(code="weather"), "'weather' is none of campaign_result"),
        ('{"campaign_result": "kZ1"}', "must have template_id"),
        (setting(colour="red"), "must have template_id"),
        (setting(template_id=7), "template_id that WeChat's console shows"),
        (setting(template_id=""), "template_id that WeChat's console shows"),
        (setting(kind="forever"), "kind of campaign_result"),
        (setting({}), "needs 1 to 7 keys"),
        (setting(keys=[]), "needs 1 to 7 keys"),
        (setting({f"thing{n}": "note" for n in range(1, 9)}), "needs 1 to 7 keys"),
        (setting({"title": "campaign"}), "title of campaign_result is no key"),
        (setting({"picture1": "campaign"}), "picture1 of campaign_result is no key"),
        (setting({"thing1": "winner"}), "no field 'winner'"),
        (setting({"thing1": 5}), "thing1 of campaign_result must be"),
        (setting({"time1": "campaign"}), "campaign cannot stand at time1"),
        (setting({"phrase1": "closed_at"}), "closed_at cannot stand at phrase1"),
        (setting({"number1": "campaign"}), "campaign cannot stand at number1"),
        (setting({"phrase1": "=Published"}), "no such text for phrase1"),
        (setting({"thing1": "="}), "no such text for thing1"),
    ],
)
def test_what_cannot_be_used_is_named(text, words):
    with pytest.raises(ConfigError, match="WECHAT_TEMPLATES") as refused:
        Config.from_env(GOOD | {"WECHAT_TEMPLATES": text})
    assert words in str(refused.value)
