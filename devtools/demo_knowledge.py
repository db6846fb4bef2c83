"""Demonstration of health knowledge: the samples on every step of their way to readers.

They go it by the services that staff use, so that what is shown here can happen. Mongolian names
are given to the few things of which the spelling is certain.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from devtools.demo_readers import leave_traces
from devtools.demo_staff import PEOPLE, actor_of, find_account
from models import (
    KnowledgeItem,
    KnowledgeReview,
    KnowledgeRevision,
    Organization,
    StaffAccount,
)
from services import publicity
from services.clock import local_day
from services.context import Context, unit_of_work
from services.knowledge.exchange import samples_loading
from services.knowledge.writing import drafting, publishing, reviewing
from services.knowledge.writing.reach import fetch_head

AUTHOR = "娜仁花（示例）"
REVIEWER = "图雅（示例）"
MANAGER = "巴雅尔（示例）"
# Samples of which kinds belong to whom, and who counts as their author.
WRITERS = {
    AUTHOR: ("herb", "formula", "exercise", "culture", "article", "collected"),
    "其其格（示例）": ("technique",),
    "刘洋（示例）": ("wellness_product",),
}
# They were published one after the other over this many days.
DAYS = 90
MONGOLIAN_NAMES = {"herb-gancao": "ᠰᠢᠬᠢᠷ ᠡᠪᠡᠰᠦ", "exercise-andaiwu": "ᠠᠨᠳᠠᠢ ᠪᠦᠵᠢᠭ"}
# Of which the Chinese was changed after that.
STALE = "exercise-andaiwu"
STALE_SUMMARY = "通辽库伦旗的蒙古族民间舞，手持彩巾，边唱边跳，人多才热闹。"
# The others stay where they are on their way; all that is not named here is published.
DRAFTS = {"exercise-ganlucao"}
SUBMITTED = {"technique-suanmanai", "product-aizuyu"}
APPROVED = {"product-lizi-gao"}
SCHEDULED = {"article-cunfang"}
WITHDRAWN = {"collected-jiangzao-shui"}
OVERDUE = {"herb-banlangen", "formula-huoxiang-zhengqi"}
COMMENTED = ("article-futian", "exercise-baduanjin", "herb-huangqi")

RETURN_REASON = "写得清楚，按批注补充以后再送一次。"
REMARKS = {
    "technique-fangxue": [
        {"place": "zh.contraindications", "text": "请补：正在服用抗血小板药的人不做。"},
        {"place": "zh.steps", "text": "第二步请写明消毒用什么。"},
    ],
}
WITHDRAWAL = "口述来源还没有核实，先下架，核实后再发布。"
# These walk through all that staff do, the rest is published in one go.
SPECIAL = {
    *MONGOLIAN_NAMES,
    *SUBMITTED,
    *APPROVED,
    *SCHEDULED,
    *WITHDRAWN,
    *OVERDUE,
    *COMMENTED,
    *REMARKS,
}


@dataclass(frozen=True)
class Appearance:
    """An invented piece in the media, and whether the commission has confirmed it."""

    recorded_by: str
    title: str
    medium: str
    outlet: str
    level: str
    days_ago: int
    url: str
    person: str | None = None
    verdict: str = "recorded"


APPEARANCES = (
    Appearance(
        "其其格（示例）",
        "蒙医药浴走进社区，居民家门口体验",
        "television",
        "示例电视台",
        "district",
        12,
        "https://example.org/mengyi-yaoyu",
        "乌云其其格",
        "confirmed",
    ),
    Appearance(
        "其其格（示例）",
        "一堂关于甘草的公开课",
        "official_account",
        "示例公众号",
        "institution",
        5,
        "https://example.org/gancao-ke",
    ),
    Appearance(
        "其其格（示例）",
        "草原上的接骨人",
        "press",
        "示例日报",
        "city",
        30,
        "https://example.org/jiegu-ren",
        "宝音",
        "confirmed",
    ),
    Appearance(
        "刘洋（示例）",
        "太极班开班八年",
        "short_video",
        "示例视频号",
        "district",
        20,
        "https://example.org/taiji-ban",
        None,
        "returned",
    ),
    Appearance(
        "刘洋（示例）",
        "冬天泡脚的几个误区",
        "radio",
        "示例广播",
        "city",
        8,
        "https://example.org/paojiao",
        "李静宜",
        "confirmed",
    ),
)
RETURNED_APPEARANCE = "链接打不开，请补截图。"


@dataclass(frozen=True)
class Cast:
    """The demonstration's people, by name, and the moment of loading."""

    ctx: Context
    accounts: Mapping[str, StaffAccount]

    def at_work(self, name: str, *, at: datetime | None = None) -> Context:
        """The context of what somebody does, now or at a moment of the past."""
        person = next(each for each in PEOPLE if each.name == name)
        actor = actor_of(person, self.accounts[name])
        return replace(self.ctx, actor=actor, now=at or self.ctx.now)

    def place_of(self, name: str) -> Organization:
        return self.ctx.session.get(Organization, self.accounts[name].organization_id)


def load(ctx: Context) -> str:
    """Load it unless there is some; returns what was done. Its people must have been made."""
    with unit_of_work(ctx.session):
        known = select(KnowledgeItem.id).where(KnowledgeItem.is_demonstration).limit(1)
        if ctx.session.scalar(known) is not None:
            return "示例健康知识已在，保持不变。"
        cast = Cast(ctx, {each.name: find_account(ctx, each) for each in PEOPLE})
        made = load_samples(cast)
        bring_on_their_way(cast, made)
        samples_loading.load_synonyms(cast.at_work(MANAGER))
        record_appearances(cast)
        leave_traces(ctx, {code: made[code] for code in made if is_published(code)})
    return f"已载入示例：{len(made)} 条健康知识，{len(APPEARANCES)} 条宣传报道。"


def is_published(code: str) -> bool:
    """Whether readers see the sample in the demonstration."""
    return code not in DRAFTS | SUBMITTED | REMARKS.keys() | APPROVED | SCHEDULED | WITHDRAWN


def load_samples(cast: Cast) -> Mapping[str, int]:
    places = [
        samples_loading.Place(cast.place_of(name), cast.accounts[name], kinds)
        for name, kinds in WRITERS.items()
    ]
    began = replace(cast.ctx, now=cast.ctx.now - timedelta(days=DAYS + 1))
    return samples_loading.load_samples(began, places, is_demonstration=True).made


def bring_on_their_way(cast: Cast, made: Mapping[str, int]) -> None:
    """One after the other; the kinds take turns, so that the latest are some of each."""
    items = [
        item
        for item in cast.ctx.session.scalars(
            select(KnowledgeItem).where(KnowledgeItem.id.in_(made.values()))
        )
        if item.code not in DRAFTS
    ]
    items.sort(key=lambda item: item.id)
    random.Random(6).shuffle(items)
    step = timedelta(days=DAYS) / len(items)
    begins_at = {
        item: cast.ctx.now - timedelta(days=DAYS) + place * step for place, item in enumerate(items)
    }
    walking = [item for item in items if item.code in SPECIAL]
    for item in walking:
        Way(cast, item, begins_at[item]).go()
    publish_at_once(cast, {item: begins_at[item] for item in items if item not in walking})


def publish_at_once(cast: Cast, items: Mapping[KnowledgeItem, datetime]) -> None:
    """What the others' ways come to, without walking them: that takes a start too long."""
    reviewer = cast.accounts[REVIEWER]
    heads = {
        head.item_id: head
        for head in cast.ctx.session.scalars(
            select(KnowledgeRevision).where(
                KnowledgeRevision.item_id.in_([item.id for item in items])
            )
        )
    }
    reviews = {}
    for item, begins_at in items.items():
        again_on = local_day(begins_at) + timedelta(days=730)
        heads[item.id].is_open = False
        item.state, item.submitted_at, item.review_again_on = "published", begins_at, again_on
        reviews[item.id] = KnowledgeReview(
            item_id=item.id,
            revision_number=item.head_number,
            author_id=item.author_id,
            reviewer_id=reviewer.id,
            verdict="approved",
            reviewed_at=begins_at + timedelta(hours=5),
            review_again_on=again_on,
        )
    cast.ctx.session.add_all(reviews.values())
    cast.ctx.session.flush()
    for item, begins_at in items.items():
        ctx = cast.at_work(AUTHOR, at=begins_at + timedelta(hours=8))
        publishing.publish(ctx, item, heads[item.id], reviews[item.id])


@dataclass(frozen=True)
class Way:
    """The way of an item to its readers, beginning at a moment."""

    cast: Cast
    item: KnowledgeItem
    begins_at: datetime

    def go(self) -> None:
        code, author = self.item.code, self._author()
        if code in MONGOLIAN_NAMES:
            self._translate(author)
        if code in COMMENTED:
            self._take(drafting.change_settings, AUTHOR, are_comments_open=True)
        self._take(reviewing.submit_item, author, hours=1)
        if code in REMARKS:
            remarks = {"reason": RETURN_REASON, "comments": REMARKS[code]}
            self._take(reviewing.return_item, REVIEWER, hours=5, **remarks)
        elif code not in SUBMITTED:
            self._review(code)

    def _review(self, code: str) -> None:
        again_on = self._next_review()
        self._take(reviewing.approve_item, REVIEWER, hours=5, review_again_on=again_on)
        if code in SCHEDULED:
            self._publish(publish_at=self.cast.ctx.now + timedelta(days=3))
        elif code not in APPROVED:
            self._publish()
        if code in WITHDRAWN:
            self._take(publishing.withdraw_item, AUTHOR, hours=9, reason=WITHDRAWAL)

    def _next_review(self) -> date | None:
        """Of some it is time to look again."""
        if self.item.code not in OVERDUE:
            return None
        return local_day(self.begins_at) + timedelta(days=2)

    def _publish(self, **when: datetime) -> None:
        self._take(publishing.publish_item, AUTHOR, hours=8, **when)

    def _translate(self, author: str) -> None:
        """Give it a Mongolian name; of one the Chinese is changed again afterwards."""
        known = fetch_head(self.cast.ctx, self.item).content
        content = known | {"mn": {"name": MONGOLIAN_NAMES[self.item.code]}}
        self._save(author, content, is_translation_current=True)
        if self.item.code == STALE:
            content = content | {"zh": content["zh"] | {"summary": STALE_SUMMARY}}
            self._save(author, content, is_translation_current=False)

    def _save(self, author: str, content: dict, **how: bool) -> None:
        self._take(drafting.save_content, author, content=content, **how)

    def _author(self) -> str:
        return next(name for name, kinds in WRITERS.items() if self.item.kind in kinds)

    def _take(self, step: Callable, name: str, *, hours: int = 0, **values: object) -> None:
        ctx = self.cast.at_work(name, at=self.begins_at + timedelta(hours=hours))
        step(ctx, item_id=self.item.id, revision=self.item.revision, **values)


def record_appearances(cast: Cast) -> None:
    """Publicity of two institutions, most of it confirmed."""
    for each in APPEARANCES:
        record = publicity.create_record(
            cast.at_work(each.recorded_by),
            organization_id=cast.place_of(each.recorded_by).id,
            title=each.title,
            medium=each.medium,
            outlet=each.outlet,
            level=each.level,
            appeared_on=local_day(cast.ctx.now) - timedelta(days=each.days_ago),
            url=each.url,
            person_name=each.person,
            is_demonstration=True,
        ).record
        found = {"record_id": record.id, "revision": record.revision}
        if each.verdict == "confirmed":
            publicity.confirm_record(cast.at_work(AUTHOR), **found)
        elif each.verdict == "returned":
            publicity.return_record(cast.at_work(AUTHOR), **found, reason=RETURNED_APPEARANCE)
