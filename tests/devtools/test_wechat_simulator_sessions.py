"""Login codes, session keys and phone numbers."""

import base64
import hashlib
import hmac
import re

import pytest

from devtools.wechat_simulator import DEFAULT_APPID, DEFAULT_SECRET, OTHER_APPID, OTHER_SECRET

LOGIN = {
    "appid": DEFAULT_APPID,
    "secret": DEFAULT_SECRET,
    "js_code": "some-code",
    "grant_type": "authorization_code",
}


def sign(session_key):
    return hmac.new(session_key.encode(), b"", hashlib.sha256).hexdigest()


def signed(weixin, session_key, openid="o-citizen", sig_method="hmac_sha256"):
    return {
        "access_token": weixin.token(),
        "openid": openid,
        "signature": sign(session_key),
        "sig_method": sig_method,
    }


def test_login_answers_as_plain_text_without_errcode(weixin):
    answer = weixin.login(weixin.login_code(unionid="u-1"))
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert set(answer.json()) == {"openid", "session_key", "unionid"}
    assert answer.json()["openid"] == "o-citizen"
    assert len(base64.b64decode(answer.json()["session_key"])) == 16


def test_unionid_is_absent_when_not_bound(weixin):
    assert "unionid" not in weixin.login(weixin.login_code()).json()


def test_a_code_works_once(weixin):
    code = weixin.login_code()
    assert weixin.login(code).json()["openid"] == "o-citizen"
    again = weixin.login(code)
    assert again.status_code == 200
    assert again.json()["errcode"] == 40163
    assert re.match(r"code been used, rid: [0-9a-f]{8}-", again.json()["errmsg"])


def test_a_code_lives_five_minutes(weixin):
    early, late = weixin.login_code(), weixin.login_code()
    weixin.advance(299)
    assert "openid" in weixin.login(early).json()
    weixin.advance(1)
    answer = weixin.login(late).json()
    assert answer["errcode"] == 40029
    assert answer["errmsg"].startswith("invalid code, rid: ")


def test_a_code_is_bound_to_its_app(weixin):
    code = weixin.login_code()
    assert weixin.login(code, OTHER_APPID, OTHER_SECRET).json()["errcode"] == 40029
    assert "openid" in weixin.login(code).json()


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "client_credential"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxunknown"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"js_code": ""}, 41008),
        ({"js_code": "unknown"}, 40029),
    ],
)
def test_wrong_login_arguments(weixin, change, errcode):
    answer = weixin.get("/sns/jscode2session", **{**LOGIN, **change})
    assert answer.json()["errcode"] == errcode
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_blocked_user_cannot_log_in_until_unblocked(weixin):
    code = weixin.login_code()
    weixin.control("/users", openid="o-citizen", blocked=True)
    assert weixin.login(code).json()["errcode"] == 40226
    weixin.control("/users", openid="o-citizen", blocked=False)
    assert "openid" in weixin.login(code).json()


def test_a_user_may_log_in_100_times_a_minute(weixin):
    code = weixin.login_code()
    weixin.login(code)
    for _ in range(99):
        assert weixin.login(code).json()["errcode"] == 40163
    assert weixin.login(code).json()["errcode"] == 45011
    assert "openid" in weixin.login(weixin.login_code("o-neighbour")).json()
    weixin.advance(60)
    assert weixin.login(code).json()["errcode"] == 40163


def test_a_login_may_rotate_the_session_key_or_keep_it(weixin):
    first = weixin.login(weixin.login_code()).json()["session_key"]
    kept = weixin.login(weixin.login_code(rotate_session_key=False)).json()["session_key"]
    rotated = weixin.login(weixin.login_code()).json()["session_key"]
    assert first == kept != rotated


def test_checksession_knows_only_the_present_key(weixin):
    old = weixin.login(weixin.login_code()).json()["session_key"]
    new = weixin.login(weixin.login_code()).json()["session_key"]
    assert weixin.get("/wxa/checksession", **signed(weixin, new)).json() == {
        "errcode": 0,
        "errmsg": "ok",
    }
    assert weixin.get("/wxa/checksession", **signed(weixin, old)).json()["errcode"] == 87009


def test_checksession_errors(weixin):
    key = weixin.login(weixin.login_code()).json()["session_key"]
    wrong_method = signed(weixin, key, sig_method="md5")
    assert weixin.get("/wxa/checksession", **wrong_method).json()["errcode"] == 87008
    stranger = signed(weixin, key, openid="o-nobody")
    assert weixin.get("/wxa/checksession", **stranger).json()["errcode"] == 40003
    weixin.advance(4 * 86_400)
    assert weixin.get("/wxa/checksession", **signed(weixin, key)).json()["errcode"] == 87009


def test_resetusersessionkey_replaces_the_key_but_not_its_end(weixin):
    old = weixin.login(weixin.login_code()).json()["session_key"]
    weixin.advance(2 * 86_400)
    answer = weixin.get("/wxa/resetusersessionkey", **signed(weixin, old)).json()
    assert (answer["errcode"], answer["openid"]) == (0, "o-citizen")
    new = answer["session_key"]
    assert new != old
    reset = weixin.get("/wxa/resetusersessionkey", **signed(weixin, old)).json()
    assert reset["errcode"] == 87009
    weixin.advance(86_400)
    expired = weixin.get("/wxa/resetusersessionkey", **signed(weixin, new)).json()
    assert expired["errcode"] == 87007


def test_encrypt_keys_are_the_last_three(weixin):
    key = weixin.login(weixin.login_code()).json()["session_key"]
    for _ in range(4):
        answer = weixin.post("/wxa/business/getuserencryptkey", **signed(weixin, key)).json()
        weixin.advance(3600)
    versions = [item["version"] for item in answer["key_info_list"]]
    assert versions == [4, 3, 2]
    assert [item["expire_in"] for item in answer["key_info_list"]] == [3600, 0, 0]
    assert set(answer["key_info_list"][0]) == {
        "encrypt_key",
        "version",
        "expire_in",
        "iv",
        "create_time",
    }


PHONE = "/wxa/business/getuserphonenumber"


def phone_code(weixin, phone="13800138000", **more):
    return weixin.control("/phone-codes", phone=phone, **more)["code"]


def test_a_phone_code_yields_the_number(weixin):
    answer = weixin.call(PHONE, {"code": phone_code(weixin)})
    info = answer["phone_info"]
    assert answer["errcode"] == 0
    assert info["phoneNumber"] == info["purePhoneNumber"] == "13800138000"
    assert info["countryCode"] == "86"
    assert info["watermark"]["appid"] == DEFAULT_APPID
    assert isinstance(info["watermark"]["timestamp"], int)


def test_a_foreign_number_carries_its_area_code(weixin):
    code = phone_code(weixin, "61234567", country_code="852")
    info = weixin.call(PHONE, {"code": code})["phone_info"]
    assert info["purePhoneNumber"] == "61234567"
    assert "852" in info["phoneNumber"]


def test_the_country_code_drifts_to_a_number(weixin):
    weixin.control("/apps", appid=DEFAULT_APPID, drift={"country_code": "number"})
    info = weixin.call(PHONE, {"code": phone_code(weixin)})["phone_info"]
    assert info["countryCode"] == 86


def test_a_phone_code_works_once_and_for_five_minutes(weixin):
    used, expired = phone_code(weixin), phone_code(weixin)
    assert weixin.call(PHONE, {"code": used})["errcode"] == 0
    answer = weixin.call(PHONE, {"code": used})
    assert answer["errcode"] == 40029
    assert re.match(r"invalid code hint: \[\S+\] rid: ", answer["errmsg"])
    weixin.advance(300)
    assert weixin.call(PHONE, {"code": expired})["errcode"] == 40029


def test_a_phone_code_of_another_app_is_40013(weixin):
    code = phone_code(weixin, appid=OTHER_APPID)
    assert weixin.call(PHONE, {"code": code})["errcode"] == 40013


def test_login_and_phone_codes_are_not_interchangeable(weixin):
    assert weixin.call(PHONE, {"code": weixin.login_code()})["errcode"] == 40029
    assert weixin.login(phone_code(weixin)).json()["errcode"] == 40029


def test_a_phone_call_without_code_is_a_format_error(weixin):
    assert weixin.call(PHONE, {"code": 5})["errcode"] == 47001


def test_checkencryptedmsg_vouches_for_three_days(weixin):
    weixin.control("/encrypted-data", encrypted_data="ciphertext")
    body = {"encrypted_msg_hash": hashlib.sha256(b"ciphertext").hexdigest()}
    answer = weixin.call("/wxa/business/checkencryptedmsg", body)
    assert answer["vaild"] is True
    assert answer["create_time"] == 1_800_000_000
    weixin.advance(3 * 86_400)
    assert weixin.call("/wxa/business/checkencryptedmsg", body)["vaild"] is False
    bad = weixin.call("/wxa/business/checkencryptedmsg", {"encrypted_msg_hash": "xyz"})
    assert bad["errcode"] == 47001
