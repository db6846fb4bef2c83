"""The console as its people use it in a quarter, from the first sign-in to the published result."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select, update

from models import Campaign
from tests.browser.watching import check_readable
from tests.files.pictures import jpeg
from tests.served import Voter
from tests.spreadsheets.files import table, zipped

PASSWORD = "Mugwort-and-7-herbs"
COMMISSION = "东胜区卫生健康委员会"
TITLE = re.compile("健康达人")
REASON = "照片请换成正面的，介绍请补充讲课的时间。"
# A live page asks again every five seconds.
NEXT_FIGURES_MS = 12_000


@pytest.fixture
def seen(picture) -> Callable[[Page, str], None]:
    """Looks a page over once everything on it is there: readable, and kept as a picture."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        picture(page, name)
        check_readable(page)

    return look


def shown(page: Page, title: str | re.Pattern) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def confirm(page: Page, action: str, reason: str = "") -> None:
    question = page.get_by_role("alertdialog")
    if reason:
        question.get_by_label("原因").fill(reason)
    press(question, action)
    expect(question).to_be_hidden()


def choose(where: Locator, field: str, option: str) -> None:
    where.get_by_label(field).click()
    where.page.locator(".t-select-option").filter(has_text=option).click()


def enter_moment(page: Page, field: str, days: int) -> None:
    """Types a moment of the users' own time zone."""
    moment = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)
    page.get_by_label(field).fill(f"{moment:%Y-%m-%d} 10:00")
    page.keyboard.press("Enter")


def test_the_first_administrator_joins_and_creates_an_organization(page, invitation, seen):
    join(page, invitation, seen)
    page.get_by_role("link", name="机构", exact=True).click()
    shown(page, "机构")
    seen(page, "organizations")
    create_clinic(page, seen)


def join(page: Page, invitation: str, seen) -> None:
    page.goto(invitation)
    shown(page, "接受邀请")
    seen(page, "invitation")
    page.get_by_label("用户名").fill("wulan")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    press(page, "继续")
    secret = page.locator("code").inner_text().replace(" ", "")
    seen(page, "authenticator")
    page.get_by_label("动态码").fill(pyotp.TOTP(secret).at(datetime.now(UTC)))
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()


def create_clinic(page: Page, seen) -> None:
    press(page, "新建机构")
    drawer = page.get_by_role("dialog", name="新建机构")
    drawer.get_by_role("combobox", name="选择上级机构").click()
    page.get_by_placeholder("搜索机构名称").fill("东胜区")
    page.get_by_role("button", name=COMMISSION).click()
    choose(drawer, "类型", "中医馆（蒙医馆）")
    drawer.get_by_label("名称").first.fill("民族街道蒙医馆")
    drawer.get_by_label("服务人口").fill("12000")
    seen(page, "new")
    press(drawer, "新建机构")
    created = page.get_by_role("dialog", name="民族街道蒙医馆")
    expect(created.get_by_role("list", name="上级机构")).to_contain_text(COMMISSION)
    seen(page, "created")
    press(created, "关闭")
    page.get_by_placeholder("搜索名称").fill("蒙医馆")
    expect(page.get_by_role("table", name="机构")).to_contain_text("民族街道蒙医馆")


def test_a_campaign_from_its_draft_to_its_result(signed_in, make, session, site, seen):
    hospital = make.institution("东胜区蒙医医院")
    officer = signed_in("district_officer", name="其木格")
    address = create_draft(officer, seen)
    campaign = session.scalars(select(Campaign)).one()
    import_entries(officer, seen)

    nurse = signed_in("institution_staff", hospital, name="萨仁")
    nominate(nurse, seen)
    give_back(officer, address, seen)
    hand_in_again(nurse, seen)
    approve(officer, address, seen)

    open_voting(officer, address, seen)
    watch_votes(officer, make, site, campaign, seen)
    show_posters(officer, seen)

    manager = signed_in("district_manager", name="乌兰其其格")
    close_early(officer, manager, seen)
    settle(session, campaign)
    city = signed_in("city_officer", make.commission("150600"), name="宝音")
    publish(manager, city, address, seen)


def create_draft(page: Page, seen) -> str:
    page.goto("/console/campaigns")
    press(page, "新建第一个活动")
    shown(page, "新建投票活动")
    page.get_by_role("radiogroup", name="哪一项比赛").get_by_text(TITLE).click()
    expect(page.get_by_label("活动名称")).to_have_value(TITLE)
    enter_moment(page, "开始投票", 3)
    enter_moment(page, "推荐截止", 2)
    page.get_by_label("介绍").first.fill("谁让您更懂蒙医药？请为身边的健康达人投一票。")
    seen(page, "new")
    press(page, "存为草稿")
    shown(page, TITLE)
    expect(page.get_by_text("必须完成，才能公布")).to_be_visible()
    seen(page, "draft")
    return page.url


def part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="活动的各部分").get_by_role("link", name=name).click()


def import_entries(page: Page, seen) -> None:
    rows = [
        ["编号", "名称", "所属机构", "介绍", "照片"],
        [1, "乌云其其格", "东胜区蒙医医院", "在社区讲蒙医养生二十年。", "乌云.jpg"],
        [2, "巴图", "", "带着邻居们练八段锦。", ""],
    ]
    part(page, "参评对象")
    press(page, "批量导入")
    dialog = page.get_by_role("dialog", name="批量导入参评对象")
    choose_file(dialog, zipped({"名单.xlsx": table(*rows, [3, "", "", "", ""])}))
    expect(dialog.get_by_role("table")).to_contain_text("没有找到这一格的图片")
    seen(page, "import-refused")
    choose_file(dialog, zipped({"名单.xlsx": table(*rows), "乌云.jpg": jpeg(600, 800)}))
    expect(dialog.get_by_text("将新增 2 条参评对象")).to_be_visible()
    seen(page, "import-tried")
    press(dialog, "导入参评对象")
    expect(dialog).to_be_hidden()
    entries = page.get_by_role("table", name="参评对象")
    expect(entries.get_by_role("row")).to_have_count(3)
    expect(entries.locator("img")).to_have_js_property("complete", True)
    seen(page, "entries")


def choose_file(dialog: Locator, content: bytes) -> None:
    file = {"name": "名单.zip", "mimeType": "application/zip", "buffer": content}
    dialog.locator("input[type=file]").set_input_files(file)


def nominate(page: Page, seen) -> None:
    page.goto("/console/nominations")
    shown(page, "推荐参评")
    seen(page, "calls")
    press(page, "填写推荐")
    shown(page, "填写推荐")
    page.get_by_label("名称").first.fill("图雅")
    portrait = {"name": "图雅.jpg", "mimeType": "image/jpeg", "buffer": jpeg(600, 800)}
    page.locator("input[type=file]").set_input_files(portrait)
    expect(page.get_by_role("button", name="移除")).to_be_visible()
    expect(page.get_by_text("正在上传")).to_be_hidden()
    press(page, "存为草稿")
    shown(page, "图雅")
    press(page, "提交审核")
    confirm(page, "提交审核")
    expect(page.get_by_role("main")).to_contain_text("正在等待审核")
    expect(page.get_by_alt_text("图雅的照片")).to_be_visible()
    seen(page, "nominated")


def give_back(page: Page, address: str, seen) -> None:
    page.goto(address)
    part(page, "推荐审核")
    expect(page.get_by_role("article")).to_contain_text("图雅")
    seen(page, "review")
    press(page, "退回修改")
    confirm(page, "退回推荐", REASON)
    expect(page.get_by_text("没有等待审核的推荐")).to_be_visible()


def hand_in_again(page: Page, seen) -> None:
    page.reload()
    expect(page.get_by_text(REASON)).to_be_visible()
    page.get_by_label("介绍").first.fill("每周三晚上给护士们讲蒙医护理，已讲一百多场。")
    seen(page, "returned")
    press(page, "提交审核")
    confirm(page, "提交审核")
    expect(page.get_by_role("main")).to_contain_text("正在等待审核")


def approve(page: Page, address: str, seen) -> None:
    page.goto(f"{address}?tab=review")
    expect(page.get_by_role("article")).to_contain_text(REASON)
    page.get_by_role("button", name="通过推荐").click()
    expect(page.get_by_text("已通过“图雅”")).to_be_visible()
    part(page, "参评对象")
    expect(page.get_by_role("table", name="参评对象")).to_contain_text("图雅")


def open_voting(page: Page, address: str, seen) -> None:
    page.goto(address)
    press(page, "更多操作")
    press(page, "现在开放")
    confirm(page, "现在开放")
    expect(page.get_by_text("投票已开放")).to_be_visible()
    seen(page, "open")


def watch_votes(page: Page, make, site, campaign: Campaign, seen) -> None:
    press(page, "看实况")
    first, *_, last = make.entries(campaign)
    votes = page.locator(".figure").filter(has=page.get_by_text("总票数", exact=True))
    expect(votes).to_contain_text("0票")
    cast(make, site, campaign, first, voters=4)
    expect(votes).to_contain_text("4票", timeout=NEXT_FIGURES_MS)
    cast(make, site, campaign, last, voters=2)
    expect(votes).to_contain_text("6票", timeout=NEXT_FIGURES_MS)
    expect(page.get_by_role("row").filter(has_text="乌云其其格")).to_contain_text("4")
    seen(page, "live")


def cast(make, site, campaign: Campaign, entry_id: int, *, voters: int) -> None:
    """That many citizens vote once each."""
    for _ in range(voters):
        voter = Voter(site.port, make.citizen().token)
        assert voter.vote(campaign.id, entry_id) == 201, voter.refusals
        voter.close()


def show_posters(page: Page, seen) -> None:
    part(page, "海报与小程序码")
    expect(page.get_by_role("button", name="只下载小程序码")).to_be_enabled()
    expect(page.get_by_role("img", name=TITLE)).to_be_visible()
    seen(page, "posters")


def agree(page: Page, what: str, seen) -> None:
    """Finds a colleague's proposal on the first page, and agrees to it."""
    page.goto("/console/")
    page.get_by_role("link", name="去确认").click()
    shown(page, "提请与确认")
    page.get_by_role("table", name="提请与确认").get_by_text(what).click()
    drawer = page.get_by_role("dialog", name=what)
    seen(page, "to-decide")
    press(drawer, "同意并执行")
    confirm(page, "同意并执行")
    expect(page.get_by_text("已同意，并且执行了")).to_be_visible()
    expect(page.get_by_text("还没有要确认的提请")).to_be_visible()


def close_early(page: Page, colleague: Page, seen) -> None:
    part(page, "概况")
    press(page, "更多操作")
    press(page, "提请提前结束")
    confirm(page, "提请提前结束", "会场停电，按预案提前结束。")
    expect(page.get_by_role("heading", name="等第二个人确认")).to_be_visible()
    expect(page.get_by_role("button", name="同意并执行")).to_have_count(0)
    seen(page, "closing-proposed")
    agree(colleague, "提前结束投票", seen)
    page.reload()
    expect(page.get_by_text("结果由本级负责人公布")).to_be_visible()
    expect(page.get_by_text("原因：会场停电，按预案提前结束。")).to_be_visible()
    seen(page, "closed")


def settle(session, campaign: Campaign) -> None:
    """As if the minute had passed in which the last ballots are stored."""
    earlier = Campaign.closes_at - timedelta(minutes=1)
    opened = Campaign.opens_at - timedelta(minutes=1)
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign.id)
        .values(opens_at=opened, closes_at=earlier)
    )
    session.commit()


def publish(page: Page, colleague: Page, address: str, seen) -> None:
    page.goto(address)
    press(page, "提请公布结果")
    dialog = page.get_by_role("dialog", name="提请公布结果")
    standings = dialog.get_by_role("list", name="将要公布的名次").get_by_role("listitem")
    expect(standings.first).to_have_text(re.compile(r"第 1 名\s*乌云其其格\s*4 票"))
    seen(page, "publish")
    press(dialog, "提请公布")
    expect(dialog).to_be_hidden()
    agree(colleague, "公布结果", seen)
    page.reload()
    expect(page.get_by_role("heading", name="公布的结果")).to_be_visible()
    seen(page, "published")
