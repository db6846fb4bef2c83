"""Searching health knowledge."""

from server.endpoint import Routes
from server.schemas.knowledge_search import (
    HotWordList,
    SearchedNameBody,
    SearchPage,
    SearchQuery,
    SuggestionList,
    SuggestionQuery,
)
from services import knowledge

routes = Routes("knowledge_search", __name__, description="Searching health knowledge")


@routes.endpoint(
    "GET",
    "/knowledge/search",
    access="anyone",
    rate="read",
    summary="What is known about something",
    query=SearchQuery(),
    returns=SearchPage,
    refusals=("cursor_invalid",),
    is_cached=True,
)
def search(ctx, **query):
    """In any script, by any of its names, by pinyin or its first letters; the thing itself comes
    before texts that mention it. What was typed is kept nowhere."""
    return knowledge.search(ctx, **query)


@routes.endpoint(
    "GET",
    "/knowledge/suggestions",
    access="anyone",
    rate="read",
    summary="Names that begin with what is being typed",
    query=SuggestionQuery(),
    returns=SuggestionList(),
    is_cached=True,
)
def suggest(ctx, **query):
    """From the first character or letter on; names that are mistyped are meant too."""
    return {"items": knowledge.suggest(ctx, **query)}


@routes.endpoint(
    "GET",
    "/knowledge/hot-words",
    access="anyone",
    rate="read",
    summary="Names that many search for",
    returns=HotWordList(),
    is_cached=True,
)
def list_hot_words(ctx):
    """In the last seven days, from five visitors on."""
    return {"items": knowledge.list_hot_words(ctx)}


@routes.endpoint(
    "POST",
    "/knowledge/searched-names",
    access="anyone",
    rate="read",
    summary="Say that a known name was searched for",
    body=SearchedNameBody(),
    status=204,
)
def note_searched_name(ctx, **body):
    """Counted once a visitor and day. What is no name of a published item is not kept."""
    knowledge.note_searched_name(ctx, **body)
