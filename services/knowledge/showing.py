"""A content as its readers see it: files as addresses, topics by name, rich text as blocks."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from models import KnowledgePublication, KnowledgeTopic, StoredFile
from services.context import Context
from services.knowledge.kinds import KINDS

_HALF = {field.name: field for kind in KINDS.values() for field in kind.half}
_FACTS = {field.name: field for kind in KINDS.values() for field in kind.facts}


def show(ctx: Context, *, content: Mapping) -> dict:
    """`zh`, `mn` and `facts` with all that ShownHalfView and ShownFactsView name."""
    files = _find_files(ctx, _file_ids(content))
    return {
        "zh": _show_half(content.get("zh"), files),
        "mn": _show_half(content.get("mn"), files),
        "facts": _show_facts(ctx, content.get("facts") or {}, files),
    }


def _show_half(half: Mapping | None, files: Mapping[int, StoredFile]) -> dict | None:
    if half is None:
        return None
    shown = {name: half.get(name) for name in _HALF}
    shown["name"] = half.get("name") or ""
    shown["aliases"] = half.get("aliases") or []
    for name, field in _HALF.items():
        if field.form == "rich" and half.get(name):
            shown[name] = [_html(half[name])]
    if half.get("steps"):
        shown["steps"] = [
            {"text": step.get("text", ""), "picture": _picture(step.get("picture_id"), files)}
            for step in half["steps"]
        ]
    return shown


def _show_facts(ctx: Context, facts: Mapping, files: Mapping[int, StoredFile]) -> dict:
    shown = {name: facts.get(name) for name in _FACTS if name != "topic_ids"}
    pictures = (_picture(each["file_id"], files, each) for each in facts.get("pictures", ()))
    shown["pictures"] = [each for each in pictures if each is not None]
    shown["video"] = _video(facts.get("video"), files)
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


def _file_ids(content: Mapping) -> set[int]:
    facts = content.get("facts") or {}
    ids = {each["file_id"] for each in facts.get("pictures", ())}
    if facts.get("video"):
        ids.add(facts["video"]["file_id"])
    for half in (content.get("zh") or {}, content.get("mn") or {}):
        ids |= {step["picture_id"] for step in half.get("steps", ()) if step.get("picture_id")}
    return ids


def _find_files(ctx: Context, ids: set[int]) -> dict[int, StoredFile]:
    if not ids:
        return {}
    found = ctx.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))
    return {file.id: file for file in found}


def _picture(
    file_id: int | None, files: Mapping[int, StoredFile], words: Mapping | None = None
) -> dict | None:
    file = files.get(file_id)
    return file and {
        "url": file.url,
        "thumbnail_url": file.thumbnail_url,
        "width": file.width,
        "height": file.height,
        "caption": (words or {}).get("caption"),
        "caption_mn": (words or {}).get("caption_mn"),
    }


def _video(video: Mapping | None, files: Mapping[int, StoredFile]) -> dict | None:
    file = video and files.get(video["file_id"])
    return file and {"url": file.url, "width": file.width, "height": file.height}


def _html(html: str) -> dict:
    return {
        "type": "html",
        "html": html,
        "url": None,
        "alt": None,
        "width": None,
        "height": None,
    }
