"""Settings: what is missing or weak stops the start with one sentence."""

from pathlib import Path

import pytest

from server.config import Config, ConfigError
from services.storage import S3Bucket

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
GOOD = {
    "DATABASE_URL": "postgresql://sain@db/sain",
    "REDIS_URL": "redis://cache/0",
    "SECRET_KEY": "kJ8vT2mQ9xR4wL7nB3cZ6yH1sD5fG0pA",
    "DATA_KEYS": f"k1:{KEY}",
    "INDEX_KEY": KEY,
    "LEDGER_KEY": KEY,
    "WECHAT_APPID": "wx0123456789abcdef",
    "WECHAT_SECRET": "secret",
    "STORAGE_FOLDER": "/srv/sain/files",
    "TRUSTED_PROXIES": "1",
    "SITE_URL": "https://sain.example.cn",
    "OPERATOR_NAME": "东胜区卫生健康委员会",
    "OPERATOR_CONTACT": "0477-8888888",
}


def test_the_smallest_production_settings():
    config = Config.from_env(GOOD)
    assert config.is_production
    assert config.database_url == "postgresql+psycopg://sain@db/sain"
    assert config.wechat_base_url == "https://api.weixin.qq.com"
    assert config.has_docs is False
    assert config.metrics_token is None


def test_pictures_come_from_where_the_setting_says():
    wechats = ("mmbiz.qpic.cn", "mmbiz.qlogo.cn")
    assert Config.from_env(GOOD).picture_hosts == wechats
    assert Config.from_env(GOOD | {"PICTURE_HOSTS": ""}).picture_hosts == ()
    given = Config.from_env(GOOD | {"PICTURE_HOSTS": " Img.Example.CN , a.b.cn "})
    assert given.picture_hosts == ("img.example.cn", "a.b.cn")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_of_them_is_needed(name):
    with pytest.raises(ConfigError, match=name):
        Config.from_env(GOOD | {name: " "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAIN_ENV", "prod"),
        ("DATABASE_URL", "sqlite:///sain.db"),
        ("DATABASE_OWNER_URL", "sqlite:///sain.db"),
        ("SITE_URL", "http://sain.example.cn"),
        ("PICTURE_HOSTS", "mmbiz.qpic.cn,127.0.0.1"),
        ("PICTURE_HOSTS", "localhost"),
        ("PICTURE_HOSTS", "*.qpic.cn"),
        ("PICTURE_HOSTS", "http://mmbiz.qpic.cn"),
        ("STAFF_PASSWORD_LENGTH", "7"),
        ("STAFF_LOCK_AFTER", "1000"),
        ("DATABASE_URL", "mysql://db/sain"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", GOOD["SECRET_KEY"] + ",weak"),
        ("DATA_KEYS", "k1:not base64"),
        ("DATA_KEYS", "k1:QUJD"),
        ("DATA_KEYS", f"k1:des:{KEY}"),
        ("DATA_KEYS", KEY),
        ("INDEX_KEY", "QUJD"),
        ("INDEX_KEY", "QUFB" * 16),
        ("WECHAT_BASE_URL", "http://127.0.0.1:8001"),
        ("WECHAT_OPEN_URL", "http://127.0.0.1:8001"),
        ("WECHAT_TIMEOUT_SECONDS", "soon"),
        ("WECHAT_ENV_VERSION", "beta"),
        ("WECHAT_TIMEOUT_SECONDS", "0"),
        ("PUBLIC_CACHE_SECONDS", "-1"),
        ("TRUSTED_PROXIES", "99"),
        ("METRICS_TOKEN", "short"),
        ("DATA_KEYS", f"k1:{KEY},k1:{KEY}"),
        ("DATA_KEYS", f"{'k' * 33}:{KEY}"),
        ("API_DOCS", "yes"),
        ("LOG_LEVEL", "loud"),
        ("RATE_LIMIT_FACTOR", "nan"),
        ("WECHAT_PUSH_TOKEN", "no"),
        ("WECHAT_PUSH_TOKEN", "with a blank"),
        ("WECHAT_PUSH_AES_KEY", "short"),
        ("WECHAT_PUSH_AES_KEY", "-" * 43),
        ("STORAGE_FOLDER", "var/files"),
        ("S3_ENDPOINT", "oss.example.cn"),
        ("S3_ENDPOINT", "https://oss.example.cn/bucket"),
        ("S3_ENDPOINT", "ftp://oss.example.cn"),
    ],
)
def test_what_cannot_be_used_is_named(name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_env(GOOD | {name: value})


def test_the_operator_has_a_stand_in_outside_production():
    assert Config.from_env(GOOD).operator.name == "东胜区卫生健康委员会"
    env = GOOD | {"SAIN_ENV": "development", "OPERATOR_NAME": "", "OPERATOR_CONTACT": "我"}
    operator = Config.from_env(env).operator
    assert (operator.name, operator.contact) == ("赛音开发环境", "我")


def test_browser_sign_in_is_off_until_both_its_settings_are_there():
    assert Config.from_env(GOOD).wechat_official is None
    both = {"WECHAT_OFFICIAL_APPID": "wxa", "WECHAT_OFFICIAL_SECRET": "b"}
    assert Config.from_env(GOOD | both).wechat_official == ("wxa", "b")
    for name in both:
        with pytest.raises(ConfigError, match="WECHAT_OFFICIAL_"):
            Config.from_env(GOOD | both | {name: " "})


def test_production_takes_no_pushes_in_plain_mode():
    token, key = {"WECHAT_PUSH_TOKEN": "token"}, {"WECHAT_PUSH_AES_KEY": "a" * 43}
    with pytest.raises(ConfigError, match="WECHAT_PUSH_AES_KEY"):
        Config.from_env(GOOD | token)
    assert Config.from_env(GOOD | token | key).wechat_push_aes_key == "a" * 43
    plain = Config.from_env(GOOD | token | {"SAIN_ENV": "development"})
    assert (plain.wechat_push_token, plain.wechat_push_aes_key) == ("token", None)


def test_keys_can_be_rotated():
    newer = "bmV3ZXIga2V5IG5ld2VyIGtleSBuZXdlciBrZXkgMDE="
    config = Config.from_env(
        GOOD
        | {
            "SECRET_KEY": f"{GOOD['SECRET_KEY']},pA0Gf5Ds1Hy6Zc3Bn7Lw4Rx9Qm2Tv8Jk",
            "DATA_KEYS": f"k2:sm4-gcm:{newer},k1:{KEY}",
        }
    )
    assert len(config.secret_keys) == 2
    assert config.active_data_key == "k2"
    assert config.data_keys["k2"][0] == "sm4-gcm"
    assert config.data_keys["k1"][0] == "aes-256-gcm"


def test_the_simulator_may_stand_in_outside_production():
    env = GOOD | {"SAIN_ENV": "development", "WECHAT_BASE_URL": "http://127.0.0.1:8001"}
    assert Config.from_env(env).wechat_base_url == "http://127.0.0.1:8001"


S3 = {
    "S3_ENDPOINT": "https://oss.example.cn",
    "S3_BUCKET": "sain",
    "S3_ACCESS_KEY": "key",
    "S3_SECRET_KEY": "secret",
}


def test_a_bucket_takes_the_place_of_the_folder():
    assert Config.from_env(GOOD).storage == Path("/srv/sain/files")
    bucket = Config.from_env({**GOOD, **S3, "STORAGE_FOLDER": ""}).storage
    assert bucket == S3Bucket("https://oss.example.cn", "sain", "key", "secret", "us-east-1")
    assert Config.from_env(GOOD | S3).storage == bucket
    assert "secret" not in repr(bucket)


@pytest.mark.parametrize(
    ("name", "value"),
    [("S3_BUCKET", ""), ("S3_ACCESS_KEY", ""), ("S3_SECRET_KEY", ""), ("S3_ADDRESSING", "auto")],
)
def test_a_bucket_needs_all_of_its_settings(name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_env(GOOD | S3 | {name: value})


def test_rates_are_scaled_together():
    assert Config.from_env(GOOD | {"RATE_LIMIT_FACTOR": "2"}).rates["read"].per_person == 1200
