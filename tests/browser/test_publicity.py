"""Publicity at two consoles: a hospital records it, the commission confirms, figures count it."""

from playwright.sync_api import Page, expect

from tests.browser.watching import check_readable
from tests.files.pictures import jpeg

TITLE = "蒙医专家走进直播间，讲冬季养生和蒙药泡脚"


def press(where, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, drawer, label: str, option: str) -> None:
    drawer.get_by_label(label).click()
    page.get_by_role("listitem", name=option).or_(
        page.locator(".t-select-option", has_text=option)
    ).first.click()


def record(page: Page) -> None:
    page.goto("/console/publicity")
    page.get_by_role("button", name="登记报道", exact=True).click()
    drawer = page.get_by_role("dialog", name="登记报道")
    press(drawer, "登记报道")
    expect(drawer.get_by_text("请填写标题。")).to_be_visible()
    drawer.get_by_label("标题").fill(TITLE)
    choose(page, drawer, "媒体类型", "电视")
    choose(page, drawer, "级别", "盟市级")
    drawer.get_by_label("媒体名称").fill("鄂尔多斯广播电视台")
    drawer.get_by_label("刊播日期").fill("2026-11-18")
    drawer.get_by_label("刊播日期").press("Enter")
    drawer.get_by_label("人物").fill("乌云其其格")
    drawer.locator("input[type=file]").set_input_files(
        {"name": "截图.jpg", "mimeType": "image/jpeg", "buffer": jpeg(640, 360)}
    )
    expect(drawer.get_by_alt_text("截图 1")).to_be_visible()


def test_it_is_recorded_confirmed_and_counted(signed_in, make, picture):
    hospital = make.institution("东胜区蒙医医院")
    nurse = signed_in("institution_staff", hospital, name="斯琴")
    record(nurse)
    picture(nurse, "form")
    drawer = nurse.get_by_role("dialog", name="登记报道")
    press(drawer, "登记报道")
    expect(drawer).to_be_hidden()
    expect(nurse.get_by_role("table")).to_contain_text("待确认")

    officer = signed_in("district_officer", name="王敏", is_dark=True)
    officer.goto("/console/")
    officer.get_by_role("link", name="去确认").click()
    officer.get_by_role("table").get_by_text(TITLE).click()
    drawer = officer.get_by_role("dialog", name=TITLE)
    expect(drawer.get_by_text("鄂尔多斯广播电视台（电视，盟市级）")).to_be_visible()
    officer.wait_for_load_state("networkidle")
    check_readable(officer)
    picture(officer, "to-confirm")
    press(drawer, "确认报道")
    expect(officer.get_by_text("已确认，计入当季统计")).to_be_visible()

    nurse.goto("/console/publicity/figures?quarter=2026Q4")
    expect(nurse.get_by_role("row", name="东胜区蒙医医院")).to_contain_text("1")
    expect(nurse.get_by_text("乌云其其格")).to_be_visible()
    nurse.wait_for_load_state("networkidle")
    check_readable(nurse)
    picture(nurse, "figures")
