"""The main pages on the screens people have: beside each other, on a wall, and narrow."""

import pytest
from playwright.sync_api import expect

from tests.browser.watching import check_readable


@pytest.mark.parametrize("width", [1280, 1920, 768])
def test_every_main_page_fits_its_screen(signed_in, make, picture, width):
    is_dark = width == 1280
    campaign = make.campaign(title="东胜区2026年第四季度“健康达人”评选")
    pages = {
        "dashboard": "乌兰其其格，您好",
        "campaigns": "投票活动",
        f"campaigns/{campaign.id}": campaign.title,
    }
    pages |= {"organizations": "机构", "staff": "人员", "audit": "操作记录"}
    pages |= {"messages": "微信消息"}
    manager = signed_in("district_manager", width=width, is_dark=is_dark)
    auditor = signed_in("auditor", name="阿拉坦", width=width, is_dark=is_dark)
    for path, title in pages.items():
        page = auditor if path == "audit" else manager
        page.goto(f"/console/{path}")
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        picture(page, path.replace("/", "-"))
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
        if is_dark:
            check_readable(page)
