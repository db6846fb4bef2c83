"""Messages as WeChat writes them, JSON or XML, made into the same plain values."""

import json
from typing import Any
from xml.parsers import expat

from services.errors import Invalid

DEEPEST = 8
MOST_ELEMENTS = 1000

# Texts, numbers, lists and mappings by name.
Content = dict[str, Any]


def parse(body: bytes) -> Content:
    """The members of a message; raises Invalid for what is none.

    In XML all leaves are texts, and a name that occurs twice has a list. XML with a document type
    is refused, so there are no entities to grow or to fetch.
    """
    try:
        content = _parse_xml(body) if body.lstrip()[:1] == b"<" else json.loads(body.decode())
        # Halves of surrogates and NUL, which JSON can spell, are nothing the database takes.
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError, LookupError, expat.ExpatError):
        raise Invalid("malformed_request") from None
    if not isinstance(content, dict) or "\\u0000" in json.dumps(content):
        raise Invalid("malformed_request")
    # Seen in the wild: names with a blank before them.
    return {name.strip(): value for name, value in content.items()}


def _parse_xml(body: bytes) -> Any:
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = tree.refuse
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.add_text
    parser.Parse(body, True)
    return tree.root.get("xml")


class _Tree:
    def __init__(self) -> None:
        self.root: Content = {}
        self._open: list[Content] = [self.root]
        self._text = ""
        self._count = 0

    def refuse(self, *_declaration: object) -> None:
        raise ValueError("a document type")

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise ValueError("too much")
        self._open.append({})
        self._text = ""

    def end(self, name: str) -> None:
        members = self._open.pop()
        value, self._text = members or self._text, ""
        parent = self._open[-1]
        if name not in parent:
            parent[name] = value
        elif isinstance(parent[name], list):
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]

    def add_text(self, text: str) -> None:
        self._text += text
