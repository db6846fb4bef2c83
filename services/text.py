"""Making texts comparable: what looks the same to a reader must be found by the same search."""

import unicodedata

from mongol_norm import MongolianShaper

_shaper = MongolianShaper(locale="MNG")


def search_key(text: str) -> str:
    """The form of a text by which it is stored for searching and searched for.

    Full-width and half-width, upper and lower case agree, and so do Mongolian words that look the
    same but are encoded differently.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_shaper.normalize_text(folded, strict=False).split())


def escape_like(text: str) -> str:
    """The text for use inside a LIKE pattern, its own % and _ meaning themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
