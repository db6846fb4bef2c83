"""Writing health knowledge: nothing is lost, what is pasted stays as it was, and who reviews it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.watching import check_readable
from tests.knowledge.writing import begin

MONGOLIAN = "ᠬᠤᠩᠬᠤ"
SENTENCE = "ᠬᠤᠩᠬᠤ ᠡᠮ ᠦᠨ ᠤᠷᠭᠤᠮᠠᠯ"


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def herb(make, hospital):
    """An empty draft of a herb."""
    return begin(make.console("institution_staff", hospital, name="萨仁"), hospital)


@pytest.fixture
def seen(picture):
    """Looks a page over once everything on it is there: readable, and kept as a picture."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        picture(page, name)
        check_readable(page)

    return look


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def text_box(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name)


def saved(page: Page) -> None:
    expect(page.get_by_text(re.compile("^已保存"))).to_be_visible(timeout=20_000)


def test_look(signed_in, herb, hospital, seen, picture):
    nurse = signed_in("institution_staff", hospital, name="乌云", height=1000)
    nurse.goto(f"/console/knowledge/{herb.id}")
    expect(nurse.get_by_role("heading", level=1)).to_be_visible()
    nurse.get_by_label("名称", exact=True).fill("黄芪")
    body = text_box(nurse, "详细介绍（中文）")
    body.click()
    nurse.keyboard.type("内蒙古是黄芪的道地产区。")
    saved(nurse)
    seen(nurse, "zh")
    nurse.get_by_text("并排").click()
    nurse.mouse.wheel(0, 900)
    picture(nurse, "both")
