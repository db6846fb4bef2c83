"""Known names that come nearest to what was typed: by sound, or but for one character."""

from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import text

from services.context import Context
from services.knowledge.searching.asking import spoken_key
from services.knowledge.searching.indexing import near_terms
from services.knowledge.searching.terms import key_of, sound_of, tokens

LONGEST = 30
LONGEST_CHINESE = 12
MOST_CANDIDATES = 300
# From how near on a name is likelier meant than the words one by one, from how near on it is
# searched for when nothing else is found either, and from how near on it is at least offered.
MEANT = 0.72
INSTEAD = 0.5
OFFERED = 0.45
# What many who speak Chinese do not tell apart.
_BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
_CANDIDATES = text("""
    (SELECT DISTINCT key, sound, text FROM knowledge_names WHERE sound = :sound LIMIT :most)
    UNION
    (SELECT key, sound, text FROM knowledge_names WHERE near && CAST(:near AS text[]) LIMIT :most)
    UNION
    (SELECT key, sound, text FROM (
        SELECT key, sound, text, CAST(:sound AS text) <<-> sound AS distance FROM knowledge_names
        WHERE sound % :sound OR CAST(:sound AS text) <% sound LIMIT :most
    ) AS alike ORDER BY distance LIMIT 50)
""")
_THRESHOLDS = text("""
    SELECT set_config('pg_trgm.similarity_threshold', '0.4', true),
        set_config('pg_trgm.word_similarity_threshold', '0.55', true)
""")


@dataclass(frozen=True, slots=True)
class Near:
    """A known name, and how near it is, 1 being the same."""

    text: str
    key: str
    nearness: float


def nearest_names(ctx: Context, typed: str, *, most: int = 5) -> list[Near]:
    """The nearest first; none if nothing is near."""
    key = key_of(typed)
    has_chinese = any(token.sort == "han" for token in tokens(key))
    if not 1 < len(key) <= (LONGEST_CHINESE if has_chinese else LONGEST):
        return []
    sound = spoken_key(key)[0] or sound_of(key)
    ctx.session.execute(_THRESHOLDS)
    values = {"sound": sound, "near": near_terms(typed), "most": MOST_CANDIDATES}
    found: dict[str, Near] = {}
    for row in ctx.session.execute(_CANDIDATES, values):
        nearness = _nearness(key, sound, row.key, row.sound)
        if nearness >= OFFERED and nearness > found.get(row.key, _FAR).nearness:
            found[row.key] = Near(row.text, row.key, nearness)
    return sorted(found.values(), key=lambda near: (-near.nearness, near.key))[:most]


_FAR = Near("", "", 0.0)


def _nearness(key: str, sound: str, other: str, other_sound: str) -> float:
    by_sound = _likeness(_blurred(sound), _blurred(other_sound))
    if sound == other_sound:
        by_sound += 0.05
    if all(token.sort != "han" for token in tokens(key)):
        # Only sounds can be compared, or the beginnings of Latin names.
        words = [_likeness(key, word) - 0.05 for word in other.split(" ")]
        return max(by_sound, _likeness(key, other), *words)
    if len(key) == len(other) and sorted(key) == sorted(other):
        return 0.9
    return (_likeness(key, other) + by_sound) / 2


def _likeness(one: str, other: str) -> float:
    return DamerauLevenshtein.normalized_similarity(one, other)


def _blurred(sound: str) -> str:
    for one, other in _BLURRED:
        sound = sound.replace(one, other)
    return sound
