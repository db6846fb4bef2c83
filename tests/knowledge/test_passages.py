"""What is shown of a text: the passages that say most of what was asked."""

import pytest

from services.knowledge.searching.asking import Question, Word
from services.knowledge.searching.highlighting import marker_of, segments
from services.knowledge.searching.passages import passages
from services.knowledge.searching.terms import key_of, tokens
from services.text import composed, folded


def marker(query: str, *variants: str):
    words = tuple(Word(token.sort, token.text, variants) for token in tokens(folded(query)))
    return marker_of(Question(query, (key_of(query),), words, None))


def marked(parts) -> str:
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


def shown(text: str, query: str, *variants: str) -> list[str]:
    return [marked(each) for each in passages(composed(text), marker(query, *variants))]


LONG = "前面说了很多别的事情。" * 5 + "黄芪补气固表，与白术、防风同用。" + "后面又说了许多。" * 9


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("黄芪补气。", "黄芪", ["[黄芪]补气。"]),
        ("黃耆補氣。", "黄芪", ["[黃耆]補氣。"]),
        ("黄芪补气。", "黃耆", ["[黄芪]补气。"]),
        ("ＡＳＴＲＡＧＡＬＵＳ根", "astragalus", ["[ＡＳＴＲＡＧＡＬＵＳ]根"]),
        ("第一行黄芪\n第二行", "黄芪", ["第一行[黄芪]"]),
        ("金银花可泡茶", "双花", []),
        ("<b>黄芪</b>&amp;", "黄芪", ["<b>[黄芪]</b>&amp;"]),
        ("eastern astern", "astern", ["eastern [astern]"]),
        ("", "黄芪", []),
    ],
)
def test_passages_of_short_texts(text, query, expected):
    assert shown(text, query) == expected


def test_a_synonym_is_marked_too():
    assert shown("金银花可泡茶", "双花", "金银花") == ["[金银花]可泡茶"]


def test_a_passage_is_short_and_around_the_match():
    (passage,) = shown(LONG, "黄芪")
    assert passage.startswith("…")
    assert passage.endswith("…")
    assert "[黄芪]补气固表，与白术" in passage
    assert len(passage) <= 46


def test_the_densest_passage_is_chosen_and_a_second_that_has_what_it_lacks():
    text = "黄芪。" + "无关的话。" * 20 + "黄芪与白术。" + "无关的话。" * 20 + "只有防风。"
    found = shown(text, "黄芪 白术 防风")
    assert len(found) == 2
    assert "[黄芪]与[白术]" in found[0]
    assert "[防风]" in found[1]


def test_neighbouring_matches_are_one():
    assert shown("黄芪黄芪", "黄芪") == ["[黄芪黄芪]"]


def test_mongolian_words_are_marked_by_shape_and_never_cut():
    text = "ᠡᠮᠴᠢ " * 20 + "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠡᠮ " + "ᠡᠮᠴᠢ " * 20
    (passage,) = shown(text, "ᠮᠤᠩᠭᠤᠯ")
    assert "[ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ]" in passage
    words = passage.strip("…").replace("[", "").replace("]", "").split(" ")
    assert {word for word in words if word} <= set(text.split(" "))


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("黄芪", "huangqi", "[黄芪]"),
        ("黄芪建中汤", "huangqi", "[黄芪]建中汤"),
        ("黄芪建中汤", "huangqij", "[黄芪建]中汤"),
        ("黄芪建中汤", "jianzhong", "黄芪[建中]汤"),
        ("黄芪建中汤", "hqjzt", "[黄芪建中汤]"),
        ("黄芪建中汤", "黄qi", "[黄芪]建中汤"),
        ("黄芪建中汤", "huang芪", "[黄芪]建中汤"),
        ("黃芪建中湯", "黄芪", "[黃芪]建中湯"),
        ("黄柏", "huangbai", "[黄柏]"),
        ("Astragalus mongholicus", "mong", "Astragalus [mong]holicus"),
        ("八段锦", "黄芪", "八段锦"),
    ],
)
def test_names_are_marked_for_what_they_sound_like(name, query, expected):
    assert marked(segments(name, marker(query).name_spans(name))) == expected


def test_a_text_of_matches_only_is_marked_in_no_time():
    assert shown("黄" * 100_000, "黄")[0].startswith("[黄")
