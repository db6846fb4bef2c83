"""What an item says, as an editor works with it: every field there, files with their addresses."""

from collections.abc import Mapping

from sqlalchemy import select

from models import Entry, KnowledgeItem, Organization, StoredFile
from services import files
from services.context import Context
from services.knowledge.kinds import KINDS, LANGUAGES
from services.knowledge.writing import content as contents

HALF_FIELDS = tuple(dict.fromkeys(field.name for kind in KINDS.values() for field in kind.half))
FACTS_FIELDS = tuple(dict.fromkeys(field.name for kind in KINDS.values() for field in kind.facts))
NO_FILE = {"url": None, "thumbnail_url": None, "width": None, "height": None}


def view_content(ctx: Context, content: dict) -> dict:
    """A stored content with null for every absent field, and what its ids stand for."""
    ids = contents.picture_ids(content) | contents.video_ids(content)
    found = files.find_files(ctx, ids=ids)
    titles = _find_titles(ctx, contents.item_ids(content))
    return {
        **{language: _view_half(content[language], found) for language in LANGUAGES},
        "facts": _view_facts(content["facts"], found, titles),
        "links": _view_links(ctx, content["links"], titles),
    }


def _view_half(half: Mapping | None, found: Mapping[int, StoredFile]) -> dict | None:
    if half is None:
        return None
    view = dict.fromkeys(HALF_FIELDS) | half
    if view["steps"] is not None:
        view["steps"] = [_view_step(step, found) for step in view["steps"]]
    return view


def _view_step(step: Mapping, found: Mapping[int, StoredFile]) -> dict:
    picture_id = step.get("picture_id")
    file = _view_file(found.get(picture_id))
    return {
        "text": step["text"],
        "picture_id": picture_id,
        "url": file["url"],
        "thumbnail_url": file["thumbnail_url"],
    }


def _view_facts(facts: Mapping, found: Mapping[int, StoredFile], titles: Mapping[int, str]) -> dict:
    view = dict.fromkeys(FACTS_FIELDS) | facts
    if view["pictures"] is not None:
        view["pictures"] = [
            {"caption": None, "caption_mn": None} | each | _view_file(found.get(each["file_id"]))
            for each in view["pictures"]
        ]
    if view["video"] is not None:
        view["video"] = view["video"] | _view_file(found.get(view["video"]["file_id"]))
    if view["composition"] is not None:
        nothing = dict.fromkeys(("amount", "unit", "note", "item_id"))
        view["composition"] = [
            nothing | each | {"item_title": titles.get(each.get("item_id"))}
            for each in view["composition"]
        ]
    return view


def _view_file(file: StoredFile | None) -> dict:
    if file is None:
        return NO_FILE
    return {
        "url": file.url,
        "thumbnail_url": file.thumbnail_url,
        "width": file.width,
        "height": file.height,
    }


def _view_links(ctx: Context, links: list[dict], titles: Mapping[int, str]) -> list[dict]:
    institutions = {
        link["id"] if link["target"] == "organization" else link.get("organization_id")
        for link in links
    }
    names = {
        "item": titles,
        "organization": _find_names(ctx, Organization, institutions - {None}),
        "entry": _find_names(
            ctx, Entry, {link["id"] for link in links if link["target"] == "entry"}
        ),
    }
    return [_view_link(link, names) for link in links]


def _view_link(link: Mapping, names: Mapping[str, Mapping[int, str]]) -> dict:
    organization_id = link.get("organization_id")
    if organization_id is None:
        label = names[link["target"]].get(link["id"])
    else:
        label = f"{link['name']}（{names['organization'].get(organization_id, '')}）"
    nothing = dict.fromkeys(("id", "organization_id", "name"))
    return nothing | link | {"label": label}


def _find_titles(ctx: Context, ids: set[int]) -> dict[int, str]:
    query = select(KnowledgeItem.id, KnowledgeItem.title).where(KnowledgeItem.id.in_(ids))
    return dict(ctx.session.execute(query).all()) if ids else {}


def _find_names(ctx: Context, table: type, ids: set[int]) -> dict[int, str]:
    query = select(table.id, table.name).where(table.id.in_(ids))
    return dict(ctx.session.execute(query).all()) if ids else {}
