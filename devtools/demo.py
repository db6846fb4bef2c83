"""Demonstration data: `python -m devtools.demo` loads it once into an empty installation.

Each time it also makes one-time links for demonstration staff who have not joined the console yet.
Everything here is invented and marked `is_demonstration`; institutions and people do not exist.
"""

import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from devtools import demo_knowledge
from devtools.demo_origins import SOURCES, cast_farmed_ballots, honest_origin
from devtools.demo_staff import describe_links, invite_people
from models import Campaign, Citizen, Entry, LoginSession, Nomination, Organization
from server import create_app
from server.config import Config
from server.extensions import runtime
from services import ledger, voting
from services.ballot_box import CastRequest
from services.clock import LOCAL_ZONE, local_day
from services.context import Context, unit_of_work
from services.errors import ServiceError
from services.text import search_key

DISTRICT = "150602"
VOTERS = 240
# Its place among the entries of the campaign that is farmed.
FARMED_ENTRY = 6
# In VAR_DIR: the one-time links of who has not joined yet, made anew at each start.
LINKS = "links.txt"

INSTITUTIONS = (
    ("hospital", "东胜示例蒙医中医医院"),
    ("hospital", "天骄示例中医医院"),
    ("tcm_clinic", "巴音门克示例蒙医馆"),
    ("tcm_clinic", "诃额伦示例中医馆"),
    ("community_station", "民族街道示例社区卫生服务站"),
    ("village_clinic", "柴登示例嘎查卫生室"),
)


@dataclass(frozen=True)
class DemoEntry:
    """An invented entry: name, Mongolian name, statement, place of its institution above."""

    name: str
    name_mn: str | None
    statement: str
    institution: int


@dataclass(frozen=True)
class DemoNomination:
    """An invented proposal of an institution, on its way through review."""

    name: str
    statement: str
    institution: int
    state: str
    return_reason: str | None = None


@dataclass(frozen=True)
class DemoCampaign:
    """An invented campaign; days are counted from the moment of loading."""

    contest: str
    title: str
    introduction: str
    opens_in_days: int
    closes_in_days: int
    entries: tuple[DemoEntry, ...]
    per_day: int = 3
    per_entry_per_day: int = 1
    in_all: int | None = None
    phone_required: bool = False
    standings_mode: str = "live"
    average_ballots: float = 1.2
    state: str = "announced"
    # With some, institutions are still asked for more.
    nominations: tuple[DemoNomination, ...] = ()
    # Published the day after closing.
    result_notice: str | None = None
    is_farmed: bool = False


HEALTH_EXPERTS = (
    DemoEntry("乌云其其格", "ᠣᠶᠤᠨᠴᠡᠴᠡᠭ", "每周三晚在直播间讲蒙医养生，三年没有断过一期。", 0),
    DemoEntry("巴图", "ᠪᠠᠲᠤ", "走遍全区嘎查，教牧民认识家门口的药草。", 5),
    DemoEntry("李静宜", None, "把艾灸讲成邻居都听得懂的故事，短视频播放过百万。", 1),
    DemoEntry("娜仁", "ᠨᠠᠷᠠᠨ", "带社区老人练八段锦，天不亮就在广场等大家。", 4),
    DemoEntry("王志远", None, "为中学生开设“中草药第一课”，已经走进十二所学校。", 1),
    DemoEntry("萨仁", "ᠰᠠᠷᠠᠨ", "双语写作健康专栏，蒙汉读者都爱看。", 2),
    DemoEntry("赵慧兰", None, "用一张穴位图教会上千位家长给孩子做推拿。", 3),
    DemoEntry("宝音", "ᠪᠤᠶᠠᠨ", "收集整理民间验方，先讲安全，再讲用法。", 0),
)
HERB_GARDENS = (
    DemoEntry(
        "蒙药百草园", None, "园里种了黄芪、甘草、蒙古黄芩等六十余种药材，周末向市民开放。", 0
    ),
    DemoEntry("天骄杏林园", None, "一药一牌，扫码就能听讲解，孩子们可以亲手播种。", 1),
    DemoEntry("巴音药圃", None, "把社区空地改成药圃，居民轮流照看。", 2),
    DemoEntry("柴登甘草坡", None, "在沙地上种甘草，固沙又增收。", 5),
    DemoEntry("诃额伦香草院", None, "艾草、薄荷、藿香四季有香，是拍照的好去处。", 3),
)
CLINICS = (
    DemoEntry("巴音门克示例蒙医馆", None, "四间诊室，推拿、药浴、拔罐样样规范，当天能看上。", 2),
    DemoEntry("诃额伦示例中医馆", None, "名医每周坐诊两天，慢病随访到家门口。", 3),
    DemoEntry("民族街道示例社区卫生服务站", None, "楼下就有针灸和中药代煎。", 4),
)
HOSPITALS = (
    DemoEntry("东胜示例蒙医中医医院", None, "预约、线上复诊、送药上门、床旁结算都已开通。", 0),
    DemoEntry("天骄示例中医医院", None, "老年人有专人陪诊，网上复诊当天回复。", 1),
)
NOMINATIONS = (
    DemoNomination("斯琴", "每月两次下乡义诊，随身带着自己编的蒙汉双语药草卡。", 0, "submitted"),
    DemoNomination("刘洋", "八年的太极班，学员最大八十六岁。", 1, "returned", "请补近一年的工作。"),
    DemoNomination("高娃", "", 0, "draft"),
)

CAMPAIGNS = (
    DemoCampaign(
        "outreach",
        "东胜区第四季度“健康达人”评选",
        "谁让您更懂中医药、蒙医药？每人每天三票，同一位每天一票。",
        -7,
        45,
        HEALTH_EXPERTS,
        is_farmed=True,
    ),
    DemoCampaign(
        "herb_garden",
        "东胜区第四季度“最美百草园”评选",
        "选出您心里最美的百草园。为了不让人跟风，投票结束后才公布票数。",
        -3,
        30,
        HERB_GARDENS,
        standings_mode="hidden",
    ),
    DemoCampaign(
        "primary_care",
        "东胜区第四季度“优质中医馆（蒙医馆）”评选",
        "参加这个投票要先绑定手机号，活动期间共五票。榜单每小时更新一次。",
        -5,
        20,
        CLINICS,
        per_day=1,
        in_all=5,
        phone_required=True,
        standings_mode="delayed",
        average_ballots=0,
    ),
    DemoCampaign(
        "convenience",
        "东胜区第四季度“百姓放心医院”评选",
        "即将开始。",
        10,
        40,
        HOSPITALS,
        standings_mode="ranks_only",
        average_ballots=0,
    ),
    DemoCampaign(
        "outreach",
        "东胜区第三季度“健康达人”评选",
        "第三季度的评选已经结束，感谢每一位参与的市民。",
        -100,
        -60,
        HEALTH_EXPERTS[:5],
        average_ballots=1.8,
        result_notice="票数已经核对，现予公示七天。对结果有异议的，请在公示期内向我委反映。",
    ),
    DemoCampaign(
        "outreach",
        "东胜区下一季度“健康达人”评选",
        "正在征集推荐。",
        60,
        120,
        (),
        average_ballots=0,
        state="draft",
        nominations=NOMINATIONS,
    ),
)


def main() -> None:
    app = create_app(Config.from_env())
    with app.app_context():
        ctx = runtime().context()
        print(load(ctx))
        with unit_of_work(ctx.session):
            links = invite_people(ctx)
        print(demo_knowledge.load(ctx))
        write_links(describe_links(links, runtime().config.site_url))


def load(ctx: Context) -> str:
    """Load campaigns and votes unless there are some; returns what was done."""
    with unit_of_work(ctx.session):
        is_loaded = ctx.session.scalar(select(Campaign.id).where(Campaign.is_demonstration))
        campaigns = [] if is_loaded else load_campaigns(ctx)
        voters = register_voters(ctx) if campaigns else []
    if not campaigns:
        return "示例数据已在，保持不变。"
    ballots = sum(cast_ballots(ctx, *campaign, voters) for campaign in campaigns)
    ballots += farm(ctx, campaigns)
    with unit_of_work(ctx.session):
        note_results(ctx, campaigns)
    voters = f"{VOTERS} 位示例市民和一批刷票账号"
    return f"已载入示例：{len(campaigns)} 个投票活动，{voters}投了 {ballots} 票。"


def write_links(text: str) -> None:
    """For the launcher, which shows them; they are keys, so nobody else may read the file."""
    folder = os.environ.get("VAR_DIR")
    if not folder:
        print(text, end="")
        return
    path = Path(folder) / LINKS
    path.unlink(missing_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)


def load_campaigns(ctx: Context) -> list[tuple[Campaign, DemoCampaign]]:
    """Institutions, campaigns and entries."""
    commission = ctx.session.scalars(
        select(Organization).where(
            Organization.division_code == DISTRICT, Organization.kind == "district_commission"
        )
    ).one()
    institutions = [
        Organization(
            parent_id=commission.id,
            division_code=DISTRICT,
            kind=kind,
            name=name,
            search_text=search_key(name),
            is_demonstration=True,
        )
        for kind, name in INSTITUTIONS
    ]
    ctx.session.add_all(institutions)
    ctx.session.flush()
    return [(load_campaign(ctx, demo, commission, institutions), demo) for demo in CAMPAIGNS]


def load_campaign(
    ctx: Context, demo: DemoCampaign, commission: Organization, institutions: list[Organization]
) -> Campaign:
    opens_at = midnight(ctx.now + timedelta(days=demo.opens_in_days))
    closes_at = midnight(ctx.now + timedelta(days=demo.closes_in_days))
    campaign = Campaign(
        contest_code=demo.contest,
        organization_id=commission.id,
        quarter=quarter_of(opens_at),
        title=demo.title,
        introduction=demo.introduction,
        state=demo.state,
        nominations_close_at=opens_at - timedelta(days=7) if demo.nominations else None,
        opens_at=opens_at,
        closes_at=closes_at,
        ballots_per_day=demo.per_day,
        ballots_per_entry_per_day=demo.per_entry_per_day,
        ballots_in_all=demo.in_all,
        phone_required=demo.phone_required,
        standings_mode=demo.standings_mode,
        result_notice=demo.result_notice,
        result_published_at=closes_at + timedelta(days=1) if demo.result_notice else None,
        is_demonstration=True,
    )
    ctx.session.add(campaign)
    ctx.session.flush()
    for number, entry in enumerate(demo.entries, start=1):
        institution = institutions[entry.institution]
        ctx.session.add(
            Entry(
                campaign_id=campaign.id,
                number=number,
                organization_id=institution.id,
                name=entry.name,
                name_mn=entry.name_mn,
                statement=entry.statement,
                search_text=search_key(f"{entry.name} {entry.name_mn or ''} {institution.name}"),
                is_demonstration=True,
            )
        )
    for nomination in demo.nominations:
        ctx.session.add(nominate(ctx, campaign, nomination, institutions[nomination.institution]))
    ctx.session.flush()
    return campaign


def nominate(
    ctx: Context, campaign: Campaign, demo: DemoNomination, institution: Organization
) -> Nomination:
    was_submitted = demo.state in ("submitted", "returned")
    return Nomination(
        campaign_id=campaign.id,
        organization_id=institution.id,
        name=demo.name,
        statement=demo.statement,
        state=demo.state,
        return_reason=demo.return_reason,
        created_at=ctx.now,
        submitted_at=ctx.now if was_submitted else None,
        reviewed_at=ctx.now if demo.return_reason else None,
    )


def register_voters(ctx: Context) -> list[tuple[int, int]]:
    """Invented citizens as pairs of citizen id and session id; nobody can sign in as them."""
    long_ago = ctx.now - timedelta(days=200)
    citizens = [Citizen(created_at=long_ago) for _ in range(VOTERS)]
    ctx.session.add_all(citizens)
    ctx.session.flush()
    sessions = [
        LoginSession(citizen_id=citizen.id, created_at=long_ago, expires_at=ctx.now)
        for citizen in citizens
    ]
    ctx.session.add_all(sessions)
    ctx.session.flush()
    return [(session.citizen_id, session.id) for session in sessions]


def cast_ballots(
    ctx: Context, campaign: Campaign, demo: DemoCampaign, voters: list[tuple[int, int]]
) -> int:
    """Ballots over the campaign's past days, through the ballot box like any other."""
    chance = random.Random(campaign.id)
    entries = list(ctx.session.scalars(select(Entry.id).where(Entry.campaign_id == campaign.id)))
    weights = [chance.uniform(0.4, 1.6) for _ in entries]
    last_moment = min(ctx.now, campaign.closes_at)
    ctx.session.rollback()
    ballots = 0
    for _ in range(int(len(voters) * demo.average_ballots)):
        cast_at = campaign.opens_at + (last_moment - campaign.opens_at) * chance.random()
        voter_id, session_id = chance.choice(voters)
        request = CastRequest(
            campaign_id=campaign.id,
            entry_id=chance.choices(entries, weights)[0],
            voter_id=voter_id,
            session_id=session_id,
            request_key=f"{chance.getrandbits(128):032x}",
            cast_at=cast_at,
            cast_on=local_day(cast_at),
            source=chance.choice(SOURCES),
            origin=honest_origin(ctx, campaign.id, chance),
        )
        try:
            ctx.services.ballot_box.cast(request)
        except ServiceError:
            continue
        ballots += 1
    return ballots


def farm(ctx: Context, campaigns: list[tuple[Campaign, DemoCampaign]]) -> int:
    """Farmed ballots for one entry, so that there is something to review."""
    campaign_id = next(campaign.id for campaign, demo in campaigns if demo.is_farmed)
    entries = select(Entry.id).where(Entry.campaign_id == campaign_id).order_by(Entry.number)
    entry_id = ctx.session.scalars(entries).all()[FARMED_ENTRY]
    ctx.session.rollback()
    return cast_farmed_ballots(ctx, campaign_id, entry_id, ctx.now - timedelta(hours=3))


def note_results(ctx: Context, campaigns: list[tuple[Campaign, DemoCampaign]]) -> None:
    """Have the results that are published already written into the ledger."""
    for campaign, demo in campaigns:
        if demo.result_notice:
            ledger.note_closing(ctx, campaign_id=campaign.id)
            votes = list(voting.read_votes(ctx, campaign).items())
            ledger.note_result(ctx, campaign, standings=votes, annulled=0, persons=2)


def midnight(moment: datetime) -> datetime:
    """The beginning of the moment's day in Asia/Shanghai."""
    day = local_day(moment)
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE)


def quarter_of(moment: datetime) -> str:
    day = local_day(moment)
    return f"{day.year}Q{(day.month + 2) // 3}"


if __name__ == "__main__":
    main()
