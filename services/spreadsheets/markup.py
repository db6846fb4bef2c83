"""XML sent by strangers, read piece by piece: no tree, no document types, no entities."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from services.errors import Invalid
from services.spreadsheets.archive import too_large
from services.spreadsheets.columns import MOST_TEXT

# Some 5,000 rows of 130 cells, read in some ten seconds; more only costs the others their time.
MOST_ELEMENTS = 2_000_000
# expat begins each unfinished tag or comment anew with every piece, so none may go on for long.
LONGEST_TAG_BYTES = 1024 * 1024
_NO_ATTRIBUTES: dict[str, str] = {}


class Event(NamedTuple):
    """The start of an element with its attributes, or its end with its text.

    Names are without namespaces, which differ between Excel's two dialects and WPS. The text is
    what followed the last tag, cut one character after the most that a cell can hold.
    """

    is_start: bool
    name: str
    attributes: dict[str, str]
    text: str


def events(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The elements of a document in order; raises Invalid for what is not plain XML."""
    collector = _Collector()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = collector.refuse
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.add_text
    fed = 0
    for chunk in chunks:
        _feed(parser, chunk)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > LONGEST_TAG_BYTES:
            raise too_large()
        yield from collector.take()
    _feed(parser, b"", is_final=True)
    yield from collector.take()


class _Collector:
    def __init__(self) -> None:
        self._events: list[Event] = []
        self._text = ""
        self._count = 0
        self._local_names = _LocalNames()

    def take(self) -> list[Event]:
        taken, self._events = self._events, []
        return taken

    def refuse(self, *declaration: object) -> None:
        """A document type declares entities, which grow or fetch; no spreadsheet has one."""
        raise Invalid("spreadsheet_not_recognized")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise too_large()
        self._text = ""
        names = self._local_names
        local = {names[each]: value for each, value in attributes.items()}
        self._events.append(Event(True, names[name], local, ""))

    def end(self, name: str) -> None:
        self._events.append(Event(False, self._local_names[name], _NO_ATTRIBUTES, self._text))
        self._text = ""

    def add_text(self, text: str) -> None:
        if len(self._text) <= MOST_TEXT:
            self._text = (self._text + text)[: MOST_TEXT + 1]


def _feed(parser: expat.XMLParserType, chunk: bytes, *, is_final: bool = False) -> None:
    try:
        parser.Parse(chunk, is_final)
    except (expat.ExpatError, LookupError, ValueError):
        raise Invalid("spreadsheet_not_recognized") from None


class _LocalNames(dict[str, str]):
    """Names without their namespaces; a document has few, each of them very often."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


def whole(text: str | None, default: int | None = None) -> int:
    """A count or an index as attributes and elements have it; raises Invalid for others."""
    if text is None and default is not None:
        return default
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("spreadsheet_not_recognized")
    return int(text)
