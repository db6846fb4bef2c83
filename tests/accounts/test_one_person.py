"""One person has one account, whatever app they sign in through."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models import Citizen, WeChatIdentity
from server.extensions import runtime
from services import accounts
from services.context import unit_of_work
from services.errors import Forbidden
from services.policies import CURRENT_PRIVACY_VERSION as VERSION
from services.wechat import WeChatUser

MINI, SITE = "wxsimulator0000000", "wxother000000000000"


@pytest.fixture
def sign_in(app):
    """Signs in through an app, as each way of signing in does."""

    def sign_in_through(
        appid: str, openid: str, unionid: str | None, version: str | None = VERSION
    ):
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                user = WeChatUser(openid, unionid)
                issued = accounts.sign_in(ctx, user=user, appid=appid, policy_version=version)
            return int(issued.access_token.partition(".")[0])

    return sign_in_through


def test_the_unionid_leads_to_the_same_account(sign_in, session):
    one = sign_in(MINI, "o-mini", "u-1")
    assert sign_in(SITE, "o-site", "u-1", None) == one, "the consent holds in every app"
    assert sign_in(SITE, "o-site", "u-1") == one
    assert sign_in(MINI, "o-mini", None) == one
    assert sign_in(SITE, "o-site", None) == one
    assert session.scalar(select(func.count()).select_from(WeChatIdentity)) == 2


def test_the_same_openid_of_another_app_is_another_person(sign_in):
    assert sign_in(MINI, "o-1", None) != sign_in(SITE, "o-1", None)


def test_a_unionid_told_later_links_the_next_app(sign_in):
    """The mini-program is bound to an open platform only after people have signed in."""
    one = sign_in(MINI, "o-mini", None)
    assert sign_in(MINI, "o-mini", "u-1") == one
    assert sign_in(SITE, "o-site", "u-1") == one


def test_two_accounts_from_before_the_unionid_stay_two(sign_in):
    one, two = sign_in(MINI, "o-mini", None), sign_in(SITE, "o-site", None)
    assert one != two
    assert sign_in(MINI, "o-mini", "u-1") == one
    assert sign_in(SITE, "o-site", "u-1") == two


def test_both_apps_at_once_make_one_account(sign_in, session):
    for turn in range(5):
        with ThreadPoolExecutor(6) as pool:
            ways = [(MINI, f"o-mini-{turn}"), (SITE, f"o-site-{turn}")] * 3
            ids = list(pool.map(lambda way: sign_in(*way, f"u-{turn}"), ways))  # noqa: B023
        assert len(set(ids)) == 1
    assert session.scalar(select(func.count()).select_from(Citizen)) == 5
    assert session.scalar(select(func.count()).select_from(WeChatIdentity)) == 10


def test_a_disabled_account_is_disabled_in_every_app(sign_in, session, clock):
    one = sign_in(MINI, "o-mini", "u-1")
    session.get_one(Citizen, one).disabled_at = clock.now()
    session.commit()
    with pytest.raises(Forbidden, match="account_disabled"):
        sign_in(SITE, "o-site", "u-1")
