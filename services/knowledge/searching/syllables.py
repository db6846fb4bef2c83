"""Telling pinyin that was typed without spaces into syllables."""

from functools import cache, lru_cache

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

LONGEST = 6
LONGEST_WORD = 40
MOST_WAYS = 3


@cache
def known_syllables() -> frozenset[str]:
    """All syllables of Chinese, without tones."""
    spoken = {each for found in PINYIN_DICT.values() for each in found.split(",")}
    plain = {to_normal(each) for each in spoken}
    return frozenset(each for each in plain if each.isascii() and each.isalpha() and each.islower())


@lru_cache(maxsize=4096)
def into_syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """The ways in which a word is pinyin, those of fewest syllables first; none if it is not."""
    if len(word) > LONGEST_WORD:
        return ()
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        found = [
            (*before, word[start:end])
            for start in range(max(0, end - LONGEST), end)
            if word[start:end] in known_syllables()
            for before in ways[start]
        ]
        ways.append(sorted(found, key=len)[:MOST_WAYS])
    return tuple(way for way in ways[-1] if way)
