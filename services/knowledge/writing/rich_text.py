"""Rich text: which HTML is let through, and what else is made of it.

There is one allow-list for all. What comes out of `clean_html` is the same however often it is
cleaned; a text for which that cannot be had loses its formatting.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

import nh3

# Formatting that says the same as something we let through, as Word and WeChat's editor write it.
SYNONYMS = {
    "b": "strong",
    "i": "em",
    "del": "s",
    "strike": "s",
    "ins": "u",
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
}
# Each of these becomes a paragraph where it holds none itself, and nothing of its own elsewhere.
CONTAINERS = {"div", "section", "article"}
INLINE = {"strong", "em", "u", "s", "sub", "sup", "br", "a", "span", "img", "video"}
CELLS = {"td", "th"}
TABLE_PARTS = {"thead", "tbody", "tr", *CELLS}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "table", *TABLE_PARTS}
TAGS = INLINE | BLOCKS
INLINE_BEFORE = INLINE | {name for name, same in SYNONYMS.items() if same in INLINE}
# Their text is no text for readers, so it goes with them.
WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "iframe",
    "xmp",
    "textarea",
    "select",
    "svg",
    "math",
    "object",
    "head",
}
LANGUAGES = {"mn-Mong", "zh-Hans", "la"}
ALIGNMENTS = {"align-center", "align-right"}
ATTRIBUTES = {
    **{tag: {"lang", "class"} for tag in BLOCKS - {"hr"}},
    "span": {"lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "video": {"src", "width", "height"},
    "td": {"lang", "class", "colspan", "rowspan"},
    "th": {"lang", "class", "colspan", "rowspan"},
}
# Without this attribute an element is nothing.
ESSENTIAL = {"img": "src", "video": "src", "a": "href", "span": "lang"}
VOID = {"br", "hr", "img"}
SCHEMES = {"https", "http", "mailto"}
FORMS = {
    "src": re.compile(r"/files/[0-9a-f]{32}\.(?:jpg|webp)"),
    "video": re.compile(r"/files/[0-9a-f]{32}\.mp4"),
    "href": re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\x00-\x20\x7f]+", re.IGNORECASE),
    "lang": re.compile("|".join(LANGUAGES)),
    "class": re.compile("|".join(ALIGNMENTS)),
    "width": re.compile("[1-9][0-9]{0,4}"),
    "height": re.compile("[1-9][0-9]{0,4}"),
    "colspan": re.compile("[1-9][0-9]{0,2}"),
    "rowspan": re.compile("[1-9][0-9]{0,2}"),
}
# What the serializer writes: names in lower case, every value in double quotes.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[a-z][a-z0-9-]*="[^"]*")*)\s*/?>')
ATTRIBUTE = re.compile(r'\s([a-z][a-z0-9-]*)="([^"]*)"')
# A few rounds settle anything people write; what needs more was written to confuse.
MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a rich text in reading order: html or a table, or an image or a video by url."""

    type: str
    html: str | None = None
    url: str | None = None
    alt: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag with its text; `attributes` as they were written, without entities."""

    name: str
    is_end: bool
    text: str
    attributes: dict[str, str]


def clean_html(html: str) -> str:
    """Only what the allow-list lets through; cleaning the result again changes nothing."""
    cleaned = html
    for _ in range(MOST_ROUNDS):
        before, cleaned = cleaned, _tidy(_cleaner.clean(cleaned))
        if cleaned == before:
            return cleaned
    return _as_paragraphs(plain_text(cleaned))


def plain_text(html: str) -> str:
    """What a reader would read aloud, one line for each paragraph, heading, item or row."""
    parts = []
    for token in _tokens(html):
        if isinstance(token, str):
            parts.append(unescape(token))
        elif token.name in CELLS:
            parts.append("" if token.is_end else " ")
        elif token.name == "br" or token.name in BLOCKS:
            parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def file_names(html: str) -> set[str]:
    """The names below /files/ that pictures and videos of the cleaned text show."""
    return {
        token.attributes["src"].rpartition("/")[2]
        for token in _tokens(html)
        if not isinstance(token, str) and "src" in token.attributes
    }


def to_blocks(html: str) -> list[Block]:
    """The cleaned text cut at its top, with pictures and videos taken out of what held them.

    A picture between two parts of a paragraph stands between two paragraphs then; one inside a
    list, a quotation or a table follows it.
    """
    blocks: list[Block] = []
    for chunk in _chunks(html):
        blocks += _blocks_of(chunk)
    return blocks


def _filter(tag: str, name: str, value: str) -> str | None:
    value = value.strip()
    if name in ("alt", "rel"):
        return value
    # It is asked about elements, too, that are not let through.
    form = FORMS.get("video" if (tag, name) == ("video", "src") else name)
    return value if form is not None and form.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=TAGS | set(SYNONYMS) | CONTAINERS,
    clean_content_tags=WITH_CONTENT,
    attributes=ATTRIBUTES,
    attribute_filter=_filter,
    strip_comments=True,
    link_rel="noopener noreferrer nofollow",
    url_schemes=SCHEMES,
    url_relative="pass_through",
)


def _tokens(html: str) -> Iterator[str | _Tag]:
    """Texts and tags of what the serializer wrote."""
    position = 0
    for match in TAG.finditer(html):
        if match.start() > position:
            yield html[position : match.start()]
        attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(match[3])}
        yield _Tag(match[2], bool(match[1]), match[0], attributes)
        position = match.end()
    if position < len(html):
        yield html[position:]


def _tidy(html: str) -> str:
    """Call things by one name, and drop elements without what makes them something."""
    tokens = list(_tokens(html))
    leaves = _leaf_containers(tokens)
    written: list[str] = []
    # What stands for the end of each element that is open.
    ends: list[str] = []
    for place, token in enumerate(tokens):
        if isinstance(token, str):
            written.append(token)
        elif token.is_end:
            written.append(ends.pop() if ends else "")
        else:
            start, end = _renamed(token, place in leaves)
            written.append(start)
            if token.name not in VOID:
                ends.append(end)
    return "".join(written).strip()


def _renamed(token: _Tag, is_leaf: bool) -> tuple[str, str]:
    """What stands for the start and the end of an element."""
    name = token.name
    if name in CONTAINERS:
        return ("<p>", "</p>") if is_leaf else ("", "")
    if name in SYNONYMS:
        return f"<{SYNONYMS[name]}>", f"</{SYNONYMS[name]}>"
    if ESSENTIAL.get(name, name) not in token.attributes and name in ESSENTIAL:
        return "", ""
    return token.text, f"</{name}>"


def _leaf_containers(tokens: list[str | _Tag]) -> set[int]:
    """The places of containers that hold no block and lie in nothing but containers."""
    leaves: set[int] = set()
    # The place of each open container, None for any other element.
    opened: list[int | None] = []
    for place, token in enumerate(tokens):
        if isinstance(token, str):
            continue
        if token.is_end:
            opened.pop()
            continue
        if token.name not in INLINE_BEFORE:
            leaves.difference_update(opened)
        if token.name in CONTAINERS and None not in opened:
            leaves.add(place)
        if token.name not in VOID:
            opened.append(place if token.name in CONTAINERS else None)
    return leaves


def _as_paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n") if line)


def _chunks(html: str) -> Iterator[list[str | _Tag]]:
    """The blocks at the top; what stands there without a block of its own is one paragraph."""
    loose: list[str | _Tag] = []
    for node in _top_nodes(html):
        if all(isinstance(token, str) or token.name in INLINE for token in node):
            loose += node
            continue
        if loose:
            yield _wrapped(loose)
            loose = []
        yield node
    if loose:
        yield _wrapped(loose)


def _top_nodes(html: str) -> Iterator[list[str | _Tag]]:
    """Each text and each whole element at the top."""
    node: list[str | _Tag] = []
    depth = 0
    for token in _tokens(html):
        node.append(token)
        if not isinstance(token, str) and token.name not in VOID:
            depth += -1 if token.is_end else 1
        if depth == 0:
            yield node
            node = []


def _wrapped(tokens: list[str | _Tag]) -> list[str | _Tag]:
    return [_Tag("p", False, "<p>", {}), *tokens, _Tag("p", True, "</p>", {})]


def _blocks_of(chunk: list[str | _Tag]) -> Iterator[Block]:
    first = chunk[0]
    if first.name == "p":
        yield from _split_paragraph(chunk)
        return
    media = [_medium(token) for token in chunk if _is_medium(token)]
    rest = [token for token in chunk if not _is_medium(token, with_ends=True)]
    html = _written(rest)
    if plain_text(html) or first.name == "hr":
        yield Block("table" if first.name == "table" else "html", html=html)
    yield from media


def _split_paragraph(chunk: list[str | _Tag]) -> Iterator[Block]:
    """Paragraphs and the media between them; inline elements are closed and opened again."""
    opened: list[_Tag] = []
    part: list[str | _Tag] = []
    for token in chunk:
        if _is_medium(token, with_ends=True):
            if _is_medium(token):
                yield from _paragraph([*part, *_closing(opened)])
                yield _medium(token)
                part = list(opened)
            continue
        part.append(token)
        if not isinstance(token, str) and token.name not in VOID:
            opened.pop() if token.is_end else opened.append(token)
    yield from _paragraph(part)


def _paragraph(part: list[str | _Tag]) -> Iterator[Block]:
    html = _written(part)
    if plain_text(html):
        yield Block("html", html=html)


def _closing(opened: list[_Tag]) -> list[_Tag]:
    return [_Tag(each.name, True, f"</{each.name}>", {}) for each in reversed(opened)]


def _written(tokens: list[str | _Tag]) -> str:
    return "".join(token if isinstance(token, str) else token.text for token in tokens)


def _is_medium(token: str | _Tag, *, with_ends: bool = False) -> bool:
    if isinstance(token, str) or token.name not in ("img", "video"):
        return False
    return with_ends or not token.is_end


def _medium(token: _Tag) -> Block:
    attributes = token.attributes
    return Block(
        "image" if token.name == "img" else "video",
        url=attributes["src"],
        alt=attributes.get("alt") or None,
        width=_whole(attributes.get("width")),
        height=_whole(attributes.get("height")),
    )


def _whole(digits: str | None) -> int | None:
    return int(digits) if digits else None
