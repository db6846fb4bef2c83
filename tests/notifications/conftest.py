"""Citizens who voted, what they agreed to, and the worker's jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from devtools.message_templates import RESULT_TEMPLATE
from models import Announcement, Ballot, Campaign, MessageAllowance, Notice, OutgoingMessage
from server.extensions import runtime
from services import jobs
from services.clock import local_day
from services.context import unit_of_work
from tests.factories import Factory, SignedIn


@pytest.fixture
def work(app) -> Callable[..., None]:
    """Runs jobs as the worker does."""

    def run(*names: str, on: Flask = app) -> None:
        for name in names or ("expand_announcements", "send_messages"):
            with on.app_context():
                ctx = runtime().context()
                with unit_of_work(ctx.session):
                    jobs.run_job(ctx, name)

    return run


@dataclass(frozen=True)
class Stage:
    """People, campaigns and messages, as the tests of this folder need them."""

    make: Factory
    session: Session

    def voter(
        self, campaign: Campaign, openid: str | None = "o-citizen", *, allowed: int = 0
    ) -> SignedIn:
        """Somebody who voted; without an openid nobody who could sign in any more."""
        citizen = self.make.citizen()
        if openid is not None:
            self.make.identity(citizen, openid)
        self.ballot(campaign, citizen)
        if allowed:
            self.allow(citizen, allowed)
        return citizen

    def ballot(self, campaign: Campaign, citizen: SignedIn) -> None:
        now = self.make.clock.now()
        self.session.execute(
            insert(Ballot).values(
                campaign_id=campaign.id,
                entry_id=self.make.entries(campaign)[0],
                voter_id=citizen.citizen_id,
                receipt_secret=1,
                cast_at=now,
                request_key="0" * 32,
                cast_on=local_day(now),
                number=1,
                number_today=1,
                number_today_for_entry=1,
            )
        )
        self.session.commit()

    def allow(
        self, citizen: SignedIn, remaining: int = 1, template_id: str = RESULT_TEMPLATE
    ) -> None:
        row = MessageAllowance(
            citizen_id=citizen.citizen_id,
            template_id=template_id,
            remaining=remaining,
            changed_at=self.make.clock.now(),
        )
        self.session.merge(row)
        self.session.commit()

    def announcement(self, campaign: Campaign, **values) -> Announcement:
        now = self.make.clock.now()
        fields = {
            "campaign": campaign.title,
            "contest": "比科普宣传",
            "organization": "东胜区卫生健康委",
            "closed_at": campaign.closes_at.isoformat(),
            "published_at": now.isoformat(),
            "note": "结果已公布，点开看榜单和公告",
        }
        defaults = {
            "kind": "campaign_result",
            "campaign_id": campaign.id,
            "organization_id": campaign.organization_id,
            "title": "评选结果公布了",
            "body": "点开可以看榜单和公告。",
            "fields": fields,
            "created_at": now,
        }
        row = Announcement(**(defaults | values))
        self.session.add(row)
        self.session.commit()
        return row

    def message(self, citizen: SignedIn, campaign: Campaign, **values) -> OutgoingMessage:
        """A message that is queued for a notice of its own."""
        now = self.make.clock.now()
        notice = self.make.notice(citizen.citizen_id, target_type="campaign", target_id=campaign.id)
        fields = {
            "campaign": campaign.title,
            "contest": "比科普宣传",
            "closed_at": campaign.closes_at.isoformat(),
            "note": "结果已公布",
        }
        defaults = {
            "notice_id": notice.id,
            "citizen_id": citizen.citizen_id,
            "organization_id": campaign.organization_id,
            "template": "campaign_result",
            "fields": fields,
            "next_attempt_at": now,
            "expires_at": now.replace(year=now.year + 1),
            "created_at": now,
        }
        row = OutgoingMessage(**(defaults | values))
        self.session.add(row)
        self.session.commit()
        return row

    def messages(self) -> Sequence[OutgoingMessage]:
        """All messages as they are now."""
        return self._fresh(select(OutgoingMessage).order_by(OutgoingMessage.id))

    def notices(self) -> Sequence[Notice]:
        return self._fresh(select(Notice).order_by(Notice.id))

    def remaining(self, citizen: SignedIn, template_id: str = RESULT_TEMPLATE) -> int | None:
        self.session.rollback()
        return self.session.scalar(
            select(MessageAllowance.remaining).where(
                MessageAllowance.citizen_id == citizen.citizen_id,
                MessageAllowance.template_id == template_id,
            )
        )

    def _fresh(self, query) -> Sequence:
        self.session.rollback()
        return self.session.scalars(query.execution_options(populate_existing=True)).all()


@pytest.fixture
def stage(make, session) -> Stage:
    return Stage(make, session)
