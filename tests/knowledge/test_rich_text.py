"""Rich text: nothing runs, nothing changes when it is cleaned again, and nothing is lost."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.knowledge.writing.rich_text import (
    ALIGNMENTS,
    LANGUAGES,
    TAGS,
    Block,
    clean_html,
    file_names,
    plain_text,
    to_blocks,
)
from tests.knowledge.xss_samples import SAMPLES

NAME = "0123456789abcdef0123456789abcdef"
VALUES = {
    "href": re.compile(r"(?i)(https?://|mailto:)[^\s\"'<>]+"),
    "rel": re.compile("noopener noreferrer nofollow"),
    "src": re.compile(rf"/files/{NAME}\.(jpg|webp|mp4)"),
    "alt": re.compile(".*", re.DOTALL),
    "lang": re.compile("|".join(LANGUAGES)),
    "class": re.compile("|".join(ALIGNMENTS)),
    **dict.fromkeys(("width", "height", "colspan", "rowspan"), re.compile("[0-9]+")),
}


class Harmless(HTMLParser):
    """Reads HTML with another parser than ours and stops at whatever is not expected."""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        for name, value in attrs:
            assert VALUES[name].fullmatch(value), (tag, name, value)

    handle_startendtag = handle_starttag

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def require_harmless(html: str) -> None:
    parser = Harmless(convert_charrefs=True)
    parser.feed(html)
    parser.close()


@pytest.mark.parametrize("before", ["", "<p>", "<table><td>", '<p title="', "<ul><li>", "<svg>"])
def test_nothing_runs(before):
    for sample in SAMPLES:
        cleaned = clean_html(before + sample)
        require_harmless(cleaned)
        assert clean_html(cleaned) == cleaned, sample
        for block in to_blocks(cleaned):
            require_harmless(block.html or "")
            assert block.url is None or VALUES["src"].fullmatch(block.url)


FRAGMENTS = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<a href='https://x.example/'>", "</a>", "<table>", "<td>"),
        *("</table>", "<tr>", "<ul>", "<li>", "</ul>", "<h1>", "</h1>", "<div>", "</div>", "<br>"),
        *(
            "<span lang=mn-Mong>",
            "</span>",
            "<svg>",
            "<math>",
            "<style>",
            "</style>",
            "<!--",
            "-->",
        ),
        *("<i>", "</i>", "<blockquote>", "</blockquote>", "<select>", "<option>", "<form>", "&lt;"),
        *("<mtext>", "<mglyph>", "<template>", "</template>", "<noscript>", "&amp;", "<caption>"),
        *("<section>", "</section>", "<hr>", "<s>", "<video>", "</video>", "&#60;script&#62;"),
        f'<img src="/files/{NAME}.jpg" alt="<p>">',
        f'<video src="/files/{NAME}.mp4">',
        "文字",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=24).map("".join))
def test_cleaning_again_changes_nothing(html):
    cleaned = clean_html(html)
    assert clean_html(cleaned) == cleaned
    require_harmless(cleaned)
    blocks = to_blocks(cleaned)
    assert "".join("".join(plain_text(block.html or "").split()) for block in blocks) == "".join(
        plain_text(cleaned).split()
    )
    shown = {block.url.rpartition("/")[2] for block in blocks if block.url}
    assert shown == file_names(cleaned)


def test_what_people_write_stays_as_it_is():
    html = (
        '<h2 class="align-center">黄芪</h2><p>见<a href="https://example.org/?a=1&amp;b=2" '
        'rel="noopener noreferrer nofollow">药典</a>，H<sub>2</sub>O，<u>注意</u><br>换行</p>'
        '<ul><li>一<ol><li>甲</li></ol></li></ul><blockquote lang="mn-Mong">ᠮᠣᠩᠭᠣᠯ</blockquote><hr>'
        '<table><thead><tr><th colspan="2">表</th></tr></thead><tbody><tr><td>1</td><td>2</td>'
        f'</tr></tbody></table><p><img src="/files/{NAME}.webp" alt="根" width="600" height="400">'
        f'</p><p><video src="/files/{NAME}.mp4"></video></p>'
    )
    assert clean_html(html) == html


def test_text_pasted_from_word_keeps_its_structure():
    pasted = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>
        p.MsoNormal {margin:0cm} </style><!--[if gte mso 9]><xml></xml><![endif]--></head><body>
        <h1 style='mso-outline-level:1'><span lang=EN-US>一、</span>功效</h1><p class=MsoNormal
        style='text-indent:21.0pt'><b style='mso-bidi-font-weight:normal'><span style='font-size:
        12pt'>补气</span></b>升阳<o:p></o:p></p><div><section>固表止汗</section></div><table
        class=MsoTableGrid border=1><tr><td width=284 style='border:solid'><p class=MsoNormal>用量
        </p></td><td>9～30克</td></tr></table></body></html>"""
    cleaned = re.sub(r"\s+", "", clean_html(pasted))
    assert cleaned == (
        "<h2>一、功效</h2><p><strong>补气</strong>升阳</p><p>固表止汗</p>"
        "<table><tbody><tr><td><p>用量</p></td><td>9～30克</td></tr></tbody></table>"
    )


def test_plain_text_has_a_line_for_each_paragraph():
    html = (
        "<h2>黄芪</h2><p>甘，<strong>微温</strong>。<br>归肺经。</p><table><tbody><tr><td>甲</td>"
    )
    html += "<td>乙</td></tr></tbody></table><ul><li>一</li><li>二 &lt; 三</li></ul>"
    assert plain_text(html) == "黄芪\n甘，微温。\n归肺经。\n甲 乙\n一\n二 < 三"


def test_pictures_stand_between_what_was_around_them():
    url = f"/files/{NAME}.jpg"
    html = f'<p>前<strong>中<img src="{url}" alt="根" width="6" height="4">间</strong></p>'
    html += (
        f'<ul><li>一<img src="{url}"></li></ul><table><tbody><tr><td>表</td></tr></tbody></table>'
    )
    html += f'<p><video src="/files/{NAME}.mp4"></video></p>尾<em>巴</em>'
    table = "<table><tbody><tr><td>表</td></tr></tbody></table>"
    assert to_blocks(clean_html(html)) == [
        Block("html", html="<p>前<strong>中</strong></p>"),
        Block("image", url=url, alt="根", width=6, height=4),
        Block("html", html="<p><strong>间</strong></p>"),
        Block("html", html="<ul><li>一</li></ul>"),
        Block("image", url=url),
        Block("table", html=table),
        Block("video", url=f"/files/{NAME}.mp4"),
        Block("html", html="<p>尾<em>巴</em></p>"),
    ]
    assert file_names(html) == {f"{NAME}.jpg", f"{NAME}.mp4"}


def test_a_long_text_takes_no_more_than_a_moment():
    html = "<p>甘温<b>补气</b><img src=x></p>" * 8000
    assert plain_text(clean_html(html)).count("\n") == 7999
    assert clean_html("<div>" * 2000 + "深" + "</div>" * 2000) == "<p>深</p>"
