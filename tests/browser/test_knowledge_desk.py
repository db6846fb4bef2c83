"""Health knowledge at the console's desk: lists, readers' queues, words of a search, labels."""

import re
from uuid import uuid4

import pytest
import segno
from playwright.sync_api import Locator, Page, expect

from models import KnowledgeComment, KnowledgeContribution, KnowledgeReport
from tests.browser.watching import AXE, RUN_AXE, check_readable
from tests.files.pictures import jpeg
from tests.knowledge.publications import make_topic, publish
from tests.knowledge.writing import HERB, begin

# Which of them an encoder of QR codes takes is its own affair.
MASKS = range(8)
WIDTHS = (1024, 768)
LONG_NAME = "蒙古黄芪与内蒙古道地药材膜荚黄芪"
HERBS = [
    ("黄芪", "ᠬᠣᠨᠴᠢᠷ", "Astragali Radix", "根", "补气升阳，固表止汗，利水消肿。", {}),
    (
        "附子",
        "ᠬᠣᠷᠤᠲᠤ",
        "Aconiti Lateralis Radix Praeparata",
        "子根的加工品",
        "回阳救逆，补火助阳，散寒止痛，用于亡阳虚脱、肢冷脉微、心阳不足、胸痹心痛。忌生用。",
        {"toxicity": "toxic", "pregnancy": "cautious"},
    ),
    (LONG_NAME, None, "Astragali Radix et Hedysari Radix", "根", "补气。" * 30, {}),
]
COMMENTS = ["奶奶常用它炖汤，讲得清楚。", "加微信领祖传秘方", "请问和党参能一起用吗？"]
GIFT = "立冬以后，用三两干艾草煮水，兑温水泡脚，一周两次。"

OVERFULL = """() => [...document.querySelectorAll(".desk .words")]
    .filter((words) => words.scrollHeight > words.clientHeight + 1)
    .map((words) => words.textContent)"""


@pytest.fixture
def herbs(make):
    return [
        publish(
            make,
            "herb",
            name=name,
            name_mn=name_mn,
            zh={"part_used": part, "actions": actions, "summary": "常用药。"},
            facts={"latin_name": latin} | facts,
            at=make.commission(),
            are_comments_open=True,
        )
        for name, name_mn, latin, part, actions, facts in HERBS
    ]


@pytest.fixture
def letters(make, herbs):
    """A report, three comments and a contribution with a picture."""
    herb, now = herbs[0].item_id, make.clock.now()
    citizen = make.citizen().citizen_id
    officer = make.console("district_officer", name="王敏")
    picture = officer.post("/files", jpeg(300, 200)).get_json()["id"]
    make._add(
        KnowledgeReport(
            item_id=herb,
            revision_number=1,
            citizen_id=citizen,
            text="拉丁名少了一个字母。",
            created_at=now,
            request_key=uuid4(),
        )
    )
    for text in COMMENTS:
        safety = "suspicious" if "微信" in text else "passed"
        make._add(
            KnowledgeComment(
                item_id=herb,
                citizen_id=citizen,
                text=text,
                created_at=now,
                safety=safety,
                request_key=uuid4(),
            )
        )
    make._add(
        KnowledgeContribution(
            citizen_id=citizen,
            organization_id=make.commission().id,
            title="奶奶的艾草泡脚方",
            text=GIFT,
            provenance={"collected_from": "乌云其其格", "collected_in": "东胜区罕台镇"},
            picture_ids=[picture],
            safety="unchecked",
            created_at=now,
            request_key=uuid4(),
        )
    )


def modules_of(code: Locator) -> list[list[bool]]:
    """The dark squares of a drawn QR code, read off the path of its drawing."""
    size = int(code.get_attribute("viewBox").split()[-1])
    dark = [[False] * size for _ in range(size)]
    path = code.locator("path").last.get_attribute("d")
    for x, y, width in re.findall(r"M(\d+)[ ,](\d+) ?h(\d+)v1H", path):
        dark[int(y)][int(x) : int(x) + int(width)] = [True] * int(width)
    return dark


def check_code(code: Locator, text: str) -> None:
    """It says the text: another encoder draws the same for it, with one of the masks."""
    made = [segno.make_qr(text, error="m", mask=mask, boost_error=False) for mask in MASKS]
    assert modules_of(code) in [
        [[bool(each) for each in row] for row in one.matrix] for one in made
    ]


def pages_of(pdf: bytes) -> list[tuple[int, ...]]:
    """The sizes of a PDF's pages in millimetres."""
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [tuple(round(float(each) / 72 * 25.4) for each in box) for box in boxes]


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def go(page: Page, path: str, title: str) -> None:
    page.goto(f"/console/{path}")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_the_desk_from_a_new_item_to_printed_labels(signed_in, make, herbs, letters, picture):
    hospital = make.institution("东胜区蒙医综合医院")
    page = signed_in("institution_staff", hospital, name="乌云")
    _begin_an_item(page, picture)

    page = signed_in("district_manager")
    go(page, "knowledge", "知识条目")
    expect(page.get_by_role("row", name=re.compile("还没有名称.*草稿"))).to_be_visible()
    picture(page, "list")
    page.get_by_role("link", name="待发布").click()
    expect(page.get_by_text("没有等待发布的条目")).to_be_visible()

    _answer_readers(page, picture)
    _order_topics(page, make, picture)
    _keep_synonyms(page, picture)
    _print_labels(page, herbs, picture)


def _begin_an_item(page: Page, picture) -> None:
    go(page, "knowledge", "知识条目")
    expect(page.get_by_text("还没有健康知识")).to_be_visible()
    picture(page, "empty")
    page.get_by_role("button", name="写一篇").first.click()
    press(page, "开始写")
    expect(page.get_by_text("请选择写哪一类。")).to_be_visible()
    page.get_by_text("一味药：").click()
    picture(page, "new")
    press(page, "开始写")
    expect(page).to_have_url(re.compile(r"/console/knowledge/\d+$"))


def _answer_readers(page: Page, picture) -> None:
    go(page, "knowledge/readers", "读者反馈")
    tabs = page.get_by_role("navigation", name="哪些反馈")
    expect(tabs.get_by_role("link", name="评论审核 3")).to_be_visible()
    picture(page, "reports")
    press(page, "答复")
    dialog = page.get_by_role("dialog", name="答复报错")
    dialog.get_by_text("条目里的错误已经改好").click()
    dialog.get_by_label("答复", exact=True).fill("谢谢您，已经改好。")
    press(dialog, "答复读者")
    expect(page.get_by_text("没有等待答复的报错")).to_be_visible()

    tabs.get_by_role("link", name="评论审核").click()
    comments = page.get_by_role("article")
    expect(comments).to_have_count(3)
    picture(page, "comments")
    comments.first.focus()
    page.keyboard.press("y")
    expect(comments).to_have_count(2)
    expect(comments.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(comments.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog", name="不公开这条评论")
    press(dialog, "含有广告或联系方式")
    picture(page, "rejecting")
    press(dialog, "不公开")
    expect(comments).to_have_count(1)
    expect(tabs.get_by_role("link", name="评论审核 1")).to_be_visible()

    tabs.get_by_role("link", name="市民投稿").click()
    press(page, "看投稿")
    drawer = page.get_by_role("dialog", name="奶奶的艾草泡脚方")
    expect(drawer.get_by_text(GIFT)).to_be_visible()
    expect(drawer.get_by_role("img", name="第 1 张图片")).to_be_visible()
    press(drawer, "采用")
    picture(page, "contribution")
    press(drawer, "采用，存为草稿")
    expect(page).to_have_url(re.compile(r"/console/knowledge/\d+$"))


def _order_topics(page: Page, make, picture) -> None:
    for name in ("四季养生", "蒙医蒙药"):
        make_topic(make, name)
    go(page, "knowledge/topics", "主题")
    press(page, "添加主题")
    page.get_by_label("名称", exact=True).fill("孕期与儿童")
    page.get_by_label("蒙古文名称").fill("ᠵᠢᠷᠡᠮᠰᠡᠨ")
    picture(page, "topic")
    press(page.get_by_role("dialog"), "添加主题")
    rows = page.get_by_role("list", name="主题的顺序").get_by_role("listitem")
    expect(rows).to_have_count(3)
    handle = page.get_by_role("button", name=re.compile("^移动孕期与儿童"))
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_contain_text("孕期与儿童")
    expect(handle).to_be_focused()
    rows.nth(2).drag_to(rows.first)
    expect(rows.first).to_contain_text("蒙医蒙药")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(rows).to_contain_text(["蒙医蒙药", "四季养生", "孕期与儿童"])
    picture(page, "topics")


def _keep_synonyms(page: Page, picture) -> None:
    go(page, "knowledge/synonyms", "同义词")
    page.get_by_role("button", name="添加同义词").first.click()
    field = page.get_by_placeholder("输入一个词，按回车")
    field.fill("双花、金银花、")
    field.fill("忍冬花")
    field.press("Enter")
    press(page, "保存")
    row = page.get_by_role("row", name=re.compile("双花.*金银花.*忍冬花"))
    expect(row).to_be_visible()
    press(page, "添加同义词")
    field.fill("银花、金银花")
    press(page, "保存")
    expect(
        page.get_by_role("dialog").get_by_text(
            re.compile("“金银花”已经在“双花、金银花、忍冬花”这一组")
        )
    ).to_be_visible()
    picture(page, "synonyms")
    press(page, "取消")
    press(row, "删除双花这一组")
    press(page.get_by_role("alertdialog"), "删除这组")
    expect(page.get_by_text("还没有同义词")).to_be_visible()


def _print_labels(page: Page, herbs, picture) -> None:
    page.add_init_script("window.print = () => { window.printed = true; };")
    go(page, "knowledge/labels", "药材标签")
    expect(page.get_by_role("button", name="打印", exact=True)).to_be_disabled()
    press(page, "选上面全部")
    expect(page.get_by_text("第 1 页，共 1 页")).to_be_visible()
    for size in ("挂牌", "药柜", "园地"):
        page.get_by_text(size, exact=True).click()
        page.wait_for_load_state("networkidle")
        picture(page, f"labels-{size}")
        assert page.evaluate(OVERFULL) == [], size
        assert pages_of(page.pdf(prefer_css_page_size=True)) == [(210, 297)], size
    page.get_by_text("挂牌", exact=True).click()
    page.get_by_role("textbox", name="每味印几张").fill("8")
    page.keyboard.press("Tab")
    press(page, "打印 2 页")
    assert page.evaluate("window.printed")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(210, 297)] * 2
    label = page.locator(".desk").get_by_role("article").filter(has_text="附子").first
    expect(label).to_contain_text("有毒")
    expect(label).to_contain_text("孕期慎用")
    site = page.evaluate("fetch('/api/v1/staff/session').then((a) => a.json())")["site_url"]
    check_code(label.locator("svg"), f"{site}/k/{herbs[1].item_id}")


def test_the_desk_on_small_screens_in_the_dark_and_cut_off(
    signed_in, make, herbs, letters, picture
):
    hospital = make.institution("东胜区蒙医综合医院")
    nurse = make.console("institution_staff", hospital, name="乌云")
    begin(nurse, hospital).save(HERB | {"mn": {"name": "ᠬᠣᠩᠴᠢᠷ"}})
    make_topic(make, "四季养生")
    pages = {
        "knowledge": "知识条目",
        "knowledge/new": "写一篇",
        "knowledge/readers": "读者反馈",
        "knowledge/readers?tab=comments": "读者反馈",
        "knowledge/readers?tab=contributions": "读者反馈",
        "knowledge/topics": "主题",
        "knowledge/synonyms": "同义词",
        "knowledge/exchange": "导入导出",
        f"knowledge/labels?items={herbs[1].item_id}": "药材标签",
    }
    page = signed_in("district_manager", width=WIDTHS[0], is_dark=True)
    for path, title in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            go(page, path, title)
            page.wait_for_load_state("networkidle")
            picture(page, f"{re.sub(r'[^a-z]+', '-', path)}-{width}")
            assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
        if "labels" in path:
            # What is printed small is shown as small.
            page.evaluate(AXE.read_text())
            assert page.evaluate(RUN_AXE) == []
        else:
            check_readable(page)

    page.context.set_offline(True)
    page.get_by_placeholder("搜索药材名称").fill("黄")
    expect(page.get_by_role("alert").get_by_text(re.compile("连不上"))).to_be_visible()
    page.context.set_offline(False)
    press(page, "重试")
    expect(page.get_by_text(re.compile("没有找到|黄芪")).first).to_be_visible()

    page = signed_in("security_administrator", name="阿拉坦")
    page.goto("/console/knowledge/readers")
    expect(page.get_by_text(re.compile("没有查看这一页的权限"))).to_be_visible()
