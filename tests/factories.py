"""Rows for tests, each with sensible values for what the test does not care about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import (
    Campaign,
    Citizen,
    Entry,
    LoginSession,
    Notice,
    Organization,
    Scene,
    StaffAccount,
    StaffGrant,
    StaffSession,
    WeChatIdentity,
)
from models.staff import ADMINISTRATORS
from services.staff.sessions import hash_token, new_token
from services.text import search_key
from services.tokens import AccessClaims
from tests.console import ConsoleClient

DONGSHENG = "150602"


@dataclass(frozen=True)
class SignedIn:
    """A citizen with a session and an access token for it."""

    citizen_id: int
    session_id: int
    token: str


@dataclass(frozen=True)
class Factory:
    """Makes rows and commits them at once."""

    session: Session
    app: Flask
    clock: type

    def commission(self, division: str = DONGSHENG) -> Organization:
        return self.session.scalars(
            select(Organization).where(
                Organization.division_code == division,
                Organization.kind.endswith("_commission"),
            )
        ).one()

    def institution(
        self,
        name: str = "测试蒙医院",
        kind: str = "hospital",
        parent: Organization | None = None,
        **values,
    ) -> Organization:
        parent = parent or self.commission()
        return self._add(
            Organization(
                parent_id=parent.id,
                division_code=parent.division_code,
                kind=kind,
                name=name,
                search_text=search_key(name),
                **values,
            )
        )

    def campaign(self, *, entries: int = 3, division: str = DONGSHENG, **values) -> Campaign:
        """An open campaign with numbered entries, unless told otherwise."""
        now: datetime = self.clock.now()
        defaults = {
            "contest_code": "outreach",
            "organization_id": self.commission(division).id,
            "quarter": "2026Q4",
            "title": "健康达人评选",
            "state": "announced",
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=30),
            "ballots_per_day": 3,
            "ballots_per_entry_per_day": 1,
        }
        campaign = self._add(Campaign(**(defaults | values)))
        for number in range(1, entries + 1):
            self.entry(campaign, number=number)
        return campaign

    def entry(self, campaign: Campaign, *, number: int, name: str | None = None, **values) -> Entry:
        name = name or f"参评对象{number}"
        text = search_key(f"{name} {values.get('name_mn') or ''}")
        return self._add(
            Entry(campaign_id=campaign.id, number=number, name=name, search_text=text, **values)
        )

    def entries(self, campaign: Campaign) -> list[int]:
        """The ids of a campaign's entries in order of their numbers."""
        return list(
            self.session.scalars(
                select(Entry.id).where(Entry.campaign_id == campaign.id).order_by(Entry.number)
            )
        )

    def scene(self, campaign: Campaign, entry_id: int | None = None) -> Scene:
        """What a mini-program code leads to."""
        return self._add(
            Scene(
                token=token_hex(16),
                campaign_id=campaign.id,
                entry_id=entry_id,
                created_at=self.clock.now(),
            )
        )

    def citizen(self, **values) -> SignedIn:
        now = self.clock.now()
        citizen = self._add(Citizen(created_at=now, **values))
        login = self._add(
            LoginSession(citizen_id=citizen.id, created_at=now, expires_at=now + timedelta(days=30))
        )
        return self.signed_in(citizen.id, login.id)

    def identity(self, citizen: SignedIn, openid: str = "o-citizen") -> WeChatIdentity:
        """How the mini-program knows the citizen."""
        appid = self.app.extensions["sain"].config.wechat_appid
        return self._add(WeChatIdentity(citizen_id=citizen.citizen_id, appid=appid, openid=openid))

    def notice(self, citizen_id: int, **values) -> Notice:
        """An entry of the citizen's inbox."""
        defaults = {
            "kind": "campaign_result",
            "cause": f"campaign:{token_hex(4)}",
            "title": "评选结果公布了",
            "body": "点开可以看榜单和公告。",
            "created_at": self.clock.now(),
        }
        return self._add(Notice(citizen_id=citizen_id, **(defaults | values)))

    def signed_in(self, citizen_id: int, session_id: int) -> SignedIn:
        """An access token for an existing session, fresh at the clock's present moment."""
        signer = self.app.extensions["sain"].services.token_signer
        token = signer.issue(AccessClaims(citizen_id, session_id), now=self.clock.now())
        return SignedIn(citizen_id, session_id, token)

    def staff(
        self, role: str | None = None, at: Organization | None = None, **values
    ) -> StaffAccount:
        """An account that has joined, with one role at an organization."""
        organization = at or self.commission()
        now = self.clock.now()
        defaults = {
            "organization_id": organization.id,
            "duty": role if role in ADMINISTRATORS else "business",
            "name": "测试工作人员",
            "username": f"staff-{new_token()[:12].lower()}",
            "password_hash": "unusable",
            "password_changed_at": now,
            "totp_confirmed_at": now,
            "created_at": now,
            "search_text": "",
        }
        account = self._add(StaffAccount(**(defaults | values)))
        if role is not None:
            self.grant(account, role, organization)
        return account

    def grant(self, account: StaffAccount, role: str, at: Organization) -> StaffGrant:
        return self._add(
            StaffGrant(
                staff_id=account.id,
                duty=account.duty,
                role=role,
                organization_id=at.id,
                granted_at=self.clock.now(),
            )
        )

    def console(
        self, role: str | None = None, at: Organization | None = None, **values
    ) -> ConsoleClient:
        """A browser in which somebody with this role has signed in."""
        return self.console_of(self.staff(role, at, **values))

    def agree(self, campaign: Campaign, kind: str, **values) -> TestResponse:
        """One manager proposes an act and another agrees to it: the last answer either got."""
        place = self.session.get(Organization, campaign.organization_id)
        role = {"city_commission": "city_officer", "region_commission": "region_officer"}
        one, other = (
            self.console(role.get(place.kind, "district_manager"), place) for _ in range(2)
        )
        proposed = one.propose(campaign.id, kind, **values)
        if proposed.status_code != 201:
            return proposed
        return other.post(f"/proposals/{proposed.get_json()['id']}/approve")

    def console_of(self, account: StaffAccount) -> ConsoleClient:
        token, now = new_token(), self.clock.now()
        self._add(
            StaffSession(
                staff_id=account.id,
                token_hash=hash_token(token),
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=12),
                second_factor_at=now,
                address="127.0.0.1",
                user_agent="test",
            )
        )
        client = self.app.test_client()
        client.set_cookie("sain_staff", token)
        signer = self.app.extensions["sain"].services.token_signer
        return ConsoleClient(client, signer.csrf_token(token), account.id)

    def _add(self, row):
        self.session.add(row)
        self.session.commit()
        return row
