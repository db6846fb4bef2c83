"""Files as people send them, made part by part."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import xlsxwriter

from services.errors import Invalid
from services.spreadsheets import Column, Sheet, read_workbook

NAME = Column("name", "姓名")
PORTRAIT = Column("portrait", "照片", kind="picture")


def png(shade: int) -> bytes:
    """A picture of one pixel, different for each shade."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes([0, shade]))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def workbook(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """An xlsx file made by `fill(sheet, workbook)`."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, options) as book:
        fill(book.add_worksheet("数据"), book)
    return output.getvalue()


def table(*rows: Iterable[Any]) -> bytes:
    """An xlsx file of one sheet, by a program that keeps texts in a shared table."""

    def fill(sheet: Any, _book: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, None)

    return workbook(fill, strings_to_formulas=False, strings_to_urls=False)


def zipped(parts: dict[str, bytes | str]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content: bytes, **changed: bytes | str) -> bytes:
    """The file with parts replaced or added, named as in `PARTS`."""
    return zipped(parts_of(content) | {PARTS[key]: part for key, part in changed.items()})


PARTS = {
    "sheet": "xl/worksheets/sheet1.xml",
    "texts": "xl/sharedStrings.xml",
    "styles": "xl/styles.xml",
    "workbook": "xl/workbook.xml",
    "cellimages": "xl/cellimages.xml",
    "cellimages_rels": "xl/_rels/cellimages.xml.rels",
    "image1": "xl/media/image1.png",
    "image2": "xl/media/image2.png",
}


def sheet_of(rows: str, before: str = "", after: str = "") -> str:
    """A sheet of hand-written rows."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def hand_written(rows: str, **parts: bytes | str) -> bytes:
    """An xlsx file whose first row has the titles 姓名 and 照片, with these rows below."""
    titles = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>照片</t></is></c></row>'
    )
    return with_parts(table(["姓名", "照片"]), sheet=sheet_of(titles + rows), **parts)


def refusal(content: bytes, columns: Iterable[Column] = (NAME,), **options: Any) -> Invalid:
    """How the file as a whole is refused."""
    with pytest.raises(Invalid) as refused:
        read_workbook(content, list(columns), **options)
    return refused.value


def errors_of(sheet: Sheet) -> list[tuple[int, str, str]]:
    return [(error.row, error.column_title, error.code) for error in sheet.errors]


def values_of(sheet: Sheet, key: str = "name") -> list[Any]:
    return [row.values[key] for row in sheet.rows]
