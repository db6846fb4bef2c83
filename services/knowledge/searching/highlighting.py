"""Where the words of a question stand in a text, in whatever form they were typed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.knowledge.searching.asking import Question, Word
from services.knowledge.searching.terms import key_of, mongolian_shapes, readings, tokens
from services.text import composed, folded

MOST_SPANS = 300
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, and which word it is."""

    start: int
    end: int
    word: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text that is a match or is not."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Marker:
    """Finds a question's words in texts. `literal` are those that are looked for as they are."""

    question: Question
    literal: tuple[tuple[str, int], ...]
    shapes: frozenset[str]

    def with_names(self, names: Iterable[str]) -> "Marker":
        """One that also finds those parts of the names that were meant by pinyin."""
        if not self.may_be_spoken:
            return self
        more = {
            folded(name)[span.start : span.end]: span.word
            for name in map(composed, names)
            for span in spoken_spans(name, self.question)
        }
        known = tuple(dict.fromkeys([*self.literal, *more.items()]))
        return Marker(self.question, known, self.shapes)

    @property
    def may_be_spoken(self) -> bool:
        """Whether anything of the question may be pinyin."""
        return any(each.isascii() and each.isalpha() for key in self.question.keys for each in key)

    def spans(self, text: str) -> list[Span]:
        """Where words stand in a composed text, in order and without overlaps."""
        form = folded(text)
        found = [*self._literal_spans(form), *self._shape_spans(form)]
        return _without_overlaps(found)

    def name_spans(self, name: str) -> list[Span]:
        """The same in a name, where pinyin is meant for what it sounds like."""
        found = self.spans(name)
        if not self.may_be_spoken:
            return found
        return _without_overlaps([*found, *spoken_spans(name, self.question)])

    def _literal_spans(self, form: str) -> Iterator[Span]:
        if not self.literal:
            return
        words = dict(self.literal)
        for count, match in enumerate(_pattern(tuple(words)).finditer(form)):
            if count == MOST_SPANS:
                return
            yield Span(match.start(), match.end(), words.get(match[0], 0))

    def _shape_spans(self, form: str) -> Iterator[Span]:
        if not self.shapes:
            return
        for token in tokens(form):
            if token.sort == "mongolian" and not self.shapes.isdisjoint(
                mongolian_shapes(token.text)
            ):
                yield Span(token.start, token.end, 0)


def marker_of(question: Question) -> Marker:
    """The marker of a question's words and their synonyms."""
    literal: dict[str, int] = {}
    shapes: set[str] = set()
    for number, word in enumerate(question.words):
        for form in (word, *(Word("", each) for each in word.variants)):
            for token in tokens(form.text):
                if token.sort == "mongolian":
                    shapes |= {*mongolian_shapes(token.text), key_of(token.text)}
                else:
                    literal.setdefault(token.text, number)
    return Marker(question, tuple(literal.items()), frozenset(shapes))


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """The longest first; words of letters and numbers only where one begins."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_escaped(word) for word in ordered))


def _escaped(word: str) -> str:
    is_plain = word.isascii()
    return f"(?<![a-z0-9]){re.escape(word)}" if is_plain else re.escape(word)


def spoken_spans(name: str, question: Question) -> list[Span]:
    """The part of a composed name that the question spells in pinyin, initials or mixed with
    characters."""
    form = folded(name)[:LONGEST_NAME]
    for key in question.keys:
        wanted = key.replace(" ", "")
        if any(each.isascii() for each in wanted):
            found = _spoken_in(form, wanted, 0)
            if found:
                return [found]
    words = [word for word in question.words if word.text.isascii() and word.text.isalpha()]
    found = [_spoken_in(form, word.text, number) for number, word in enumerate(words)]
    return _without_overlaps([each for each in found if each])


def _spoken_in(form: str, wanted: str, word: int) -> Span | None:
    for run in tokens(form):
        if run.sort != "han":
            continue
        for reading in readings(run.text):
            if len(reading.syllables) != len(run.text):
                continue
            for is_initials in (False, True):
                for start in range(len(run.text)):
                    length = _length(run.text, reading.syllables, start, wanted, is_initials)
                    if length:
                        return Span(run.start + start, run.start + start + length, word)
    return None


def _length(text: str, syllables: Sequence[str], start: int, wanted: str, is_initials: bool) -> int:
    """How many characters from `start` on the whole of what is wanted spells; 0 if it does not."""
    place = start
    while wanted and place < len(text):
        if wanted[0] in (text[place], syllables[place][0] if is_initials else ""):
            wanted = wanted[1:]
        elif not is_initials and wanted.startswith(syllables[place]):
            wanted = wanted[len(syllables[place]) :]
        elif not is_initials and syllables[place].startswith(wanted):
            wanted = ""
        else:
            return 0
        place += 1
    return 0 if wanted else place - start


def _without_overlaps(found: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def segments(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> list:
    """The text from `start` to `end` in parts; neighbouring matches are one."""
    end = len(text) if end is None else end
    parts: list[Segment] = []
    place = start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first >= last:
            continue
        _append(parts, text[place:first], False)
        _append(parts, text[first:last], True)
        place = last
    _append(parts, text[place:end], False)
    return parts


def _append(parts: list[Segment], text: str, is_match: bool) -> None:
    if not text:
        return
    if parts and parts[-1].is_match == is_match:
        text = parts.pop().text + text
    parts.append(Segment(text, is_match))
