"""The mini-program as citizens use it, in a browser and as WeChat runs it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models import Ballot, Citizen, WeChatIdentity
from tests.browser.phone import WeChatPhone

BUILDS = ["browser", "wechat"]
TITLE = "东胜区第四季度“健康达人”评选"
CAST = "投一票"


@pytest.fixture(params=BUILDS)
def phone(request, pick_up_phone):
    return pick_up_phone(request.param)


@pytest.fixture
def campaign(make):
    campaign = make.campaign(title=TITLE, entries=0, ballots_per_day=2)
    for number, name in enumerate(["乌云其其格", "巴图", "李静宜"], start=1):
        make.entry(campaign, number=number, name=name, name_mn="ᠪᠠᠲᠤ" if number == 2 else None)
    return campaign


def count_ballots(session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Ballot))


def entry(phone, name: str):
    """An entry's card, by its number and name."""
    return phone.page.get_by_role("button", name=re.compile(f"号.*{name}")).filter(visible=True)


def go_to_entry(phone, campaign, name: str) -> None:
    phone.open(f"/pages-vote/campaign/index?id={campaign.id}")
    entry(phone, name).tap()
    expect(phone.heading(name)).to_be_visible()


def vote_and_sign_in(phone) -> None:
    """In WeChat the tap that asked for consent also votes; a browser comes back and taps again."""
    phone.press(CAST)
    phone.consent()
    told = phone.text("投票成功")
    again = phone.button(CAST).first
    expect(told.or_(again).first).to_be_visible()
    if phone.page.url.startswith(f"{phone.site}/#"):
        again.tap()
    expect(told).to_be_visible()


def test_from_the_first_look_to_the_receipt(phone, campaign, session, picture):
    phone.open()
    expect(phone.heading(TITLE)).to_be_visible()
    phone.press("全部评选")
    phone.press(f"去投票：{TITLE}")

    phone.page.get_by_label("搜姓名").last.fill("李静")
    expect(entry(phone, "乌云其其格")).to_have_count(0)
    entry(phone, "李静宜").tap()
    expect(phone.heading("李静宜")).to_be_visible()

    phone.press(CAST)
    phone.press("不同意，先看看")
    assert count_ballots(session) == 0
    assert session.scalar(select(func.count()).select_from(Citizen)) == 0

    vote_and_sign_in(phone)
    picture(phone.page, "voted")
    expect(phone.text("今天还能投 1 票")).to_be_visible()
    code = re.compile("0000-")
    receipt = phone.page.get_by_text(code).filter(visible=True).first.inner_text()
    phone.press("投票回执")
    expect(phone.text(receipt)).to_be_visible()
    expect(phone.text("李静宜")).to_be_visible()
    picture(phone.page, "receipt")
    assert count_ballots(session) == 1
    assert session.scalar(select(Ballot.source)) in ("list", "search")


def test_the_days_limit(phone, campaign, session):
    phone.open(f"/pages-vote/campaign/index?id={campaign.id}")
    phone.press(f"{CAST}：乌云其其格")
    phone.consent()
    told = phone.text("投票成功")
    expect(told.or_(phone.button(f"{CAST}：乌云其其格")).first).to_be_visible()
    if not told.is_visible():
        phone.press(f"{CAST}：乌云其其格")
    expect(told).to_be_visible()
    phone.press("知道了")
    expect(phone.button("今天已投：乌云其其格")).to_be_disabled()
    phone.press(f"{CAST}：巴图")
    expect(told).to_be_visible()
    phone.press("知道了")
    expect(phone.text("今天的票投完了")).to_be_visible()
    expect(phone.button(f"{CAST}：李静宜")).to_be_disabled()
    assert count_ballots(session) == 2


def test_a_vote_that_the_network_loses_is_sent_later_and_once(phone, campaign, session, picture):
    go_to_entry(phone, campaign, "巴图")
    vote_and_sign_in(phone)
    phone.press("知道了")
    go_to_entry(phone, campaign, "李静宜")

    phone.page.context.set_offline(True)
    phone.press(CAST)
    expect(phone.text("网络断开了。这一票已经记在手机里")).to_be_visible(timeout=15_000)
    picture(phone.page, "waiting")
    assert count_ballots(session) == 1
    phone.page.context.set_offline(False)
    sent = phone.button("现在送出")
    if sent.count():
        sent.first.tap()
    expect(phone.text("投票成功")).to_be_visible(timeout=15_000)
    assert count_ballots(session) == 2


def test_elder_mode_enlarges_and_is_remembered(phone, campaign):
    phone.open()
    title = phone.heading(TITLE)
    expect(title).to_be_visible()

    def size() -> float:
        return title.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")

    before = size()
    phone.press("大字")
    expect(phone.button("标准字")).to_be_visible()
    assert size() >= 1.25 * before
    phone.reload()
    expect(phone.button("标准字")).to_be_visible()
    box = phone.button(f"去投票：{TITLE}").bounding_box()
    assert box["height"] >= 60
    assert box["width"] >= 60


def test_mongolian_stands_upright_with_its_own_letters(phone, campaign, picture):
    phone.open()
    phone.press("ᠮᠣᠩᠭᠣᠯ")
    expect(phone.button("汉文")).to_be_visible()
    mode = "(each) => getComputedStyle(each).writingMode"
    assert phone.page.locator(".page-body").last.evaluate(mode) == "vertical-lr"
    loaded = "() => [...document.fonts].some((face) => face.status === 'loaded')"
    phone.page.wait_for_function(loaded)
    picture(phone.page)
    phone.reload()
    expect(phone.button("汉文")).to_be_visible()


def test_keys_do_what_a_finger_does(pick_up_phone, campaign):
    phone = pick_up_phone("browser")
    phone.open()
    phone.page.get_by_role("tab", name="评选").press("Enter")
    phone.button(f"去投票：{TITLE}").press(" ")
    expect(phone.heading(TITLE)).to_be_visible()
    expect(phone.page.get_by_role("searchbox")).to_be_visible()


def test_deleting_ones_data(phone, campaign, session, picture):
    go_to_entry(phone, campaign, "巴图")
    vote_and_sign_in(phone)
    phone.press("知道了")
    phone.open("/pages-me/data/index")
    phone.press("删除我的数据")
    picture(phone.page, "asked")
    phone.press("确定删除")
    expect(phone.text("您的数据已经删除")).to_be_visible()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(WeChatIdentity)) == 0
    assert count_ballots(session) == 1


def publish(make, clock, session, work, campaign) -> None:
    """Closes the campaign, publishes its result, and lets the worker tell everybody."""
    clock.set(datetime.now(UTC))
    campaign.closes_at = clock.now() - timedelta(minutes=10)
    session.commit()
    answer = make.agree(campaign, "publish_result", notice="结果已经核对，公示七天。")
    assert answer.status_code == 200, answer.get_json()
    for job in ("expand_announcements", "send_messages"):
        work(job)


def test_the_result_comes_to_the_inbox_and_through_wechat(
    phone, campaign, make, clock, session, run, wechat, picture
):
    go_to_entry(phone, campaign, "巴图")
    vote_and_sign_in(phone)
    is_wechat = isinstance(phone, WeChatPhone)
    if is_wechat:
        phone.press("结果出来告诉我")
        phone.page.get_by_role("dialog", name="申请发送订阅消息").get_by_text("允许").tap()
        expect(phone.text("结果公布时会用微信通知您")).to_be_visible()
    publish(make, clock, session, run, campaign)

    phone.open("/pages/index/index?tab=me")
    expect(phone.text("1 条未读").first).to_be_visible()
    phone.button("消息").first.tap()
    expect(phone.text("未读").first).to_be_visible()
    picture(phone.page, "inbox")
    phone.press("评选结果公布了")
    expect(phone.heading("评选结果")).to_be_visible()
    expect(phone.text("结果已经核对，公示七天。")).to_be_visible()
    picture(phone.page, "result")
    phone.open("/pages/index/index?tab=me")
    expect(phone.button("消息").first).to_be_visible()
    expect(phone.text("1 条未读")).to_have_count(0)
    sent = wechat.messages()
    assert len(sent) == is_wechat
    if is_wechat:
        phone.open(f"/{sent[0]['page']}")
        expect(phone.heading("评选结果")).to_be_visible()
