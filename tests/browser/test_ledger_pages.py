"""A vote followed from its receipt to the public count, in a browser and as WeChat runs it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import func, select, update

from models import BallotObjection, Tally
from tests.browser.phone import remember
from tests.browser.test_citizens import go_to_entry, vote_and_sign_in
from tests.served import wait_until

TITLE = "东胜区第四季度“健康达人”评选"
REASON = "同一网络短时间集中投票"
CODE = re.compile("^0000-")
VERIFY = "/pages-vote/verify/index"
CHECKED = "已在您的手机上核对无误"


@pytest.fixture(params=["browser", "wechat"])
def build(request) -> str:
    return request.param


@pytest.fixture
def campaign(make, clock):
    clock.set(datetime.now(UTC))
    campaign = make.campaign(title=TITLE, entries=0, ballots_per_day=3)
    for number, name in enumerate(["乌云其其格", "巴图", "李静宜"], start=1):
        make.entry(campaign, number=number, name=name)
    return campaign


@pytest.fixture
def vote(http, make, campaign):
    """Casts ballots for the entries of these numbers, each by another citizen."""

    def vote_for(*numbers: int) -> list[dict]:
        entries = make.entries(campaign)
        answers = [
            http.vote(campaign.id, entries[number - 1], token=make.citizen().token)
            for number in numbers
        ]
        return [answer.get_json() for answer in answers]

    return vote_for


@pytest.fixture
def close(clock, session, run, seal, campaign):
    """Closes the campaign, and has everything about that sealed."""

    def close_now() -> None:
        campaign.closes_at = clock.now() - timedelta(minutes=10)
        session.commit()
        run("close_campaigns")
        seal()

    return close_now


def count_again(phone, words: str) -> None:
    """Counts until the page says so: answers may be two seconds old."""

    def says_so() -> bool:
        phone.press("再数一次")
        expect(phone.text("条记录都和签名对得上")).to_be_visible()
        expect(phone.button("再数一次")).to_be_visible()
        return phone.text(words).is_visible()

    wait_until(says_so, seconds=20)


def receipt_page(code: str) -> str:
    return f"/pages-vote/receipt/index?code={code}"


def test_from_the_vote_to_the_public_count(pick_up_phone, build, campaign, seal, picture):
    phone = pick_up_phone(build)
    go_to_entry(phone, campaign, "李静宜")
    vote_and_sign_in(phone)
    phone.press("投票回执")
    expect(phone.text("正在写入账本")).to_be_visible()
    picture(phone.page, "unsealed")
    seal()
    expect(phone.text("已计票")).to_be_visible(timeout=10_000)
    expect(phone.text(CHECKED)).to_be_visible()
    expect(phone.text("3 号 李静宜")).to_be_visible()
    picture(phone.page, "sealed")
    code = phone.page.get_by_text(CODE).filter(visible=True).first.inner_text()

    stranger = pick_up_phone(build)
    stranger.open(VERIFY)
    stranger.page.get_by_label("输入回执号").last.fill(code.replace("-", "").lower())
    stranger.press("查回执")
    expect(stranger.text(TITLE)).to_be_visible()
    expect(stranger.text(CHECKED)).to_be_visible()
    stranger.press("怎样核对全部票数")
    stranger.press("开始计票")
    expect(stranger.text("条记录都和签名对得上")).to_be_visible()
    expect(stranger.text("账本现在计得 1 票")).to_be_visible()
    picture(stranger.page, "counted")


def test_a_recount_agrees_with_the_result_and_names_what_differs(
    pick_up_phone, build, campaign, vote, session, seal, close, picture
):
    campaign.standings_mode = "hidden"
    session.commit()
    vote(1, 1, 2)
    seal()
    phone = pick_up_phone(build)
    phone.open(VERIFY)
    phone.press("开始计票")
    expect(phone.text("账本已收 3 票，投给了谁要等截止后公开")).to_be_visible()
    close()
    count_again(phone, "和公布的票数一致")
    expect(phone.text("和您上次核对的账本前后相接")).to_be_visible()

    entry_id = session.scalar(select(func.min(Tally.entry_id)))
    session.execute(update(Tally).where(Tally.entry_id == entry_id).values(votes=Tally.votes + 1))
    session.commit()
    count_again(phone, "和公布的票数不一致")
    assert re.search("账本 2 票，公布 [34] 票", phone.page.locator("body").inner_text())
    picture(phone.page)


def test_a_changed_ledger_is_noticed(pick_up_phone, build, vote, seal, picture):
    vote(1, 2)
    seal()
    phone = pick_up_phone(build)

    def flip_a_bit(route: Route) -> None:
        answer = route.fetch()
        body = bytearray(answer.body())
        body[-5] ^= 1
        route.fulfill(response=answer, body=bytes(body))

    phone.page.route("**/ledger/tile/entries/**", flip_a_bit)
    phone.open(VERIFY)
    phone.press("开始计票")
    expect(phone.text("下载的账本和签名对不上，有内容被改动")).to_be_visible()
    expect(phone.text("请截图保存")).to_be_visible()
    picture(phone.page)
    phone.page.unroute("**/ledger/tile/entries/**")
    phone.press("再数一次")
    expect(phone.text("条记录都和签名对得上")).to_be_visible()


def test_a_receipt_that_the_ledger_does_not_bear_out_is_noticed(
    pick_up_phone, build, vote, seal, picture
):
    ballot = vote(1)[0]
    seal()
    phone = pick_up_phone(build)

    def change_the_day(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"day": "2020-01-01"})

    phone.page.route(re.compile("/api/v1/receipts/[^/]+$"), change_the_day)
    phone.open(receipt_page(ballot["receipt_code"]))
    expect(phone.text("核对失败")).to_be_visible()
    expect(phone.text("这一步和公开账本对不上")).to_be_visible()
    picture(phone.page)


def test_a_ballot_set_aside_and_what_its_voter_says(
    pick_up_phone, campaign, http, make, session, seal, quarantine, picture
):
    voter = make.citizen()
    ballot = http.vote(campaign.id, make.entries(campaign)[1], token=voter.token).get_json()
    quarantine(ballot["id"], REASON)
    seal()
    phone = pick_up_phone("browser")
    remember(phone, session={"access": voter.token, "refresh": "none"})

    phone.open("/pages-vote/ballots/index")
    phone.press("巴图")
    expect(phone.text("待核").first).to_be_visible()
    expect(phone.text(f"原因：{REASON}")).to_be_visible()
    expect(phone.text(CHECKED)).to_be_visible()
    phone.press("计票说明")
    expect(phone.text("您有 1 票待核，正在人工复核，不影响您继续投票。")).to_be_visible()

    words = "我是本院职工，中午在食堂连医院的网投的票。"
    phone.page.get_by_label("请写明情况").last.fill(words)
    phone.page.context.set_offline(True)
    phone.press("提交异议")
    expect(phone.text("网络断开了。您写的内容已存在这部设备上")).to_be_visible(timeout=15_000)
    phone.page.context.set_offline(False)
    phone.reload()
    expect(phone.page.get_by_label("请写明情况").last).to_have_value(words)
    picture(phone.page, "written")
    phone.press("提交异议")
    expect(phone.text("正在复核，答复会放在这里")).to_be_visible()
    picture(phone.page, "sent")
    session.rollback()
    assert session.scalars(select(BallotObjection.text)).all() == [words]


def test_codes_that_lead_nowhere(pick_up_phone, build, campaign):
    phone = pick_up_phone(build)
    phone.open(VERIFY)
    phone.page.get_by_label("输入回执号").last.fill("0000")
    phone.press("查回执")
    expect(phone.text("回执号是 20 个字母和数字")).to_be_visible()
    phone.page.get_by_label("输入回执号").last.fill("0000-0000-0000-0000-0000")
    phone.press("查回执")
    expect(phone.text("查不到这个回执号")).to_be_visible()


def test_the_address_to_print_leads_to_the_page(pick_up_phone, campaign, seal):
    seal()
    phone = pick_up_phone("browser")
    phone.page.goto(f"{phone.site}/verify")
    expect(phone.heading("核对计票")).to_be_visible()
    expect(phone.button("开始计票")).to_be_visible()
