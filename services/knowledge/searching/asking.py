"""What a search asks for: its words, without those that only ask, and what else they are called."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import category

from sqlalchemy import select, text

from models import KnowledgeName
from services.context import Context
from services.knowledge.searching.terms import Token, key_of, sound_of, tokens
from services.text import composed, folded

# Planners take a long text for as cheap to read as a short one, and would read them all as soon as
# they expect to meet the wanted number of rows early on. Of the indexes they know enough.
_SYNONYMS = text("""
    (SELECT set_config('enable_seqscan', 'off', true) || set_config('jit', 'off', true)
        || set_config('plan_cache_mode', 'force_custom_plan', true), NULL)
    UNION ALL
    (SELECT one.key, other.key FROM synonym_words AS one
        JOIN synonym_words AS other ON other.group_id = one.group_id AND other.key <> one.key
        WHERE one.key = ANY(:keys) ORDER BY one.key, other.position)
""")
LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_VARIANTS = 8
LONGEST_KNOWN = 10
LONGEST_UNIT = 3
SHORTEST_QUESTION = 4
# What asks for a kind of thing.
_OF_KIND = {
    "herb": ("中药材", "草药", "药材", "中药"),
    "formula": ("方剂", "方子", "药方", "汤药", "中成药"),
    "technique": ("适宜技术", "穴位", "手法", "疗法"),
    "exercise": ("养生操", "功法", "锻炼"),
    "article": ("文章", "科普"),
}
_KIND_OF = {word: kind for kind, words in _OF_KIND.items() for word in words}
_ASKING = (
    "功效与作用|功效和作用|功效|作用|用法用量|用法|用量|禁忌|副作用|好处|坏处|是什么|有什么|为什么"
    "|什么|怎么办|怎么吃|怎么做|怎么用|怎么练|怎么|怎样|如何|哪些|哪种|哪个|有没有|可不可以|能不能"
    "|可以|能够|应该|需要|请问|推荐|方法|办法|治疗|调理|缓解|吃|喝|的|了|吗|呢|治|用|能|好|有|我|练|做"
)
_ONLY_ASKING = re.compile("|".join(sorted(_ASKING.split("|"), key=len, reverse=True)))
_LEFT_OUT = re.compile("|".join(sorted((*_ASKING.split("|"), *_KIND_OF), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Word:
    """Something that has to occur: a run of one script, and the keys of its synonyms."""

    sort: str
    text: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it is understood. `keys` are the whole of it, with and without what only asks."""

    text: str
    keys: tuple[str, ...]
    words: tuple[Word, ...]
    kind: str | None
    # The keys of what the whole of it is called otherwise.
    synonyms: tuple[str, ...] = ()
    # How many of the words have to occur.
    needed: int = 0
    # The only one of several words that is a name of something.
    thing: Word | None = None

    @property
    def is_empty(self) -> bool:
        return not self.words

    @property
    def is_whole(self) -> bool:
        """Whether all of the words have to occur."""
        return self.needed >= len(self.words)


def cleaned(typed: str) -> str:
    """What somebody typed, without what cannot be meant: a line of at most so many characters."""
    kept = "".join(" " if _is_odd(each) else each for each in typed[: 4 * LONGEST_QUERY])
    return composed(" ".join(kept.split()))[:LONGEST_QUERY].strip()


def _is_odd(character: str) -> bool:
    # Joiners stay: in Mongolian some of them decide what a letter looks like.
    return category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def understand(ctx: Context, query: str) -> Question:
    """What a query asks for; it has been cleaned."""
    form = folded(query)
    found, kind = _words(form)
    core = key_of(" ".join(word.text for word in found))
    keys = tuple(dict.fromkeys(each for each in (key_of(query), core) if each))
    synonyms = _find_synonyms(ctx, [*keys, *_known_candidates(found)])
    words = tuple(replace(word, variants=_variants(word.text, synonyms)) for word in found)
    whole = dict.fromkeys(other for key in keys for other in synonyms.get(key, ()))
    question = Question(query, keys, words, kind, tuple(whole)[:MOST_VARIANTS], len(words))
    return replace(question, thing=_find_thing(ctx, words))


def _find_thing(ctx: Context, words: Sequence[Word]) -> Word | None:
    """Whoever asks for one thing and something else wants to read of the thing; whoever asks for
    several things, of what they have in common."""
    if len(words) < 2:
        return None
    by_key = {key: word for word in words for key in (key_of(word.text), *word.variants)}
    known = ctx.session.scalars(
        select(KnowledgeName.key).distinct().where(KnowledgeName.key.in_(by_key))
    )
    things = {by_key[key] for key in known}
    return things.pop() if len(things) == 1 else None


def _words(form: str) -> tuple[list[Word], str | None]:
    """The words that have to occur, and the kind of thing that is asked for."""
    everything = list(tokens(form))[: 4 * MOST_WORDS]
    kinds: list[str] = []
    words = [word for token in everything for word in _without_asking(token, kinds)]
    if not words:
        # "药材" alone asks for just that.
        return [Word(token.sort, token.text) for token in everything[:MOST_WORDS]], None
    return words[:MOST_WORDS], kinds[0] if kinds else None


def _without_asking(token: Token, kinds: list[str]) -> list[Word]:
    if token.sort != "han":
        return [Word(token.sort, token.text)]
    kinds.extend(_KIND_OF[each] for each in _LEFT_OUT.findall(token.text) if each in _KIND_OF)
    parts = [part for part in _LEFT_OUT.split(token.text) if part]
    # In a short word, what otherwise asks belongs to it: 用 in 药用.
    if len(token.text) < SHORTEST_QUESTION and parts:
        parts = [token.text]
    elif parts:
        long = [part for part in parts if len(part) > 1]
        parts = long or [part for part in _ONLY_ASKING.split(token.text) if part]
    return [Word("han", part) for part in parts]


def _known_candidates(words: Iterable[Word]) -> list[str]:
    """All parts of the words that may be a word of their own."""
    found = dict.fromkeys(key_of(word.text) for word in words)
    for word in words:
        if word.sort == "han":
            found |= dict.fromkeys(_parts(word.text))
    return list(found)


def _parts(word: str) -> Iterable[str]:
    for start in range(len(word)):
        for end in range(start + 2, min(len(word), start + LONGEST_KNOWN) + 1):
            yield word[start:end]


def _find_synonyms(ctx: Context, keys: Sequence[str]) -> dict[str, list[str]]:
    """What the keys are called otherwise; also keeps the planner to the indexes until the
    transaction ends, which another statement for each search would cost more."""
    found: dict[str, list[str]] = {}
    for key, synonym in ctx.session.execute(_SYNONYMS, {"keys": keys}):
        if synonym is not None:
            found.setdefault(key, []).append(synonym)
    return found


def _variants(word: str, synonyms: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    key = key_of(word)
    made = [
        key.replace(known, synonym)
        for known in synonyms
        if known in key
        for synonym in synonyms[known]
    ]
    return tuple(dict.fromkeys(made))[:MOST_VARIANTS]


def into_units(ctx: Context, question: Question) -> Question:
    """The question with its long words told into known names and what is left between them."""
    long = [word for word in question.words if word.sort == "han" and len(word.text) > 2]
    if not long:
        return question
    known = set(
        ctx.session.scalars(
            select(KnowledgeName.key).where(KnowledgeName.key.in_(_known_candidates(long)))
        )
    )
    units = [unit for word in question.words for unit in _units(word, known)]
    unique = tuple(dict.fromkeys(units))[:MOST_WORDS]
    return replace(question, words=unique, needed=len(unique), thing=_find_thing(ctx, unique))


def _units(word: Word, known: set[str]) -> list[Word]:
    if word.sort != "han" or len(word.text) <= 2:
        return [word]
    units, rest, place = [], "", 0
    while place < len(word.text):
        name = _longest_known(word.text, place, known)
        if name:
            units += [*_pieces(rest), name]
            rest, place = "", place + len(name)
        else:
            rest, place = rest + word.text[place], place + 1
    units += _pieces(rest)
    return [Word("han", each) for each in units]


def _longest_known(word: str, place: int, known: set[str]) -> str:
    ends = range(min(len(word), place + LONGEST_KNOWN), place + 1, -1)
    return next((word[place:end] for end in ends if word[place:end] in known), "")


def _pieces(rest: str) -> list[str]:
    """What is left between known names, in twos; a single character says too little."""
    if len(rest) <= LONGEST_UNIT:
        return [rest] if len(rest) > 1 else []
    return [rest[start : start + 2] for start in range(0, len(rest) - 1, 2)]


def spoken_key(key: str) -> tuple[str, str]:
    """How a key that has Latin letters sounds if they are pinyin, and its Chinese characters."""
    parts, chinese = [], ""
    for token in tokens(key):
        if token.sort == "han":
            parts.append(sound_of(token.text))
            chinese += token.text
        elif token.sort == "latin":
            parts.append(token.text)
        elif token.sort == "mongolian" or token.text not in "12345":
            return "", ""
    has_letters = any(token.sort == "latin" for token in tokens(key))
    return ("".join(parts), chinese) if has_letters else ("", "")
