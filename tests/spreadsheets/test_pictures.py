"""Pictures in rows: floating, in cells as WPS and Excel store them, and in a zip by name."""

import io
import zipfile

import pytest

from services.spreadsheets import Column, Sheet, read_workbook
from tests.spreadsheets.files import (
    NAME,
    PORTRAIT,
    errors_of,
    hand_written,
    parts_of,
    png,
    refusal,
    table,
    workbook,
    zipped,
)

COLUMNS = [NAME, PORTRAIT]
LARGE = bytes(8 * 1024 * 1024 + 1)


def read(content: bytes) -> Sheet:
    return read_workbook(content, COLUMNS)


def pictures_of(sheet: Sheet) -> dict[int, bytes]:
    return {row.number: row.pictures["portrait"] for row in sheet.rows if row.pictures}


def floating(*places: tuple, heights: dict[int, float] | None = None) -> bytes:
    """Rows 2 to 6 with pictures at (row, column, options), counted from 0."""

    def fill(sheet, _book):
        sheet.write_row(0, 0, ["姓名", "照片"])
        sheet.write_column(1, 0, ["甲", "乙", "丙", "丁", "戊"])
        for row, height in (heights or {}).items():
            sheet.set_row(row, height)
        for shade, (row, column, options) in enumerate(places):
            picture = {"image_data": io.BytesIO(png(shade))} | options
            sheet.insert_image(row, column, "picture.png", picture)

    return workbook(fill)


def test_floating_pictures_belong_to_the_row_of_their_middle():
    content = floating(
        (1, 1, {"y_scale": 80, "x_scale": 40}),
        # Begins at the lower edge of row 3 and lies over row 4.
        (2, 1, {"y_offset": 75, "y_scale": 70}),
        # Begins left of its column.
        (4, 0, {"x_offset": 50, "x_scale": 60, "y_scale": 60}),
        heights={1: 60, 2: 60, 3: 60, 4: 60},
    )
    assert pictures_of(read(content)) == {2: png(0), 4: png(1), 5: png(2)}


def test_a_picture_with_a_size_instead_of_a_second_corner():
    content = floating((1, 1, {"object_position": 3, "y_scale": 10}), (3, 1, {"y_offset": 15}))
    parts = parts_of(content)
    drawing = parts["xl/drawings/drawing1.xml"].decode()
    start, end = drawing.index("<xdr:to>"), drawing.index("</xdr:to>") + len("</xdr:to>")
    one_cell = drawing[:start] + '<xdr:ext cx="9525" cy="571500"/>' + drawing[end:]
    parts["xl/drawings/drawing1.xml"] = one_cell.encode()
    assert pictures_of(read(zipped(parts)))[3] == png(0)


def test_pictures_elsewhere_are_no_portraits():
    assert pictures_of(read(floating((0, 1, {}), (1, 5, {}), (40, 1, {})))) == {}


def test_two_pictures_over_one_cell_are_an_error():
    sheet = read(floating((1, 1, {}), (1, 1, {"x_offset": 2})))
    assert errors_of(sheet) == [(2, "照片", "picture_repeated")]


@pytest.mark.parametrize("rows", [10**9, 1_048_575, 300])
def test_a_picture_over_the_whole_sheet_costs_no_time(rows):
    parts = parts_of(floating((1, 1, {})))
    drawing = parts["xl/drawings/drawing1.xml"].decode()
    before, after = drawing.split("<xdr:to>")
    after = after.replace("<xdr:row>1</xdr:row>", f"<xdr:row>{rows}</xdr:row>")
    parts["xl/drawings/drawing1.xml"] = f"{before}<xdr:to>{after}".encode()
    assert pictures_of(read(zipped(parts))) in ({2: png(0)}, {})


CELLIMAGES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<etc:cellImages xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">
<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_A1" descr="甲"/><xdr:cNvPicPr/>
</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage>
<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="ID_B2"/><xdr:cNvPicPr/>
</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId2"/></xdr:blipFill></xdr:pic></etc:cellImage>
</etc:cellImages>"""
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
CELLIMAGES_RELS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId2" Type="{IMAGE}" Target="media/image2.png"/>
<Relationship Id="rId1" Type="{IMAGE}" Target="media/image1.png"/></Relationships>"""


def wps(*cells: str, **changed: bytes | str) -> bytes:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}" {cell}</c></row>'
        for row, cell in enumerate(cells, start=2)
    )
    parts = {
        "cellimages": CELLIMAGES,
        "cellimages_rels": CELLIMAGES_RELS,
        "image1": png(1),
        "image2": png(2),
    }
    return hand_written(rows, **(parts | changed))


def test_pictures_that_wps_puts_into_cells():
    sheet = read(
        wps(
            't="str"><f>_xlfn.DISPIMG("ID_A1",1)</f><v>=DISPIMG("ID_A1",1)</v>',
            't="str"><f>DISPIMG(&quot;ID_B2&quot;,1)</f><v>=DISPIMG("ID_B2",1)</v>',
            't="str"><v>=DISPIMG("ID_A1",1)</v>',
            't="e"><f>_xlfn.DISPIMG("ID_B2",1)</f><v>#NAME?</v>',
            't="str"><f>_xlfn.DISPIMG("ID_C3",1)</f><v>=DISPIMG("ID_C3",1)</v>',
        )
    )
    assert pictures_of(sheet) == {2: png(1), 3: png(2), 4: png(1), 5: png(2)}
    assert errors_of(sheet) == [(6, "照片", "picture_missing")]


def test_a_picture_too_large_is_an_error_of_its_row():
    cell = 't="str"><f>DISPIMG("ID_A1",1)</f><v>x</v>'
    content = wps(cell, image1=LARGE[:-1])
    assert refusal(content, COLUMNS).code == "spreadsheet_too_large"
    parts = parts_of(wps(cell))
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        for name, part in (parts | {"xl/media/image1.png": LARGE}).items():
            archive.writestr(name, part)
    sheet = read(output.getvalue())
    assert errors_of(sheet) == [(2, "照片", "picture_too_large")]
    assert sheet.errors[0].details == {"limit": 8}


def test_pictures_that_excel_puts_into_cells():
    def fill(sheet, _book):
        sheet.write_row(0, 0, ["姓名", "照片"])
        for row in (1, 2, 3):
            sheet.write_string(row, 0, "甲")
            if row != 2:
                sheet.embed_image(row, 1, "p.png", {"image_data": io.BytesIO(png(row))})

    content = workbook(fill)
    assert pictures_of(read(content)) == {2: png(1), 4: png(3)}
    parts = parts_of(content)
    del parts["xl/metadata.xml"]
    assert [error.code for error in read(zipped(parts)).errors] == ["picture_missing"] * 2


def test_a_picture_can_be_required():
    columns = [NAME, Column("portrait", "照片", kind="picture", required=True)]
    sheet = read_workbook(floating((1, 1, {})), columns)
    assert [row.number for row in sheet.rows] == [2]
    assert errors_of(sheet)[0] == (3, "照片", "required")


NAMES = table(
    ["姓名", "照片"],
    ["甲", "张三.jpg"],
    ["乙", r"C:\照片\LISI.JPG"],
    ["丙", "没有.png"],
    ["丁", "同名.png"],
    ["戊", ""],
)


def test_pictures_in_a_zip_are_found_by_name():
    content = zipped(
        {
            "资料/名单.xlsx": NAMES,
            "资料/照片/张三.JPG": png(1),
            "../../etc/lisi.jpg": png(2),
            "a/同名.png": png(3),
            "b/同名.png": png(4),
            "__MACOSX/资料/._张三.jpg": b"junk",
            "__MACOSX/._名单.xlsx": b"junk",
            "资料/~$名单.xlsx": b"junk",
            "资料/._lisi.jpg": b"junk",
        }
    )
    sheet = read(content)
    assert pictures_of(sheet) == {2: png(1), 3: png(2)}
    assert errors_of(sheet) == [(4, "照片", "picture_missing"), (5, "照片", "picture_repeated")]


def with_names_in(encoding: str, members: dict[str, bytes]) -> bytes:
    """A zip whose names are in an encoding it does not tell."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo("x" * len(name.encode(encoding)))
            archive.writestr(info, content)
    packed = output.getvalue()
    for name in members:
        raw = name.encode(encoding)
        packed = packed.replace(b"x" * len(raw), raw, 1)
        directory = packed.rindex(b"PK\x01\x02", 0, packed.index(b"x" * len(raw)))
        packed = packed[:directory] + packed[directory:].replace(b"x" * len(raw), raw, 1)
    return packed


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "gb18030"])
def test_names_from_chinese_windows_and_from_macos(encoding):
    sent = with_names_in(encoding, {"我的参赛人员名单表.xlsx": NAMES, "张三.jpg": png(1)})
    assert pictures_of(read(sent)) == {2: png(1)}


def test_a_name_without_a_zip_is_a_missing_picture():
    assert {error.code for error in read(NAMES).errors} == {"picture_missing"}


@pytest.mark.parametrize("files", [{}, {"a.xlsx": NAMES, "b.xlsx": NAMES}, {"a.xls": NAMES}])
def test_a_zip_has_exactly_one_spreadsheet(files):
    assert refusal(zipped({"张三.jpg": png(1)} | files)).code == "spreadsheet_not_recognized"
