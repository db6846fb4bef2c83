"""What a text is found by: the rules, with many cases."""

import pytest

from services.knowledge.searching.asking import cleaned, spoken_key
from services.knowledge.searching.indexing import near_terms, search_values
from services.knowledge.searching.plain_text import read_lines
from services.knowledge.searching.syllables import into_syllables
from services.knowledge.searching.terms import key_of, mongolian_shapes, quoted, readings, terms_of
from services.text import composed, folded, simplified


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("黃芪補氣", "黄芪补气"),
        ("頭髮與發熱", "头发与发热"),
        ("神麴", "神曲"),
        ("乾薑", "干姜"),
        ("已是简体", "已是简体"),
        ("", ""),
    ],
)
def test_traditional_characters_become_simplified_ones_one_for_one(text, expected):
    assert simplified(text) == expected
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("Huángqí", "huangqi"),
        ("lǜ", "lv"),
        ("黃耆", "黄芪"),
        ("ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ", "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ"),
        ("㎎½ﬁ", "㎎½ﬁ"),
        ("🌿药\U0010ffff", "🌿药\U0010ffff"),
    ],
)
def test_a_folded_text_is_as_long_as_the_text(text, expected):
    assert folded(composed(text)) == expected
    assert len(expected) == len(composed(text))


def test_letters_with_marks_written_apart_are_composed_first():
    assert folded(composed("hua\u0301ngqi\u0301")) == "huangqi"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("黄芪 建中汤", "黃芪建中湯"),
        ("Astragalus  Membranaceus", "astragalus membranaceus"),
        ("桂枝茯苓丸（胶囊）", "桂枝茯苓丸 胶囊"),
        ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠤᠩᠭᠤᠯ"),
        ("ᠭᠦᠷᠭᠦᠮ", "ᠬᠥᠷᠭᠦᠮ"),
        ("维生素Ｃ", "维生素c"),
    ],
)
def test_names_that_are_one(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(("one", "other"), [("ᠡᠮ", "ᠨᠣᠮ"), ("ab c", "a bc"), ("黄芪", "芪黄")])
def test_names_that_are_two(one, other):
    assert key_of(one) != key_of(other)


def test_what_is_no_text_has_no_key():
    assert [key_of(text) for text in ("", " ", "🌿", "%_'\"", "\u202f", "\ud800")] == [""] * 6


@pytest.mark.parametrize(
    ("name", "sound", "initials"),
    [
        ("黄芪", "huangqi", "hq"),
        ("白术", "baizhu", "bz"),
        ("黄柏", "huangbo", "hb"),
        ("盐黄柏", "yanhuangbo", "yhb"),
        ("重楼", "chonglou", "cl"),
        ("阿胶", "ejiao", "ej"),
        ("女贞子", "nvzhenzi", "nzz"),
        ("维生素c片", "weishengsucpian", "wsscp"),
        ("那如3", "naru3", "nr3"),
    ],
)
def test_how_a_name_is_spoken(name, sound, initials):
    assert (readings(name)[0].sound, readings(name)[0].initials) == (sound, initials)


def test_a_character_of_two_readings_is_spoken_in_both():
    assert {"huangbo", "huangbai"} <= {each.sound for each in readings("黄柏")}
    assert readings("astragalus") == ()
    assert len(readings("长行重乐参差单")) <= 8


def test_terms_of_a_mixed_text():
    found = [term for term, _ in terms_of("黄芪 10g，Vitamin C ᠡᠮ")]
    assert found[:7] == ["z黄", "z黄芪", "z芪", "010", "lg", "lvitamin", "lc"]
    assert found[7][0] == "m"


def test_a_suffix_is_no_part_of_a_mongolian_word():
    (stem,) = mongolian_shapes("ᠮᠣᠩᠭᠣᠯ")
    assert stem in mongolian_shapes("ᠮᠤᠩᠭᠤᠯ\u202fᠤᠨ")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("huangqi", ("huang", "qi")),
        ("xian", ("xian",)),
        ("nvzhenzi", ("nv", "zhen", "zi")),
        ("astragalus", None),
        ("q" * 1000, None),
        ("", None),
    ],
)
def test_pinyin_is_told_into_syllables(word, expected):
    assert (into_syllables(word) or (None,))[0] == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("黄qi", ("huangqi", "黄")),
        ("huang芪", ("huangqi", "芪")),
        ("huang qi", ("huangqi", "")),
        ("huang2 qi2", ("huangqi", "")),
        ("黄芪", ("", "")),
        ("qi9", ("", "")),
    ],
)
def test_what_pinyin_and_characters_sound_like_together(key, expected):
    assert spoken_key(key) == expected


def test_names_that_differ_by_one_character_are_near():
    for one, other in [
        ("黄芪", "黄其"),
        ("金银花", "金艮花"),
        ("金银花", "金银"),
        ("金银花", "金银银花"),
        ("六味地黄丸", "六味黄地丸"),
        ("Glycyrrhiza", "glicirhiza"),
    ]:
        assert set(near_terms(one)) & set(near_terms(other)), (one, other)
    assert not set(near_terms("金银花")) & set(near_terms("八段锦"))


def test_the_beginnings_of_mongolian_words_are_known():
    beginnings = {each for each in near_terms("ᠮᠣᠩᠭᠣᠯ ᠡᠮ") if each.startswith("^")}
    assert f"^{key_of('ᠮᠣᠩ')}" in beginnings
    assert f"^{key_of('ᠡᠮ')}" in beginnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  黄芪 \n", "黄芪"),
        ("黄\x00芪\ud800", "黄 芪"),
        ("a\u2028b", "a b"),
        ("x" * 10_000, "x" * 100),
        ("\u202e", "\u202e"),
    ],
)
def test_what_is_typed_is_cleaned(text, expected):
    assert cleaned(text) == expected


def test_quoting_leaves_nothing_to_be_read_as_an_operator():
    assert quoted("a'b\\c:*&|!") == "'a''b\\\\c:*&|!'"


def test_what_is_read_of_a_content():
    content = {
        "zh": {
            "name": "黄芪",
            "summary": "补气。",
            "body": "<p>根<b>长</b></p><table><tr><td>味</td><td>甘</td></tr></table>"
            "<p>A&amp;B&lt;</p><img alt='x'>",
        },
        "facts": {"composition": [{"name": "黄芪"}, {"name": "白术"}], "toxicity": "toxic"},
    }
    assert list(read_lines("formula", content)) == [
        ("summary", "补气。"),
        ("body", "根长"),
        ("body", "味 甘"),
        ("body", "A&B<"),
        ("composition", "黄芪、白术"),
        ("toxicity", "有毒"),
    ]


def test_a_very_long_text_still_fits():
    body = "".join(chr(0x4E00 + place * 7 % 20_000) for place in range(200_000))
    row, _ = search_values(1, "article", {"zh": {"name": "长文", "body": f"<p>{body}</p>"}})
    assert sum(len(term.encode()) + 4 for term in row["text_terms"]) < 1_000_000
    assert len(row["text"]) == 60_000
