"""The kinds of health knowledge and their fields: the one table of what a content holds.

The content of a revision is `{"zh": half or None, "mn": half or None, "facts": {…}, "links": […]}`.
A half is what is said in one language, the facts are what is the same in both. A field that was
left empty is absent. What a field holds goes by its form:

line, text      a string of one or of several lines
lines           a list of strings of one line
rich            HTML as services/knowledge/writing/rich_text.py lets through
steps           a list of {"text": str, "picture_id": int or absent}
choice, flag    a code, a truth
day             YYYY-MM-DD
topics          a list of topics' ids
pictures        a list of {"file_id": int, "caption": str, "caption_mn": str}, the latter two may
                be absent
video           {"file_id": int}
composition     a list of {"name": str, "amount": "9" or absent, "unit": code, "note": str or
                absent, "item_id": int or absent}

A link is {"target": "item" | "organization" | "entry", "id": int}, or for a doctor, an activity or
a plant, which have no list of their own, {"target": …, "organization_id": int, "name": str}.
"""

from dataclasses import dataclass
from typing import Literal

from models.knowledge import KNOWLEDGE_KINDS, LANGUAGES, LINK_TARGETS

__all__ = ["CHOICES", "KINDS", "LANGUAGES", "LINK_TARGETS", "Field", "Form", "Kind"]

Form = Literal[
    "line",
    "text",
    "lines",
    "rich",
    "steps",
    "choice",
    "flag",
    "day",
    "topics",
    "pictures",
    "video",
    "composition",
]

LONGEST_LINE = 200
LONGEST_TEXT = 5_000
LONGEST_RICH = 200_000
MOST_LINES = 30
MOST_STEPS = 60
MOST_PICTURES = 30
MOST_COMPONENTS = 60
MOST_TOPICS = 10
MOST_LINKS = 50

CHOICES = {
    "evidence_level": {
        "pharmacopoeia": "药典或国家标准",
        "guideline": "诊疗指南或专家共识",
        "textbook": "教材或行业规范",
        "clinical": "临床研究",
        "classic": "古籍记载",
        "experience": "名医经验",
        "folk": "民间流传，有待验证",
    },
    "pregnancy": {
        "allowed": "孕期可用",
        "cautious": "孕期慎用",
        "forbidden": "孕期禁用",
        "unknown": "资料不足，孕期不要自行使用",
    },
    "toxicity": {
        "none": "无毒",
        "slight": "有小毒",
        "toxic": "有毒",
        "very": "有大毒",
    },
    "product_form": {"sachet": "香囊", "tea": "茶包", "paste": "膏方", "other": "其他"},
    "culture_form": {"person": "名医名家", "book": "医籍", "heritage": "非遗"},
    "collected_form": {"classic": "古代经典名方", "proven": "验方", "other": "其他传统知识"},
    "unit": {
        "g": "克",
        "mg": "毫克",
        "ml": "毫升",
        "piece": "枚",
        "slice": "片",
        "stick": "条",
        "qian": "钱",
        "liang": "两",
        "jin": "斤",
        "sheng": "升",
        "part": "份",
        "as_needed": "适量",
    },
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind. `title` is what staff call it; `is_required` before handing in."""

    name: str
    title: str
    form: Form
    is_required: bool = False
    hint: str = ""

    @property
    def choices(self) -> dict[str, str] | None:
        """The codes of a choice with their words."""
        return CHOICES[self.name] if self.form == "choice" else None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of item: its fields in the order in which they are written and read."""

    code: str
    title: str
    half: tuple[Field, ...]
    facts: tuple[Field, ...]


_NAME = Field("name", "名称", "line", is_required=True)
_ALIASES = Field("aliases", "别名", "lines", hint="一行一个，搜索时都能找到")
_SUMMARY = Field("summary", "一句话简介", "text", is_required=True, hint="列表和分享卡片上显示")
_ACTIONS = Field("actions", "功效主治", "text", is_required=True)
_CAUTIONS = Field("cautions", "使用注意", "text", is_required=True)
_USAGE = Field("usage", "用法用量", "text")
_BODY = Field("body", "详细介绍", "rich")
_STEPS = Field("steps", "步骤", "steps", is_required=True)

_SOURCE = Field("source", "出处", "text", is_required=True, hint="书名、标准号或文献，让读者能查到")
_EVIDENCE = Field("evidence_level", "证据等级", "choice", is_required=True)
_PREGNANCY = Field("pregnancy", "孕期", "choice")
_TOXICITY = Field("toxicity", "毒性", "choice")
_REQUIRED_PREGNANCY = Field("pregnancy", "孕期", "choice", is_required=True)
_REQUIRED_TOXICITY = Field("toxicity", "毒性", "choice", is_required=True)
_TOPICS = Field("topic_ids", "主题", "topics")
_PICTURES = Field("pictures", "图片", "pictures", hint="第一张用在列表和分享卡片上")
_VIDEO = Field("video", "视频", "video")
_COMPOSITION = Field("composition", "组成", "composition")
_REQUIRED_COMPOSITION = Field("composition", "组成", "composition", is_required=True)
_COMMON_FACTS = (_SOURCE, _EVIDENCE, _TOPICS, _PICTURES, _VIDEO)

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "article",
            "科普文章",
            (
                Field("name", "标题", "line", is_required=True),
                _ALIASES,
                _SUMMARY,
                Field("byline", "作者署名", "line"),
                Field("body", "正文", "rich", is_required=True),
            ),
            _COMMON_FACTS,
        ),
        Kind(
            "herb",
            "药材",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("part_used", "药用部位", "line", is_required=True),
                Field("properties", "性味归经", "text", is_required=True),
                _ACTIONS,
                _USAGE,
                _CAUTIONS,
                Field("growing", "生长与种植", "rich"),
                _BODY,
            ),
            (
                Field("latin_name", "拉丁学名", "line", is_required=True),
                _REQUIRED_PREGNANCY,
                _REQUIRED_TOXICITY,
                *_COMMON_FACTS,
            ),
        ),
        Kind(
            "formula",
            "方剂",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("source_text", "原文", "text"),
                _ACTIONS,
                _USAGE,
                _CAUTIONS,
                _BODY,
            ),
            (_REQUIRED_COMPOSITION, _REQUIRED_PREGNANCY, _REQUIRED_TOXICITY, *_COMMON_FACTS),
        ),
        Kind(
            "technique",
            "适宜技术",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("indications", "适应症", "text", is_required=True),
                Field("contraindications", "禁忌症", "text", is_required=True),
                Field("operators", "谁可以做", "text", is_required=True),
                _STEPS,
                Field("cautions", "注意事项", "text"),
                _BODY,
            ),
            (_PREGNANCY, *_COMMON_FACTS),
        ),
        Kind(
            "exercise",
            "养生操",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("suitable_for", "适合人群", "text"),
                _STEPS,
                Field("cautions", "注意事项", "text", is_required=True),
                _BODY,
            ),
            _COMMON_FACTS,
        ),
        Kind(
            "wellness_product",
            "养生用品",
            (_NAME, _ALIASES, _SUMMARY, _ACTIONS, _USAGE, _CAUTIONS, _BODY),
            (
                Field("product_form", "类型", "choice", is_required=True),
                _COMPOSITION,
                _PREGNANCY,
                _TOXICITY,
                *_COMMON_FACTS,
            ),
        ),
        Kind(
            "culture",
            "中医药文化",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("period", "年代", "line"),
                Field("body", "正文", "rich", is_required=True),
            ),
            (Field("culture_form", "类型", "choice", is_required=True), *_COMMON_FACTS),
        ),
        Kind(
            "collected",
            "传统知识",
            (
                _NAME,
                _ALIASES,
                _SUMMARY,
                Field("source_text", "原文或口述", "text", is_required=True),
                Field("actions", "传统用途", "text"),
                _USAGE,
                _CAUTIONS,
                _BODY,
            ),
            (
                Field("collected_form", "类型", "choice", is_required=True),
                Field("collected_from", "提供人", "line", is_required=True),
                Field("collected_in", "收集地点", "line", is_required=True),
                Field("collected_on", "收集日期", "day"),
                Field("known_since", "流传时间", "line"),
                _COMPOSITION,
                _PREGNANCY,
                _TOXICITY,
                *_COMMON_FACTS,
            ),
        ),
    )
}
assert tuple(KINDS) == KNOWLEDGE_KINDS
