"""Writing health knowledge: nothing is lost, what is pasted stays as it was, and who reviews it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from services.knowledge.writing.rich_text import clean_html
from tests.browser.watching import check_readable
from tests.files.pictures import jpeg
from tests.knowledge.writing import HERB, Written, begin, changed
from tests.knowledge.xss_samples import SAMPLES

# Without those that show a picture which nobody has uploaded.
HOSTILE = [sample for sample in SAMPLES if "/files/" not in sample]
SENTENCE = "ᠬᠤᠩᠬᠤ ᠡᠮ ᠦᠨ ᠤᠷᠭᠤᠮᠠᠯ"
REMARK = "剂量要写清楚：成人一天多少克。"
PICTURE = {"name": "黄芪的根.jpg", "mimeType": "image/jpeg", "buffer": jpeg(800, 600)}
CONTENT = "**/api/v1/staff/knowledge/items/*/content"
WORD = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><body><!--StartFragment-->
<h1>采收<o:p></o:p></h1>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>
秋季采挖</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)</span>
除去须根</p>
<table><tr><td colspan=2><p class=MsoNormal>年份</p></td></tr>
<tr><td>三年</td><td><b>最好</b></td></tr></table>
<p><img src="file:///C:/clip_image001.png"></p><!--EndFragment--></body></html>"""
WECHAT = """<div id="js_content"><section><section style="font-weight:bold"><span>春天养肝</span>
</section></section><section><img data-src="https://mmbiz.qpic.cn/a/640"></section></div>"""
PASTE = """(box, [html, text]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", text);
    box.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
PASTE_ALL = """async (box, samples) => {
    for (const html of samples) {
        const data = new DataTransfer();
        data.setData("text/html", html);
        box.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        await new Promise(requestAnimationFrame);
    }
}"""


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def herb(make, hospital) -> Written:
    """An empty draft of a herb."""
    return begin(make.console("institution_staff", hospital, name="萨仁"), hospital)


ARRIVED_OR_OFFERED = """() => document.querySelector('[role=alert]')
    || document.querySelector('[id="field-facts.latin_name"] input')?.value"""


@pytest.fixture
def seen(picture) -> Callable[[Page, str], None]:
    """Looks a page over once everything on it is there: readable, and kept as a picture."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        page.locator("#content").evaluate("content => content.scrollTo(0, 0)")
        picture(page, name)
        check_readable(page)

    return look


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="这一篇的各部分").get_by_role("link", name=name).click()


def confirm(page: Page, action: str) -> None:
    question = page.get_by_role("alertdialog")
    press(question, action)
    expect(question).to_be_hidden()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile("^ *已保存"))).to_be_visible(
        timeout=20_000
    )


def field(page: Page, place: str) -> Locator:
    return page.locator(f'[id="field-{place}"]')


def write(page: Page, place: str, text: str) -> None:
    field(page, place).locator("input, textarea").first.fill(text)


def paper(page: Page, place: str) -> Locator:
    return field(page, place).locator("[contenteditable=true]")


def paste(box: Locator, html: str, text: str = "") -> None:
    box.click()
    box.evaluate(PASTE, [html, text])


def test_a_herb_in_two_scripts_is_written_reviewed_and_published(
    signed_in, herb, hospital, seen, session, http
):
    nurse = signed_in("institution_staff", hospital, name="乌云", width=1440, height=1000)
    nurse.goto(f"/console/knowledge/{herb.id}")
    write_herb(nurse, seen)
    lose_the_connection(nurse, seen)
    hand_in(nurse, seen)
    doctor = signed_in("medical_reviewer", name="巴特尔", height=1000)
    give_back(doctor, herb, seen)
    correct(nurse, seen)
    officer = signed_in("district_manager", name="王敏")
    approve_and_publish(doctor, officer, herb, seen)
    assert http.get(f"/knowledge/items/{herb.id}").get_json()["mn"]["name"] == SENTENCE


def write_herb(page: Page, seen) -> None:
    for name in ("name", "part_used", "properties", "actions", "cautions"):
        write(page, f"zh.{name}", HERB["zh"][name])
    write(page, "zh.summary", HERB["zh"]["summary"])
    body = paper(page, "zh.body")
    body.click()
    page.keyboard.type("内蒙古是黄芪的道地产区。")
    press(field(page, "zh.body"), "插入表格")
    page.keyboard.type("部位")
    field(page, "zh.body").locator("input[type=file]").set_input_files(PICTURE)
    expect(body.locator("img")).to_have_attribute("alt", "黄芪的根")
    field(page, "facts.pictures").locator("input[type=file]").set_input_files(PICTURE)
    expect(field(page, "facts.pictures").get_by_text("封面")).to_be_visible()
    saved(page)
    press(page, "提交审核")
    expect(page.get_by_text("这一项还没有填。").first).to_be_visible()
    seen(page, "gaps")


def lose_the_connection(page: Page, seen) -> None:
    """Drops it while a save is under way, goes on writing without it, and loses the page."""
    page.route(CONTENT, lambda route: route.abort("internetdisconnected"))
    write(page, "facts.latin_name", "Astragali Radix")
    expect(page.get_by_text("没有网络，已存在这台电脑上")).to_be_visible(timeout=10_000)
    write(page, "facts.source", HERB["facts"]["source"])
    page.wait_for_timeout(500)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    offer = page.get_by_role("alert").filter(has_text="还在这台电脑上")
    # What leaves together with the page may get through; then there is nothing to offer.
    page.wait_for_function(ARRIVED_OR_OFFERED)
    page.unroute(CONTENT)
    if offer.count():
        expect(offer).to_contain_text("Astragali Radix")
        seen(page, "left-over")
        press(offer, "用电脑上的")
    saved(page)
    page.reload()
    expect(field(page, "facts.source").locator("textarea")).to_have_value(HERB["facts"]["source"])
    expect(page.get_by_text("还在这台电脑上")).to_have_count(0)


def hand_in(page: Page, seen) -> None:
    page.get_by_text("并排", exact=True).click()
    write(page, "mn.name", SENTENCE)
    for name in ("summary", "part_used", "properties", "actions", "cautions"):
        write(page, f"mn.{name}", SENTENCE)
    for choice in ("孕期慎用", "无毒", "药典或国家标准"):
        page.get_by_text(choice, exact=True).click()
    expect(page.get_by_text("都齐了，可以提交")).to_be_visible(timeout=20_000)
    seen(page, "complete")
    press(page, "提交审核")
    confirm(page, "提交审核")
    expect(page.get_by_text("正在等医学审核")).to_be_visible()


def give_back(page: Page, herb: Written, seen) -> None:
    page.goto(f"/console/knowledge/{herb.id}")
    field(page, "zh.actions").get_by_role("button", name="写意见").click()
    field(page, "zh.actions").get_by_role("textbox").fill(REMARK)
    seen(page, "review")
    page.get_by_role("button", name="退回修改").click()
    dialog = page.get_by_role("dialog", name="退回修改")
    expect(dialog).to_contain_text(REMARK)
    press(dialog, "退回给作者")
    expect(page.get_by_text("已退回", exact=True)).to_be_visible()


def correct(page: Page, seen) -> None:
    page.reload()
    expect(field(page, "zh.actions")).to_contain_text(REMARK)
    seen(page, "returned")
    write(page, "zh.actions", "补气升阳，成人一天九到三十克。")
    saved(page)
    press(page, "蒙古文已对照核对")
    expect(page.get_by_text("蒙古文还没有跟着改")).to_have_count(0)
    saved(page)
    press(page, "提交审核")
    confirm(page, "提交审核")
    expect(page.get_by_text("正在等医学审核")).to_be_visible()


def approve_and_publish(doctor: Page, officer: Page, herb: Written, seen) -> None:
    doctor.goto(f"/console/knowledge/{herb.id}?tab=revisions")
    expect(doctor.locator("ins").first).to_contain_text("成人一天")
    seen(doctor, "comparison")
    part(doctor, "手机预览")
    expect(doctor.get_by_role("region", name="手机预览")).to_contain_text("黄芪")
    seen(doctor, "preview")
    doctor.get_by_text("蒙古文", exact=True).click()
    expect(doctor.get_by_label("蒙古文页面")).to_be_visible()
    seen(doctor, "preview-mongolian")
    press(doctor, "通过审核")
    press(doctor.get_by_role("dialog", name="通过医学审核"), "通过审核")
    expect(doctor.get_by_text("等卫健委发布")).to_be_visible()
    officer.goto(f"/console/knowledge/{herb.id}")
    press(officer, "发布")
    press(officer.get_by_role("dialog", name="发布"), "现在发布")
    expect(officer.get_by_text("已发布", exact=True)).to_be_visible()


def test_pasting_keeps_structure_and_nothing_hostile_ever_runs(signed_in, herb, hospital, picture):
    stored = "".join(clean_html(sample) for sample in HOSTILE)
    assert herb.save(changed(HERB, "zh", body=stored, cautions=SAMPLES[0])).status_code == 200
    nurse = signed_in("institution_staff", hospital, name="乌云", height=1000)
    # The page that is watched fails by itself when its policy had to stop something.
    ran: list[str] = []
    nurse.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.accept()))
    nurse.route("**/api/v1/staff/files/remote", lambda route: route.fulfill(status=422, json={}))
    nurse.goto(f"/console/knowledge/{herb.id}")
    expect(paper(nurse, "zh.body")).to_be_visible()
    growing = paper(nurse, "zh.growing")
    paste(growing, WORD)
    expect(growing.locator("h2")).to_have_text("采收")
    expect(growing.locator("ol > li > ol > li")).to_have_text("除去须根")
    expect(growing.locator("td[colspan='2']")).to_have_text("年份")
    expect(growing.get_by_text("图片要另行上传")).to_have_count(1)
    growing.press("Control+End")
    paste(growing, WECHAT)
    expect(growing.get_by_text("图片要另行上传")).to_have_count(2)
    expect(growing.locator("strong", has_text="春天养肝")).to_be_visible()
    growing.press("Control+End")
    paste(growing, "", "第一行\n第二行")
    expect(growing.locator("p", has_text="第二行")).to_have_count(1)
    picture(nurse, "pasted")
    usage = paper(nurse, "zh.body")
    usage.click()
    usage.evaluate(PASTE_ALL, HOSTILE)
    saved(nurse)
    kept = herb.read()["head"]["content"]["zh"]["growing"]
    assert "<ol><li><p>秋季采挖</p><ol>" in kept
    part(nurse, "手机预览")
    expect(nurse.get_by_role("region", name="手机预览")).to_contain_text("采收")
    part(nurse, "历次版本")
    expect(nurse.get_by_role("heading", name="对照两个版本")).to_be_visible()
    nurse.wait_for_load_state("networkidle")
    give_raw(nurse, herb)
    nurse.goto(f"/console/knowledge/{herb.id}")
    expect(paper(nurse, "zh.body")).to_contain_text("x")
    assert ran == []


def give_raw(page: Page, herb: Written) -> None:
    """Has the server answer as if it had cleaned nothing."""

    def answer(route: Route) -> None:
        item = route.fetch().json()
        item["head"]["content"]["zh"]["body"] = "".join(SAMPLES)
        route.fulfill(json=item)

    page.route(f"**/api/v1/staff/knowledge/items/{herb.id}", answer)


def test_columns_of_mongolian_by_keyboard_in_the_dark(signed_in, herb, hospital, seen):
    nurse = signed_in("institution_staff", hospital, name="乌云", height=1000, is_dark=True)
    nurse.goto(f"/console/knowledge/{herb.id}")
    nurse.get_by_text("蒙古文", exact=True).click()
    body = paper(nurse, "mn.body")
    body.click()
    nurse.keyboard.type(" ".join([SENTENCE] * 4))
    offset = "() => getSelection().focusOffset"
    end = nurse.evaluate(offset)
    nurse.keyboard.press("ArrowUp")
    assert nurse.evaluate(offset) == end - 1
    nurse.keyboard.press("ArrowLeft")
    assert nurse.evaluate(offset) < end - 10
    nurse.keyboard.press("Shift+ArrowDown")
    nurse.wait_for_function("() => !getSelection().isCollapsed")
    nurse.keyboard.press("Control+b")
    expect(body.locator("strong")).to_have_count(1)
    bar = field(nurse, "mn.body").get_by_role("toolbar")
    bar.get_by_role("button", name="标题", exact=True).focus()
    nurse.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="小标题")).to_be_focused()
    nurse.keyboard.press("Enter")
    expect(body.locator("h3")).to_have_count(1)
    saved(nurse)
    nurse.keyboard.press("Control+z")
    expect(body.locator("h3")).to_have_count(0)
    saved(nurse)
    seen(nurse, "dark")
    kept = herb.read()["head"]["content"]["mn"]["body"]
    assert SENTENCE in re.sub("<[^>]+>", "", kept)
