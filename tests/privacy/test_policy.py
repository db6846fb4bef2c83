"""The privacy policy: what is published stays, and says what it must."""

import hashlib
import re

import pytest

from server.config import DEVELOPERS
from services.policies import CURRENT_PRIVACY_VERSION, FOLDER, load_privacy_policy

# A published text never changes: people consented to exactly this. Add a version instead.
PUBLISHED = {
    "1.0": "10f1b84be031db5aa36b5d0623f1e11f37c2a32d17def7fed92ceb8fbd00b4c1",
    "1.1": "cd26b70c2849cad0bdec98ffa530ffa9df9ce9c3f16c6c583bfe9987993d0f9f",
    "1.2": "ba0014fe6021c70b42ab33431e5bb1eb42587603c1103b8f02bc38f655c6021c",
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("privacy-*.toml")), ids=lambda path: path.stem)
def test_a_published_version_is_as_it_was(path):
    version = path.stem.removeprefix("privacy-")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == PUBLISHED[version]
    assert load_privacy_policy(DEVELOPERS, version).version == version


def test_it_is_there_for_everybody(http):
    answer = http.get("/policies/privacy")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")
    policy = answer.get_json()
    assert policy["version"] == CURRENT_PRIVACY_VERSION
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", policy["effective_on"])
    assert (policy["title"], policy["title_mn"]) == ("隐私政策", None)
    for section in policy["sections"]:
        assert section["heading"]
        assert section["heading_mn"] is section["paragraphs_mn"] is None
        assert all(section["paragraphs"])


def test_it_names_the_operator_and_what_is_held(http):
    text = http.get("/policies/privacy").get_data(as_text=True)
    assert DEVELOPERS.name in text
    assert DEVELOPERS.contact in text
    for word in (
        "openid",
        "unionid",
        "手机号",
        "投票记录",
        "最晚三小时后删除",
        "异议",
        "同意记录",
        "登录记录",
        "评论",
        "传统知识",
        "阅读的最晚在第三天删除",
        "个人信息保护法",
    ):
        assert word in text
    for right in ("导出", "更正", "撤回", "注销", "退出所有设备", "十四周岁"):
        assert right in text
    assert not re.search("[{](name|contact)[}]", text), "a blank was left"
