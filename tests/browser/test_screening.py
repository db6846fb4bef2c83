"""Reviewing ballots that were set aside, as an officer does it at the console."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from models import Ballot, BallotObjection, BallotOrigin, Campaign, Citizen, Tally
from tests.browser.watching import check_readable

VOTERS = 24
OBJECTION = "我在医院的体验活动上注册，后来才想起来投票，不是刷票，请恢复我的票。"
ANSWER = "经核对，您的投票属于正常投票，已恢复计票，感谢您的说明。"
PERSON = "内科王医生组织刷票"
REASON = "经核查为集中刷票"


@dataclass(frozen=True)
class Crowd:
    """Voters whose accounts were made within minutes and who vote for one entry much later."""

    entry_id: int
    network: int
    voter_ids: list[int]


@pytest.fixture
def farm(make, session) -> Callable[..., Crowd]:
    """Rows as the ballot box would write them, cast within the last quarter of an hour."""

    def cast(campaign: Campaign, entry_id: int, *, network: int, source: str | None) -> Crowd:
        now = _within_one_day()
        registered = now - timedelta(hours=5)
        voters = [
            Citizen(created_at=registered + timedelta(seconds=10 * place))
            for place in range(VOTERS)
        ]
        session.add_all(voters)
        session.flush()
        for place, voter in enumerate(voters):
            ballot = _ballot(campaign, entry_id, voter, now - timedelta(seconds=600 - 11 * place))
            ballot.source = source
            session.add(ballot)
            session.flush()
            session.add(
                BallotOrigin(
                    ballot_id=ballot.id,
                    address_key=network * 100 + place,
                    network_key=network,
                    device_key=network * 7,
                )
            )
        session.add(Tally(entry_id=entry_id, shard=0, campaign_id=campaign.id, votes=VOTERS))
        session.commit()
        return Crowd(entry_id, network, [voter.id for voter in voters])

    return cast


def _within_one_day() -> datetime:
    """Now, or so long before midnight that all of a crowd votes on one day."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    midnight = now.replace(hour=0, minute=0, second=0)
    is_early = now - midnight < timedelta(minutes=15)
    return (midnight - timedelta(seconds=1) if is_early else now).astimezone(UTC)


def _ballot(campaign: Campaign, entry_id: int, voter: Citizen, cast_at: datetime) -> Ballot:
    return Ballot(
        campaign_id=campaign.id,
        entry_id=entry_id,
        voter_id=voter.id,
        receipt_secret=uuid4().int >> 80,
        cast_at=cast_at,
        request_key=uuid4(),
        cast_on=cast_at.astimezone(ZoneInfo("Asia/Shanghai")).date(),
        number=1,
        number_today=1,
        number_today_for_entry=1,
    )


@pytest.fixture
def screen(run, clock) -> Callable[[], None]:
    """Screens what has come in, at the moment the served copy lives in."""

    def screen_now() -> None:
        clock.set(datetime.now(UTC))
        run("screen_ballots")

    return screen_now


@pytest.fixture
def seen(picture) -> Callable[[Page, str], None]:
    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        picture(page, name)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), name
        check_readable(page)

    return look


def part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="核查的各部分").get_by_role("link", name=name).click()


def press(where: Page | Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def figure(page: Page, label: str) -> Locator:
    return page.locator(".figure").filter(has=page.get_by_text(label, exact=True))


def groups(page: Page) -> Locator:
    return page.get_by_role("table", name="选票分组").locator("tbody tr")


def open_group(page: Page, entry: str) -> None:
    groups(page).filter(has_text=entry).get_by_role("link").click()
    expect(page.get_by_role("heading", name="疑点")).to_be_visible()


def test_an_officer_reviews_two_groups_and_an_objection(
    signed_in, make, session, farm, screen, seen
):
    campaign = make.campaign(annulments_alone=100)
    first, second, _ = make.entries(campaign)
    wrong = farm(campaign, first, network=1001, source=None)
    farm(campaign, second, network=2002, source="share")
    screen()

    page = signed_in("district_officer", name="其木格", width=1024)
    page.goto("/console/screening")
    page.get_by_role("link", name=campaign.title).click()
    expect(groups(page)).to_have_count(2)
    expect(figure(page, "待核")).to_contain_text(f"{2 * VOTERS}票")
    seen(page, "groups")

    open_group(page, "1 号")
    expect(page.get_by_text("也可能是").first).to_be_visible()
    seen(page, "group")
    annul(page, seen)
    page.get_by_role("link", name="返回分组").click()

    part(page, "待处理")
    open_group(page, "2 号")
    release_some(page, seen)
    release_rest(page)
    page.get_by_role("link", name="返回分组").click()
    part(page, "待处理")
    expect(page.get_by_text("没有可疑的选票等待核查")).to_be_visible()
    expect(figure(page, "待核")).to_contain_text("0票")
    expect(figure(page, "作废")).to_contain_text(f"{VOTERS}票")
    expect(figure(page, "恢复")).to_contain_text(f"{VOTERS}票")
    seen(page, "nothing-waits")

    object_to(session, campaign, wrong.voter_ids[0])
    answer(page, seen)
    part(page, "待处理")
    expect(figure(page, "作废")).to_contain_text(f"{VOTERS - 1}票")


def annul(page: Page, seen) -> None:
    press(page, "全部作废")
    dialog = page.get_by_role("dialog", name=f"作废 {VOTERS} 票")
    expect(dialog.get_by_text("理由会公开并永久保存")).to_be_visible()
    dialog.get_by_label("理由", exact=True).fill(PERSON)
    press(dialog, "作废")
    expect(dialog.get_by_text("好像提到了某个人")).to_be_visible()
    press(dialog, REASON)
    seen(page, "annul")
    press(dialog, "作废")
    expect(page.get_by_text("已作废").first).to_be_visible()
    expect(page.get_by_role("heading", name="疑点")).to_be_visible()
    expect(page.get_by_role("button", name="全部作废")).to_have_count(0)


def release_some(page: Page, seen) -> None:
    """By keyboard: the first row and the one below."""
    rows = page.get_by_role("table", name="选票").locator("tbody tr")
    expect(rows).to_have_count(VOTERS)
    rows.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("已选 2 项")).to_be_visible()
    seen(page, "chosen")
    press(page, "恢复计票 2")
    dialog = page.get_by_role("dialog", name="恢复计票 2 票")
    press(dialog, "经核查为正常投票")
    press(dialog, "恢复计票")
    expect(dialog).to_be_hidden()
    expect(rows.filter(has_text="已恢复计票")).to_have_count(2)


def release_rest(page: Page) -> None:
    expect(page.get_by_text(f"待核 {VOTERS - 2}")).to_be_visible()
    press(page, "全部恢复计票")
    dialog = page.get_by_role("dialog", name=f"恢复计票 {VOTERS - 2} 票")
    press(dialog, "经核查为正常投票")
    press(dialog, "恢复计票")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="全部恢复计票")).to_have_count(0)


def object_to(session, campaign: Campaign, voter_id: int) -> None:
    session.add(
        BallotObjection(
            campaign_id=campaign.id,
            citizen_id=voter_id,
            text=OBJECTION,
            created_at=datetime.now(UTC),
        )
    )
    session.commit()


def answer(page: Page, seen) -> None:
    part(page, "市民异议")
    expect(page.get_by_text(OBJECTION)).to_be_visible()
    seen(page, "objection")
    press(page, "答复")
    dialog = page.get_by_role("dialog", name="答复异议")
    dialog.get_by_text("异议成立").click()
    dialog.get_by_label("答复", exact=True).fill(ANSWER)
    seen(page, "answer")
    press(dialog, "答复市民")
    expect(page.get_by_text("没有等待答复的异议")).to_be_visible()
    page.get_by_text("异议成立", exact=True).click()
    expect(page.get_by_text(ANSWER)).to_be_visible()


def test_somebody_who_may_only_look_sees_no_buttons(signed_in, make, session, farm, screen, seen):
    campaign = make.campaign()
    entry, *_ = make.entries(campaign)
    crowd = farm(campaign, entry, network=1001, source=None)
    screen()
    object_to(session, campaign, crowd.voter_ids[0])
    page = signed_in("auditor", name="阿拉坦", width=1440)
    page.goto(f"/console/campaigns/{campaign.id}?tab=screening")
    open_group(page, "1 号")
    expect(page.get_by_role("table", name="选票").locator("tbody tr")).to_have_count(VOTERS)
    expect(page.get_by_text("已提出异议")).to_be_visible()
    assert page.get_by_role("button", name="作废").count() == 0
    assert page.get_by_role("button", name="恢复计票").count() == 0
    assert page.get_by_role("checkbox", name="选择这一行").count() == 0
    page.get_by_role("link", name="返回分组").click()
    part(page, "线索")
    expect(page.get_by_text("没有新的线索")).to_be_visible()
    assert page.get_by_role("button", name="立即查找线索").count() == 0
    part(page, "市民异议")
    expect(page.get_by_text(OBJECTION)).to_be_visible()
    assert page.get_by_role("button", name="答复").count() == 0
    part(page, "核查规则")
    expect(page.get_by_text("您可以查看规则，不能修改。")).to_be_visible()
    seen(page, "rules")


def test_rules_are_tried_and_changed_before_voting_opens(signed_in, make, seen):
    now = make.clock.now()
    campaign = make.campaign(opens_at=now + timedelta(days=1))
    page = signed_in("district_officer", width=1440)
    page.goto(f"/console/campaigns/{campaign.id}?tab=screening&part=rules")
    verdict = page.get_by_role("status").filter(has_text="门槛")
    press(page, "医院职工午休一起投")
    expect(verdict).to_contain_text("照常计票")
    page.get_by_label("门槛（分）", exact=True).fill("50")
    expect(verdict).to_contain_text("待核")
    expect(page.get_by_text("只凭“微信判为高风险”一条就会被拦下")).to_be_visible()
    press(page, "恢复默认")
    expect(verdict).to_contain_text("门槛 100 分")
    page.get_by_label("门槛（分）", exact=True).fill("90")
    page.get_by_label("修改的理由", exact=True).fill("试投票时漏过了成排的手机")
    seen(page, "typed")
    press(page, "保存规则")
    expect(page.get_by_text("核查规则已保存")).to_be_visible()
    page.reload()
    expect(page.get_by_label("门槛（分）", exact=True)).to_have_value("90")


def test_a_farm_found_afterwards_is_set_aside_or_dismissed(signed_in, make, farm, seen):
    """Nothing was screened: the search finds what the job never saw."""
    campaign = make.campaign()
    entry, *_ = make.entries(campaign)
    farm(campaign, entry, network=1001, source=None)
    page = signed_in("district_officer", width=1440)
    page.goto(f"/console/campaigns/{campaign.id}?tab=screening&part=proposed")
    press(page, "立即查找线索")
    expect(groups(page).first).to_be_visible()
    seen(page, "proposed")
    groups(page).first.get_by_role("link").click()
    press(page, "列入待核")
    dialog = page.get_by_role("dialog", name=f"列入待核 {VOTERS} 票")
    press(dialog, "同一来源短时间大量投票")
    press(dialog, "列入待核")
    expect(page.get_by_role("button", name="全部作废")).to_be_visible()
    seen(page, "quarantined")
