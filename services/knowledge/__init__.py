"""Health knowledge: what staff write, review and publish, and what citizens read and find."""

from models.knowledge import (
    KNOWLEDGE_STATES as ITEM_STATES,
)
from services.knowledge.cards import (
    Card,
    cards_of,
    select_cards,
    to_card,
)
from services.knowledge.drafting import (
    change_settings,
    create_item,
    delete_item,
    save_content,
)
from services.knowledge.flow import (
    STEPS,
)
from services.knowledge.hot_words import (
    list_hot_words,
    note_searched_name,
    purge_searched_names,
)
from services.knowledge.indexing import (
    index_publication,
    reindex_all,
)
from services.knowledge.reading import (
    get_institution,
    get_item,
    list_items,
)
from services.knowledge.searching import (
    search,
)
from services.knowledge.staff_views import (
    SORTS as ITEM_SORTS,
)
from services.knowledge.staff_views import (
    WAITING,
    list_kinds,
)
from services.knowledge.staff_views import (
    get_item as get_staff_item,
)
from services.knowledge.staff_views import (
    list_items as list_staff_items,
)
from services.knowledge.suggesting import (
    suggest,
)
from services.knowledge.synonyms import (
    change_synonyms,
    create_synonyms,
    delete_synonyms,
    list_synonyms,
)
from services.knowledge.topics import (
    add_topic,
    delete_topic,
    edit_topic,
    list_topics,
)

ITEM_ACTIONS = tuple(STEPS)

__all__ = [
    "ITEM_ACTIONS",
    "ITEM_SORTS",
    "ITEM_STATES",
    "WAITING",
    "Card",
    "add_topic",
    "cards_of",
    "change_settings",
    "change_synonyms",
    "create_item",
    "create_synonyms",
    "delete_item",
    "delete_synonyms",
    "delete_topic",
    "edit_topic",
    "get_institution",
    "get_item",
    "get_staff_item",
    "index_publication",
    "list_hot_words",
    "list_items",
    "list_kinds",
    "list_staff_items",
    "list_synonyms",
    "list_topics",
    "note_searched_name",
    "purge_searched_names",
    "reindex_all",
    "save_content",
    "search",
    "select_cards",
    "suggest",
    "to_card",
]
