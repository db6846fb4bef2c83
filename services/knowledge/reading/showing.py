"""A content as its readers see it: files as addresses, topics by name, rich text as blocks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select

from models import KnowledgePublication, KnowledgeTopic, StoredFile
from services import files
from services.context import Context
from services.knowledge.kinds import KINDS, LANGUAGES
from services.knowledge.writing.content import picture_ids, video_ids
from services.knowledge.writing.rich_text import Block, to_blocks

_HALF = {field.name: field for kind in KINDS.values() for field in kind.half}
_FACTS = {field.name: field for kind in KINDS.values() for field in kind.facts}


def show(ctx: Context, *, content: Mapping) -> dict:
    """`zh`, `mn` and `facts` with all that ShownHalfView and ShownFactsView name."""
    found = files.find_files(ctx, ids=picture_ids(content) | video_ids(content))
    return {
        **{language: _show_half(ctx, content[language], found) for language in LANGUAGES},
        "facts": _show_facts(ctx, content["facts"], found),
    }


def _show_half(ctx: Context, half: Mapping | None, found: Mapping[int, StoredFile]) -> dict | None:
    if half is None:
        return None
    shown = {name: half.get(name) for name in _HALF}
    shown["name"] = half.get("name") or ""
    shown["aliases"] = half.get("aliases") or []
    for name, field in _HALF.items():
        if field.form == "rich" and half.get(name):
            shown[name] = _show_rich(ctx, half[name])
    if half.get("steps"):
        shown["steps"] = [
            {"text": step.get("text", ""), "picture": _picture(step.get("picture_id"), found)}
            for step in half["steps"]
        ]
    return shown


def _show_facts(ctx: Context, facts: Mapping, found: Mapping[int, StoredFile]) -> dict:
    shown = {name: facts.get(name) for name in _FACTS if name != "topic_ids"}
    pictures = (_picture(each["file_id"], found, each) for each in facts.get("pictures", ()))
    shown["pictures"] = [each for each in pictures if each is not None]
    shown["video"] = _video(facts.get("video"), found)
    shown["topics"] = _find_topics(ctx, facts.get("topic_ids", ()))
    if composition := facts.get("composition"):
        shown["composition"] = _show_composition(ctx, composition)
    return shown


def _show_composition(ctx: Context, composition: Iterable[Mapping]) -> list[dict]:
    item_ids = [each["item_id"] for each in composition if each.get("item_id")]
    published = set(
        ctx.session.scalars(
            select(KnowledgePublication.item_id).where(KnowledgePublication.item_id.in_(item_ids))
        )
    )
    return [
        {
            "name": each["name"],
            "amount": each.get("amount"),
            "unit": each.get("unit"),
            "note": each.get("note"),
            "item_id": each["item_id"] if each.get("item_id") in published else None,
        }
        for each in composition
    ]


def _find_topics(ctx: Context, ids: Iterable[int]) -> list[KnowledgeTopic]:
    query = select(KnowledgeTopic).where(KnowledgeTopic.id.in_(list(ids)))
    return list(ctx.session.scalars(query.order_by(KnowledgeTopic.position, KnowledgeTopic.id)))


def _picture(
    file_id: int | None, found: Mapping[int, StoredFile], words: Mapping | None = None
) -> dict | None:
    file = found.get(file_id)
    return file and {
        "url": file.url,
        "thumbnail_url": file.thumbnail_url,
        "width": file.width,
        "height": file.height,
        "caption": (words or {}).get("caption"),
        "caption_mn": (words or {}).get("caption_mn"),
    }


def _video(video: Mapping | None, found: Mapping[int, StoredFile]) -> dict | None:
    file = video and found.get(video["file_id"])
    return file and {"url": file.url, "width": file.width, "height": file.height}


def _show_rich(ctx: Context, html: str) -> list[Block]:
    """Its blocks; pictures and videos with the size of their files, whatever the text says."""
    blocks = to_blocks(html)
    names = {block.url.rpartition("/")[2] for block in blocks if block.url}
    if not names:
        return blocks
    found = {
        file.url: file
        for file in ctx.session.scalars(select(StoredFile).where(StoredFile.name.in_(names)))
    }
    return [_sized(block, found.get(block.url)) for block in blocks]


def _sized(block: Block, file: StoredFile | None) -> Block:
    return block if file is None else replace(block, width=file.width, height=file.height)
