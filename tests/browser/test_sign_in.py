"""The way into the console, as people go it."""

from datetime import UTC, datetime

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from models import StaffAccount, StaffSession
from tests.browser.watching import check_readable

PASSWORD = "Mugwort-and-7-herbs"


@pytest.fixture
def joined(page: Page, invitation, session) -> pyotp.TOTP:
    """乌兰 has joined on this page; the authenticator she has set up."""
    page.goto(invitation)
    expect(page.get_by_role("heading", name="接受邀请")).to_be_visible()
    assert "#" not in page.url
    page.get_by_label("用户名").fill("wulan")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    secret = page.locator("code").inner_text().replace(" ", "")
    totp = pyotp.TOTP(secret)
    page.get_by_label("动态码").fill(totp.at(datetime.now(UTC)))
    expect(page.get_by_role("navigation", name="主导航")).to_be_attached()
    return totp


def forget_last_code(session) -> None:
    """Else the next code is refused until the clock has gone on by half a minute."""
    session.execute(update(StaffAccount).values(totp_last_step=0))
    session.commit()


def sign_in(page: Page, totp: pyotp.TOTP) -> None:
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("动态码").fill(totp.at(datetime.now(UTC)))


@pytest.mark.parametrize(
    ("width", "is_dark"), [(1280, False), (1280, True), (1920, False), (768, False)]
)
def test_the_sign_in_page(open_browser, picture, width, is_dark):
    page = open_browser(width, is_dark=is_dark)
    page.goto("/console/")
    expect(page).to_have_url("/console/sign-in?return=/")
    expect(page).to_have_title("登录 · 赛音管理台")
    expect(page.get_by_label("用户名")).to_be_focused()
    check_readable(page)
    picture(page)


def test_what_is_wrong_stands_at_its_field(page, picture):
    page.goto("/console/sign-in")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("用户名")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("请输入密码。")).to_be_visible()
    page.get_by_label("用户名").fill("nobody")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("密码")
    check_readable(page)
    picture(page)


def test_an_invitation_leads_through_every_step_into_the_console(page, joined, picture):
    expect(page.get_by_role("banner")).to_contain_text("乌兰")
    check_readable(page)
    picture(page)


def test_after_signing_in_one_is_where_one_wanted_to_be(page, joined, session):
    page.get_by_role("button", name="乌兰 我的账号").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url("/console/sign-in")
    forget_last_code(session)
    page.goto("/console/account/sign-ins")
    page.get_by_label("用户名").fill("wulan")
    sign_in(page, joined)
    expect(page.get_by_role("heading", name="登录记录与设备")).to_be_visible()
    expect(page.get_by_role("table", name="登录记录")).to_contain_text("登录成功")
    check_readable(page)


def test_a_used_invitation_says_so(page, invitation, joined, open_browser):
    other = open_browser()
    other.goto(invitation)
    expect(other.get_by_role("alert")).to_be_visible()
    check_readable(other)


def test_what_was_typed_survives_the_end_of_the_session(page, joined, session, picture):
    page.goto("/console/account/password")
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("Wormwood-and-8-herbs")
    page.get_by_label("再输入一次新密码").fill("Wormwood-and-8-herbs")
    session.execute(update(StaffSession).values(ended_at=datetime.now(UTC)))
    session.commit()
    forget_last_code(session)

    page.get_by_role("button", name="修改密码").click()
    cover = page.get_by_role("dialog", name="请重新登录")
    expect(cover.get_by_label("用户名")).to_have_value("wulan")
    check_readable(page)
    picture(page)
    sign_in(cover, joined)

    expect(cover).to_be_hidden()
    expect(page.get_by_text("密码已修改")).to_be_visible()
    account = session.scalars(select(StaffAccount)).one()
    assert account.password_changed_at is not None
