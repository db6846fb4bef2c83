"""A question in PostgreSQL's words: a tsquery for each way in which something may be meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from services.knowledge.searching.asking import Question, Word, spoken_key
from services.knowledge.searching.syllables import into_syllables
from services.knowledge.searching.terms import key_of, mongolian_shapes, pairs, quoted, tokens

# Matches nothing, as no term is of this class.
NOTHING = quoted("!")
SHORTEST_BEGINNING = 3
MOST_COMBINATIONS = 20


@dataclass(frozen=True, slots=True)
class Match:
    """Of rows whose column matches, how near they are to what was meant."""

    tier: int
    column: str
    query: str


# By how near a row is; what a row is called comes before what is said of it.
OWN_NAME, OTHER_NAME, OWN_SOUND, OTHER_SOUND, BEGINNING, PART, OTHER_PART, ALL_IN_NAMES = range(8)
THING_AND_TEXT, MAIN, TEXT = range(8, 11)
LAST_OF_NAMES = ALL_IN_NAMES


def matches(question: Question) -> list[Match]:
    """The ways in which rows may match, the nearest first."""
    of_names: dict[int, list[str]] = {tier: [] for tier in range(ALL_IN_NAMES)}
    for key in question.keys:
        _whole(of_names, key)
        _spoken(of_names, key)
    for synonym in question.synonyms:
        of_names[OTHER_NAME] += [lexeme("=", synonym), lexeme("~", synonym)]
        of_names[OTHER_PART] += [own_part(synonym)]
    every = _enough([word_query(word) for word in question.words], question.needed)
    # One word that is in a name is a part of it.
    is_part = len(question.words) == 1 and question.words[0].text in question.keys
    return [
        *(Match(tier, "name_terms", any_of(queries)) for tier, queries in of_names.items()),
        Match(ALL_IN_NAMES, "name_terms", NOTHING if is_part else every),
        Match(THING_AND_TEXT, "name_terms", _thing(question.thing)),
        Match(MAIN, "main_terms", every),
        Match(TEXT, "text_terms", every),
    ]


def any_word(question: Question) -> str:
    """That one of the words occurs: by how many do, and how often, texts are ranked."""
    return any_of([word_query(word) for word in question.words])


def _whole(of_names: dict[int, list[str]], key: str) -> None:
    of_names[OWN_NAME].append(lexeme("=", key))
    of_names[OTHER_NAME].append(lexeme("~", key))
    of_names[BEGINNING].append(lexeme("=", key, is_beginning=True))
    of_names[OTHER_PART].append(lexeme("~", key, is_beginning=True))
    of_names[PART].append(own_part(key))
    of_names[OTHER_PART].append(_phrase(key))


def _spoken(of_names: dict[int, list[str]], key: str) -> None:
    """The key as pinyin, or as a mixture of pinyin and characters."""
    sound, chinese = spoken_key(key)
    if not sound:
        return
    characters = [lexeme("z", each) for each in dict.fromkeys(chinese)]
    of_names[OWN_SOUND].append(all_of([lexeme("p", sound), *characters]))
    of_names[OTHER_SOUND].append(all_of([lexeme("q", sound), *characters]))
    of_names[BEGINNING].append(all_of([lexeme("p", sound, is_beginning=True), *characters]))
    of_names[OTHER_PART].append(all_of([lexeme("q", sound, is_beginning=True), *characters]))
    for syllables in into_syllables(sound):
        parts = [lexeme("s", each) for each in pairs(syllables)]
        of_names[OTHER_PART].append(all_of([*parts, *characters]))
    if not chinese and len(sound) > 1:
        of_names[OTHER_SOUND].append(lexeme("i", sound))
        of_names[OTHER_PART] += [lexeme("j", sound), lexeme("i", sound, is_beginning=True)]


def own_part(key: str) -> str:
    """That an item's own name contains this."""
    found = list(tokens(key))
    if [token.sort for token in found] != ["han"]:
        return NOTHING
    return all_of(lexeme("n", each) for each in pairs(key))


def _thing(word: Word | None) -> str:
    """That an item is called so."""
    keys = () if word is None else (key_of(word.text), *word.variants)
    return any_of([lexeme(sort, key) for key in keys for sort in "=~"])


def _enough(queries: Sequence[str], needed: int) -> str:
    """That so many of them match."""
    if needed >= len(queries):
        return all_of(queries)
    chosen = list(combinations(queries, needed))[:MOST_COMBINATIONS]
    return any_of([all_of(each) for each in chosen])


def word_query(word: Word) -> str:
    """That a word occurs, or one that means the same."""
    return any_of([_of_token(word.sort, word.text), *map(_phrase, word.variants)])


def _phrase(key: str) -> str:
    return all_of(_of_token(token.sort, token.text) for token in tokens(key))


def _of_token(sort: str, text: str) -> str:
    if sort == "han":
        return all_of(lexeme("z", each) for each in pairs(text))
    if sort == "mongolian":
        return any_of([lexeme("m", shape) for shape in mongolian_shapes(text)])
    if sort == "number":
        return lexeme("0", text)
    return _of_letters(text)


def _of_letters(text: str) -> str:
    """A word of letters, which may also be pinyin of a name."""
    is_beginning = len(text) >= SHORTEST_BEGINNING
    ways = [lexeme("l", text, is_beginning=is_beginning)]
    ways += [lexeme(sort, text) for sort in ("pqij" if len(text) > 1 else "")]
    for syllables in into_syllables(text):
        ways.append(all_of(lexeme("s", each) for each in pairs(syllables)))
    return any_of(ways)


def lexeme(sort: str, text: str, *, is_beginning: bool = False) -> str:
    return quoted(sort + text) + (":*" if is_beginning else "")


def all_of(queries: Iterable[str]) -> str:
    return _joined(queries, " & ")


def any_of(queries: Iterable[str]) -> str:
    useful = [query for query in queries if query != NOTHING]
    return _joined(useful, " | ")


def _joined(queries: Iterable[str], sign: str) -> str:
    several = list(dict.fromkeys(queries))
    if not several:
        return NOTHING
    return several[0] if len(several) == 1 else f"({sign.join(several)})"
