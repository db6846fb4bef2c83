"""The terms by which texts are found, the same for what is stored and for what is asked.

PostgreSQL's own parsers know neither Chinese nor Mongolian words, so we make the terms ourselves
and hand them over finished. The first character of a term is its class, so that classes never meet:

z   one or two neighbouring Chinese characters      l   a word of another script, or a part of it
m   a Mongolian word by its shape                   0   a number

and of names only:

=   the whole of an item's own name                 ~   the whole of one of its other names
p   the pinyin of its own name                      q   the pinyin of another name
i   the first letters of that of its own name       j   of another name
n   one or two neighbouring characters of its own   s   one or two neighbouring syllables of any
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product, zip_longest

from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_normal

from services.text import composed, folded, mongolian_key

LONGEST_KEY = 100
LONGEST_SPOKEN = 24
MOST_READINGS = 6
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_MONGOLIAN = "\u1820-\u18aa"
_JOINING = "\u180b-\u180f\u200c\u200d\u202f"
_TOKEN = re.compile(
    f"(?P<han>[{_HAN}]+)"
    f"|(?P<mongolian>[{_MONGOLIAN}](?:[{_JOINING}]*[{_MONGOLIAN}])*[\u180b-\u180d\u180f]*)"
    f"|(?P<number>[0-9]+)"
    f"|(?P<latin>(?:(?![{_HAN}{_MONGOLIAN}])[^\\W\\d_])+)"
)
# What the dictionary reads otherwise than those who know the herbs.
_READINGS = {
    "黄柏": ("huang", "bo"),
    "重楼": ("chong", "lou"),
    "莪术": ("e", "zhu"),
    "阿胶": ("e", "jiao"),
    "川芎": ("chuan", "xiong"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A run of one script in a folded text, and where it stands there."""

    sort: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it is spoken: its syllables, together and by their first letters."""

    syllables: tuple[str, ...]

    @property
    def sound(self) -> str:
        return "".join(self.syllables)

    @property
    def initials(self) -> str:
        return "".join(each[0] for each in self.syllables)


def tokens(text: str) -> Iterator[Token]:
    """The runs of scripts in a text that is folded already."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup or "", match[0], match.start())


def key_of(text: str) -> str:
    """The form in which two names are one: without marks and spaces, but for those between words.

    Mongolian words stand in it by their shape.
    """
    key, before = "", ""
    for token in tokens(folded(composed(text))):
        shape = mongolian_key(token.text) if token.sort == "mongolian" else token.text
        spaced = before and "han" not in (before, token.sort)
        key += f" {shape}" if spaced else shape
        before = token.sort
    return key[:LONGEST_KEY]


def terms_of(text: str) -> Iterator[tuple[str, int]]:
    """The terms of a text with the place of each in it."""
    for token in tokens(folded(composed(text))):
        if token.sort == "han":
            yield from _of_han(token)
        elif token.sort == "mongolian":
            for shape in mongolian_shapes(token.text):
                yield f"m{shape}", token.start
        else:
            yield f"{'0' if token.sort == 'number' else 'l'}{token.text[:LONGEST_KEY]}", token.start


def _of_han(token: Token) -> Iterator[tuple[str, int]]:
    for place, (one, other) in enumerate(zip_longest(token.text, token.text[1:], fillvalue="")):
        yield f"z{one}", token.start + place
        if other:
            yield f"z{one}{other}", token.start + place


def mongolian_shapes(word: str) -> list[str]:
    """A word's own shape, and that of its stem if a suffix is attached to it."""
    stem = word.partition("\u202f")[0]
    return list(dict.fromkeys(mongolian_key(each) for each in (word, stem)))


def pairs(parts: Sequence[str]) -> list[str]:
    """Neighbouring characters of a text, or syllables of a list; what stands alone, alone."""
    joint = "" if isinstance(parts, str) else " "
    return [joint.join(pair) for pair in pairwise(parts)] or list(parts)


@lru_cache(maxsize=20_000)
def readings(key: str) -> tuple[Reading, ...]:
    """How a name that has Chinese characters may be spoken, the likeliest first."""
    if len(key) > LONGEST_SPOKEN or not any(token.sort == "han" for token in tokens(key)):
        return ()
    usual = tuple(_syllables(pinyin(key, style=Style.TONE, v_to_u=False)))
    choices = [
        list(dict.fromkeys([first, *map(_plain, others)]))[:3]
        for first, others in zip_longest(
            usual, pinyin(key, style=Style.TONE, heteronym=True), fillvalue=["?"]
        )
    ]
    if len(choices) != len(usual):
        choices = [[each] for each in usual]
    likely = _known_reading(key, usual)
    others = islice(product(*choices), MOST_READINGS)
    return tuple(Reading(each) for each in dict.fromkeys([likely, usual, *others]))


def _syllables(found: Sequence[Sequence[str]]) -> Iterator[str]:
    for options in found:
        yield _plain(options[0])


@lru_cache(maxsize=4096)
def _plain(syllable: str) -> str:
    if syllable.isascii():
        return syllable
    return re.sub("[^a-z]", "", to_normal(syllable)) or "?"


def _known_reading(key: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    if len(usual) != len(key):
        return usual
    likely = list(usual)
    for word, syllables in _READINGS.items():
        place = key.find(word)
        if place >= 0:
            likely[place : place + len(word)] = syllables
    return tuple(likely)


def sound_of(key: str) -> str:
    """How a name is likely spoken; of one without Chinese characters the name itself."""
    spoken = readings(key)
    return spoken[0].sound if spoken else key


def quoted(term: str) -> str:
    """The term as PostgreSQL reads it inside a tsvector or a tsquery, whatever it consists of."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
