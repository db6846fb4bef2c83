"""Files that want to harm: bombs, entities, lies and damage. They are refused, and quickly."""

import io
import random
import re
import time
import tracemalloc
import zipfile

import pytest

from services.errors import Invalid
from services.spreadsheets import archive, markup, read_workbook, reading
from tests.spreadsheets.files import (
    NAME,
    PARTS,
    PORTRAIT,
    hand_written,
    parts_of,
    png,
    refusal,
    sheet_of,
    table,
    values_of,
    with_parts,
    zipped,
)

GOOD = table(["姓名"], ["甲"])
TITLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
DOCTYPES = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>",
    "quadratic": f'<!DOCTYPE x [<!ENTITY j "{"a" * 50_000}">]>',
    "external": '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "external subset": '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]>',
    "harmless": "<!DOCTYPE worksheet>",
}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04",
        b"a,b\n1,2\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x05\x06" + bytes(18),
        GOOD[:-30],
        png(1),
        zipped({"[Content_Types].xml": "<a/>"}),
        zipped({"[Content_Types].xml": "<a/>", "_rels/.rels": "not xml"}),
    ],
)
def test_what_is_no_spreadsheet(content):
    assert refusal(content).code == "spreadsheet_not_recognized"


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize("part", ["sheet", "texts", "workbook", "styles"])
def test_document_types_are_refused_before_their_entities_grow(kind, part):
    root = parts_of(GOOD)[PARTS[part]].decode().split("?>", 1)[1].replace("姓名", "&j;" * 1000)
    started = time.process_time()
    refused = refusal(with_parts(GOOD, **{part: DOCTYPES[kind] + root}))
    assert refused.code == "spreadsheet_not_recognized"
    assert time.process_time() - started < 1


@pytest.mark.parametrize("encoding", ["utf-16", "gbk", "rot13", "idna"])
def test_other_encodings_hide_nothing(encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' + DOCTYPES["billion laughs"]
    sheet = (declared + "<worksheet>&j;</worksheet>").encode(
        encoding if encoding in ("utf-16", "gbk") else "ascii"
    )
    assert refusal(with_parts(GOOD, sheet=sheet)).code == "spreadsheet_not_recognized"


def test_too_many_bytes(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", len(GOOD) - 1)
    assert refusal(GOOD).code == "spreadsheet_too_large"


def test_zip_bombs_are_seen_before_they_are_unpacked():
    tracemalloc.start()
    bomb = zipped({"xl/a.xml": bytes(archive.MOST_UNPACKED_BYTES + 1)})
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    refused = refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert (refused.code, refused.details) == ("spreadsheet_too_large", {"limit": 64})
    assert peak < 2 * 1024 * 1024


def test_what_shrinks_too_much_is_a_bomb_even_inside_another_zip():
    bomb = with_parts(GOOD, sheet=bytes(2 * 1024 * 1024))
    assert refusal(bomb).code == "spreadsheet_too_large"
    assert refusal(zipped({"a.xlsx": bomb, "b.jpg": png(1)})).code == "spreadsheet_too_large"


def test_too_many_members(monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 20)
    assert (
        refusal(zipped({str(number): b"" for number in range(21)})).code == "spreadsheet_too_large"
    )


def test_a_zip_that_lies_about_sizes_gives_no_more_than_it_declares():
    content = bytearray(with_parts(GOOD, sheet=sheet_of(TITLE + "<row/>" * 200_000)))
    actual = len(parts_of(bytes(content))[PARTS["sheet"]]).to_bytes(4, "little")
    assert content.count(actual) == 2
    lying = bytes(content).replace(actual, (1000).to_bytes(4, "little"))
    assert refusal(lying).code == "spreadsheet_not_recognized"


def test_encrypted_and_exotic_members_are_refused():
    encrypted = re.sub(rb"(?s)(PK\x01\x02.{4})\x00", lambda entry: entry[1] + b"\1", GOOD)
    for content in (encrypted, _packed_with(zipfile.ZIP_LZMA), _packed_with(zipfile.ZIP_BZIP2)):
        assert refusal(content).code == "spreadsheet_not_recognized"


def _packed_with(method: int) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as packed:
        for name, part in parts_of(GOOD).items():
            packed.writestr(name, part)
    return output.getvalue()


def test_a_hundred_thousand_rows_are_refused_early():
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(2, 100_002)
    )
    started = time.process_time()
    assert (
        refusal(with_parts(GOOD, sheet=sheet_of(TITLE + rows))).code == "spreadsheet_too_many_rows"
    )
    assert time.process_time() - started < 3


def test_too_many_elements(monkeypatch):
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 500)
    assert refusal(hand_written("<row/>" * 600)).code == "spreadsheet_too_large"


def test_a_tag_without_end_is_given_up():
    noise = random.Random(1).randbytes(1_200_000).hex()
    started = time.process_time()
    sheet = sheet_of(f"{TITLE}<!-- {noise} -->")
    assert refusal(with_parts(GOOD, sheet=sheet)).code == "spreadsheet_too_large"
    assert time.process_time() - started < 3


def test_a_long_text_is_no_long_tag_and_cut():
    noise = random.Random(1).randbytes(1_200_000).hex()
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{noise}</t></is></c></row>'
    sheet = read_workbook(with_parts(GOOD, sheet=sheet_of(TITLE + row)), [NAME])
    assert [error.code for error in sheet.errors] == ["too_long"]


def test_one_long_text_shared_by_many_cells(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 1_000_000)
    texts = f"<sst><si><t>姓名</t></si><si><t> {'a' * 30_000}</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(2, 42))
    assert refusal(hand_written(rows, texts=texts)).code == "spreadsheet_too_large"


@pytest.mark.parametrize("place", ["99", "-1", "1e3", "x", "9" * 30, "１"])
def test_shared_texts_that_do_not_exist(place):
    rows = f'<row r="2"><c r="A2" t="s"><v>{place}</v></c></row>'
    assert refusal(hand_written(rows)).code == "spreadsheet_not_recognized"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1048577"/>',
        '<row r="-5"/>',
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        '<row r="2"><c r="é2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" s="x"><v>1</v></c></row>',
        f'<row r="2">{"<c/>" * 16_385}</row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
    ],
)
def test_places_outside_a_sheet(rows):
    assert refusal(hand_written(rows)).code == "spreadsheet_not_recognized"


@pytest.mark.parametrize("number", ["1e999", "nan", "-inf", "1e15", "9" * 400])
def test_numbers_that_are_none(number):
    rows = f'<row r="2"><c r="A2"><v>{number}</v></c></row>'
    sheet = read_workbook(hand_written(rows), [NAME])
    assert [error.code for error in sheet.errors] == ["digits_lost"]


def test_parts_that_lead_outside_are_not_followed():
    parts = parts_of(GOOD)
    rels = parts["xl/_rels/workbook.xml.rels"].decode()
    for target in ("../../../etc/passwd", "http://192.0.2.1/sheet.xml", "file:///etc/passwd"):
        changed = rels.replace("worksheets/sheet1.xml", target)
        refused = refusal(zipped(parts | {"xl/_rels/workbook.xml.rels": changed}))
        assert refused.code == "spreadsheet_not_recognized"


def test_damage_anywhere_is_refused_or_read_and_never_crashes():
    chance = random.Random(20261120)
    parts = parts_of(table(["姓名", "照片"], ["甲", 5], ["乙", "a.jpg"]))
    names = [name for name in parts if name.startswith("xl/") or name.startswith("_rels")]
    outcomes = set()
    for _ in range(400):
        name = chance.choice(names)
        damaged = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'<>"/0aZ\xff &')
        outcomes.add(_outcome(zipped(parts | {name: bytes(damaged)})))
    whole = zipped(parts)
    for _ in range(400):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        outcomes.add(_outcome(bytes(damaged)))
    assert {"read", "spreadsheet_not_recognized"} <= outcomes


def _outcome(content: bytes) -> str:
    try:
        values_of(read_workbook(content, [NAME, PORTRAIT]))
    except Invalid as refused:
        return refused.code
    return "read"
