"""Making texts comparable: what looks the same to a reader must be found by the same search."""

import unicodedata
from functools import cache, lru_cache

from mongol_norm import MongolianShaper
from opencc import OpenCC

_shaper = MongolianShaper(locale="MNG")
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
# Forms that readers of medical texts take for the same and that OpenCC leaves alone.
_VARIANTS = {"耆": "芪", "葠": "参", "檗": "柏", "荳": "豆", "著": "着", "薬": "药", "菓": "果"}
_OF_U_UMLAUT = "üǖǘǚǜ"


def search_key(text: str) -> str:
    """The form of a text by which it is stored for searching and searched for.

    Full-width and half-width, upper and lower case agree, and so do Mongolian words that look the
    same but are encoded differently.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_shaper.normalize_text(folded, strict=False).split())


def simplified(text: str) -> str:
    """The text with every traditional character in its simplified form, one for one."""
    return text.translate(_simplified_forms())


def composed(text: str) -> str:
    """The text as `folded` counts its characters; to a reader nothing has changed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """What a composed text is compared by: as long as the text, so that places in one are places
    in the other.

    Full-width and half-width, upper and lower case, traditional and simplified forms agree; so do
    letters with and without marks, but for ü, which becomes v as keyboards for pinyin have it.
    """
    return text.translate(_folded_characters)


@lru_cache(maxsize=20_000)
def mongolian_key(word: str) -> str:
    """The form in which Mongolian words that look the same are equal."""
    return _shaper.normalize_text(word, strict=False)


@cache
def _simplified_forms() -> dict[int, str]:
    # Each on a line of its own, so that none is read together with the one before.
    characters = [chr(code) for first, end in _HAN_BLOCKS for code in range(first, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    forms = {
        ord(one): other
        for one, other in zip(characters, converted, strict=True)
        if one != other and len(other) == 1
    }
    return forms | {ord(one): other for one, other in _VARIANTS.items()}


class _FoldedCharacters(dict[int, str]):
    """Worked out once for each character; of more than a reader's there may be no end."""

    MOST = 70_000

    def __missing__(self, code: int) -> str:
        form = _fold_character(chr(code))
        if len(self) < self.MOST:
            self[code] = form
        return form


_folded_characters = _FoldedCharacters()


def _fold_character(character: str) -> str:
    if character == "\u202f":
        return character
    plain = unicodedata.normalize("NFKC", character).casefold()
    if plain in _OF_U_UMLAUT:
        return "v"
    plain = unicodedata.normalize("NFD", plain)
    first = next((each for each in plain if not unicodedata.combining(each)), "")
    rest = plain.replace(first, "", 1) if first else plain
    if not first or any(not unicodedata.combining(each) for each in rest):
        return character
    return simplified(first)


def escape_like(text: str) -> str:
    """The text for use inside a LIKE pattern, its own % and _ meaning themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
