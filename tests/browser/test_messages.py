"""Messages at the console: what failed, why, and sending it again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import OutgoingMessage


@pytest.fixture
def message(make, session):
    def queue(state: str, reason: str | None = None, errcode: int | None = None) -> None:
        campaign, citizen, now = make.campaign(), make.citizen(), make.clock.now()
        row = OutgoingMessage(
            notice_id=make.notice(citizen.citizen_id).id,
            citizen_id=citizen.citizen_id,
            organization_id=campaign.organization_id,
            template="campaign_result",
            fields={},
            state=state,
            reason=reason,
            last_errcode=errcode,
            attempts=1,
            next_attempt_at=now,
            expires_at=now + timedelta(days=3),
            created_at=now,
        )
        session.add(row)
        session.commit()

    return queue


def test_a_failed_message_is_sent_again(signed_in, message, picture):
    message("sent", errcode=0)
    message("unconfirmed")
    message("skipped", "no_allowance", 43101)
    message("pending", errcode=45009)
    message("dead", "refused", 47003)
    page = signed_in("district_manager")
    page.goto("/console/messages")
    expect(page.get_by_text("请系统管理员核对")).to_be_visible()
    picture(page, "list")
    page.get_by_text("评选结果公布了").first.click()
    picture(page, "drawer")
    page.get_by_role("button", name="重新发送").click()
    expect(page.get_by_text("已重新排队")).to_be_visible()
    expect(page.get_by_text("下次发送")).to_be_visible()
    expect(page.get_by_role("button", name="重新发送")).to_have_count(0)
