"""Pictures that belong to cells: floating over them, in them, or named by them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.spreadsheets.anchors import floating_pictures
from services.spreadsheets.archive import MEBIBYTE, Archive
from services.spreadsheets.embedded import rich_pictures, wps_pictures
from services.spreadsheets.escaping import unescape
from services.spreadsheets.results import Unfit
from services.spreadsheets.workbook import Book, Cell

MOST_PICTURE_BYTES = 8 * MEBIBYTE
# WPS's own function; Excel writes it with the prefix of functions that it does not know.
_DISPIMG = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("([^"]{1,100})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file in an archive."""

    archive: Archive
    name: str

    def read(self) -> bytes:
        """The bytes; raises Unfit if there are none or too many."""
        if not self.archive.has(self.name):
            raise Unfit("picture_missing")
        if self.archive.size(self.name) > MOST_PICTURE_BYTES:
            raise Unfit("picture_too_large", limit=MOST_PICTURE_BYTES // MEBIBYTE)
        return self.archive.read(self.name)


class Pictures:
    """The pictures of a workbook and of the files sent with it; `columns` are those with pictures.

    To be made when all rows are read, since their heights say over which row a picture is.
    """

    def __init__(self, book: Book, files: Archive | None, columns: Sequence[int]) -> None:
        self._archive = book.archive
        self._floating = floating_pictures(book, columns)
        self._in_wps = wps_pictures(book.archive)
        self._in_excel = rich_pictures(book.archive)
        self._files = files
        self._names = _names_by_key(files) if files else {}

    def read(self, row: int, column: int, cell: Cell | None) -> bytes | None:
        """The raw bytes of the one picture of a cell, or None; raises Unfit."""
        floating = self._floating.get((row, column), [])
        if len(floating) > 1:
            raise Unfit("picture_repeated")
        if floating:
            return _Source(self._archive, floating[0]).read()
        return self._read_from(cell) if cell else None

    def _read_from(self, cell: Cell) -> bytes | None:
        if match := _DISPIMG.match(cell.formula) or _DISPIMG.match(cell.text):
            return _Source(self._archive, self._in_wps.get(match[1], "")).read()
        if cell.rich_value:
            return _Source(self._archive, self._in_excel.get(cell.rich_value, "")).read()
        name = unescape(cell.text)
        return self._read_file(name) if name else None

    def _read_file(self, name: str) -> bytes:
        """The file a cell names; folders and case are ignored, as people do."""
        found = self._names.get(_key_of_file(name), [])
        if len(found) > 1:
            raise Unfit("picture_repeated")
        if self._files is None or not found:
            raise Unfit("picture_missing")
        return _Source(self._files, found[0]).read()


def _names_by_key(files: Archive) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name in files.names():
        if not is_by_the_system(name):
            names.setdefault(_key_of_file(name), []).append(name)
    return names


def is_by_the_system(name: str) -> bool:
    """Whether a file in a zip was put there by macOS or by an office program, not by a person."""
    base = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or base.startswith(("._", "~$"))


def _key_of_file(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    return unicodedata.normalize("NFKC", base).strip().casefold()
