"""Two persons at their consoles: one proposes to publish, the other agrees, the public sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.watching import check_readable

PROPOSE = "提请公布结果"
NOTICE = "结果已经核对，公示七天。"


@pytest.fixture
def closed(make):
    """A campaign that closed some minutes ago."""
    now = make.clock.now()
    return make.campaign(
        opens_at=now - timedelta(days=3), closes_at=now - timedelta(minutes=5), title="健康达人评选"
    )


def press(where, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def propose(page: Page, campaign) -> None:
    page.goto(f"/console/campaigns/{campaign.id}")
    press(page, PROPOSE)
    dialog = page.get_by_role("dialog", name=PROPOSE)
    expect(dialog.get_by_text("要两个人同意才能做")).to_be_visible()
    dialog.get_by_label("公布的话").fill(NOTICE)
    press(dialog, "提请公布")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", name="等第二个人确认")).to_be_visible()


def test_one_proposes_another_agrees_and_the_public_sees_the_result(
    signed_in, closed, http, picture
):
    one = signed_in("district_manager", name="乌兰其其格")
    other = signed_in("district_manager", name="宝音")
    propose(one, closed)
    expect(one.get_by_text("自己提请的，自己不能确认")).to_be_visible()
    expect(one.get_by_role("button", name="同意并执行")).to_have_count(0)
    expect(one.get_by_role("button", name=PROPOSE)).to_be_disabled()
    one.wait_for_load_state("networkidle")
    check_readable(one)
    picture(one, "proposed")
    one.goto("/console/proposals")
    expect(one.get_by_text("还没有要确认的提请")).to_be_visible()

    other.goto("/console/proposals")
    # By keyboard alone: into the table, the row, its drawer, and the question.
    row = other.get_by_role("table", name="提请与确认").get_by_role("row").nth(1)
    row.focus()
    other.keyboard.press("Enter")
    drawer = other.get_by_role("dialog", name="公布结果")
    expect(drawer.get_by_text(NOTICE)).to_be_visible()
    expect(drawer.get_by_role("list", name="将要公布的名次")).to_contain_text("参评对象1")
    check_readable(other)
    picture(other, "drawer")
    drawer.get_by_role("button", name="同意并执行").focus()
    other.keyboard.press("Enter")
    question = other.get_by_role("alertdialog", name="同意：公布结果")
    expect(question).to_contain_text("公布以后不能更改")
    question.get_by_role("button", name="同意并执行").focus()
    other.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(other.get_by_text("已同意，并且执行了")).to_be_visible()

    assert http.get(f"/campaigns/{closed.id}").get_json()["result_notice"] == NOTICE
    one.goto(f"/console/campaigns/{closed.id}")
    expect(one.get_by_role("heading", name="公布的结果")).to_be_visible()
    expect(one.get_by_text("宝音同意并执行")).to_be_visible()
    picture(one, "published")


def test_declining_with_a_reason_and_taking_back(signed_in, closed, http):
    one = signed_in("district_manager", name="乌兰其其格")
    other = signed_in("district_manager", name="宝音")
    propose(one, closed)
    other.goto(f"/console/campaigns/{closed.id}")
    press(other, "不同意")
    question = other.get_by_role("alertdialog", name="不同意：公布结果")
    expect(question.get_by_role("button", name="不同意")).to_be_disabled()
    question.get_by_label("原因").fill("还有一项异议没有答复")
    question.get_by_role("button", name="不同意").click()
    expect(question).to_be_hidden()
    one.reload()
    expect(one.get_by_text("还有一项异议没有答复")).to_be_visible()
    propose(one, closed)
    press(one, "撤回提请")
    press(one.get_by_role("alertdialog"), "撤回提请")
    expect(one.get_by_text("已撤回提请")).to_be_visible()
    expect(one.get_by_role("button", name=PROPOSE)).to_be_enabled()
    assert http.get(f"/campaigns/{closed.id}").get_json()["result_published_at"] is None


def test_an_officer_sees_what_only_managers_may_decide(make, clock, signed_in, closed):
    clock.set(datetime.now(UTC))
    manager = make.console("district_manager")
    assert manager.propose(closed.id, "publish_result", notice=NOTICE).status_code == 201
    officer = signed_in("district_officer", name="其木格")
    officer.goto(f"/console/campaigns/{closed.id}")
    expect(officer.get_by_text("等有权限的同事确认")).to_be_visible()
    expect(officer.get_by_role("button", name="同意并执行")).to_have_count(0)
