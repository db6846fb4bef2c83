"""The passages of a text that say most of what was asked, to be shown below a result."""

from collections.abc import Sequence

from services.knowledge.searching.highlighting import Marker, Segment, Span, segments
from services.knowledge.searching.terms import tokens

LENGTH = 40
BEFORE = 12
MOST = 2
LONGEST_READ = 20_000
ELLIPSIS = Segment("…", False)


def passages(text: str, marker: Marker) -> list[list[Segment]]:
    """At most two passages around the densest matches, in the order of the text."""
    text = text[:LONGEST_READ]
    every = spans = marker.spans(text)
    chosen: list[tuple[int, int]] = []
    seen: set[int] = set()
    while spans and len(chosen) < MOST:
        first = max(range(len(spans)), key=lambda place: _density(spans, place, seen))
        start, end = _window(text, spans, first)
        chosen.append((start, end))
        seen |= {span.word for span in spans if start <= span.start < end}
        spans = [span for span in spans if span.end <= start or span.start >= end]
    return [_cut(text, every, start, end) for start, end in sorted(chosen)]


def _density(spans: Sequence[Span], first: int, seen: set[int]) -> tuple[int, int, int]:
    """How many words that are not seen yet, how many words, and how many matches follow closely."""
    limit = spans[first].start + LENGTH - BEFORE
    words, count = set(), 0
    for span in spans[first:]:
        if span.end > limit and count:
            break
        words.add(span.word)
        count += 1
    return len(words - seen), len(words), count


def _window(text: str, spans: Sequence[Span], first: int) -> tuple[int, int]:
    """Where the passage begins and ends: inside a line, and not inside a word."""
    line_start = text.rfind("\n", 0, spans[first].start) + 1
    line_end = text.find("\n", spans[first].start)
    line_end = len(text) if line_end < 0 else line_end
    start = max(line_start, spans[first].start - BEFORE)
    end = min(line_end, max(start + LENGTH, spans[first].end))
    start = max(line_start, min(start, end - LENGTH))
    return _widened(text[line_start:line_end], line_start, start, end)


def _widened(line: str, line_start: int, start: int, end: int) -> tuple[int, int]:
    for token in tokens(line):
        first, last = line_start + token.start, line_start + token.end
        if token.sort == "han" or last - first > LENGTH:
            continue
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    return start, end


def _cut(text: str, spans: Sequence[Span], start: int, end: int) -> list[Segment]:
    parts = segments(text, spans, start, end)
    if start > 0 and text[start - 1] != "\n":
        parts.insert(0, ELLIPSIS)
    if end < len(text) and text[end] != "\n":
        parts.append(ELLIPSIS)
    return parts
