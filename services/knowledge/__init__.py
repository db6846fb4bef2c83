"""Health knowledge: how it is written, reviewed, published, found, read and answered."""

from services.knowledge.cards import Card, cards_of, select_cards, to_card
from services.knowledge.reading import (
    get_institution,
    get_item,
    list_items,
    list_topics,
)

__all__ = [
    "Card",
    "cards_of",
    "get_institution",
    "get_item",
    "list_items",
    "list_topics",
    "select_cards",
    "to_card",
]
