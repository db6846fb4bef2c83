"""What clients are told about the installation before anybody signs in."""

from services.policies import Operator


def test_it_says_who_runs_it_and_what_it_can_do(http):
    answer = http.get("/settings")
    assert answer.status_code == 200
    settings = answer.get_json()
    assert set(settings) == {"operator", "browser_sign_in", "message_templates", "policy_version"}
    assert settings["operator"] == {"name": "赛音开发环境", "contact": "developer@localhost"}
    assert settings["browser_sign_in"] is True
    assert isinstance(settings["message_templates"], list)
    assert settings["policy_version"]


def test_everybody_gets_the_same_and_it_may_be_kept(http, make):
    anybody, somebody = http.get("/settings"), http.get("/settings", token=make.citizen().token)
    assert anybody.get_json() == somebody.get_json()
    assert anybody.headers["Cache-Control"].startswith("public")


def test_the_operator_is_a_setting(another_client):
    client = another_client(operator=Operator("鄂尔多斯市东胜区卫生健康委员会", "0477-8888888"))
    operator = client.get("/api/v1/settings").get_json()["operator"]
    assert operator == {"name": "鄂尔多斯市东胜区卫生健康委员会", "contact": "0477-8888888"}
