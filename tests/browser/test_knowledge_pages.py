"""Health knowledge as citizens find it, read it and answer it, on both builds."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from models import KnowledgePublication
from tests.browser.phone import BrowserPhone, Phone, remember
from tests.browser.watching import check_readable
from tests.knowledge.publications import make_topic, publish
from tests.knowledge.readers import make_reader

FIELD = re.compile("搜名称、功效、拼音|ᠨᠡᠷ")
MONGOLIAN = "ᠬᠤᠨᠴᠢᠷ"
# What an editor, a bad import or a hole in the cleaning might let into a rich text; none may run.
HOSTILE = [
    "<script>window.wasRun = true</script>",
    "<img src=x onerror='window.wasRun = true'>",
    "<svg><script>window.wasRun = true</script></svg>",
    "<svg onload='window.wasRun = true'></svg>",
    "<iframe srcdoc='<script>parent.wasRun = true</script>'></iframe>",
    "<p title='\"><img src=x onerror=window.wasRun=true>'>甲</p>",
    "<a href='javascript:window.wasRun=true'>乙</a>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=window.wasRun=true&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=window.wasRun=true>'></noscript>",
    "<p style='background:url(javascript:window.wasRun=true)' onclick='window.wasRun=true'>丙</p>",
    "<details open ontoggle='window.wasRun=true'>丁</details>",
]


@pytest.fixture
def herb(make, clock) -> KnowledgePublication:
    """A herb in both scripts, with all that warns of it and much that mentions it."""
    clock.set(datetime.now(UTC))
    topic = make_topic(make, "四季养生")
    herb = publish(
        make,
        "herb",
        name="黄芪",
        name_mn=MONGOLIAN,
        at=make.institution("鄂尔多斯市东胜区蒙医综合医院"),
        zh={
            "aliases": ["北芪", "绵芪"],
            "summary": "补气的常用药，切片煎汤、泡水、炖汤都可以。",
            "part_used": "根",
            "properties": "甘，微温。归脾、肺经。",
            "actions": "补气升阳，固表止汗。",
            "cautions": "感冒发热的时候不要用。",
            "body": "<h2>怎样挑选</h2><p>条粗、断面<strong>黄白</strong>的好。</p>"
            "<table><tr><th>吃法</th><th>用量</th></tr><tr><td>泡水</td><td>6 克</td></tr></table>",
        },
        mn={"summary": MONGOLIAN, "actions": MONGOLIAN},
        facts={
            "latin_name": "Astragalus membranaceus",
            "pregnancy": "cautious",
            "toxicity": "none",
            "evidence_level": "pharmacopoeia",
            "topic_ids": [topic.id],
        },
        are_comments_open=True,
    )
    publish(
        make,
        "formula",
        name="玉屏风散",
        zh={"summary": "三味药组成。", "actions": "由黄芪、白术、防风组成，黄芪补气固表。"},
        facts={
            "composition": [{"name": "黄芪", "amount": "60", "unit": "g", "item_id": herb.item_id}],
            "pregnancy": "unknown",
            "toxicity": "none",
        },
        links=[{"target": "item", "id": herb.item_id}],
        is_sample=True,
        is_demonstration=True,
    )
    return herb


def search(phone: Phone, words: str) -> None:
    """Types and searches for it, whatever is suggested."""
    phone.page.get_by_label(FIELD).last.fill(words)
    phone.press(f"“{words}”")


def result(phone: Phone, name: str):
    return phone.page.get_by_role("button", name=re.compile(f"^{name}")).filter(visible=True)


@pytest.mark.parametrize("build", ["browser", "wechat"])
def test_found_by_two_characters_pinyin_and_mongolian_then_kept_and_shared(
    pick_up_phone, build, herb, make, picture
):
    phone = pick_up_phone(build)
    if build == "browser":
        remember(phone, session={"access": make.citizen().token, "refresh": "none"})
    phone.open()
    phone.page.get_by_role("link", name=re.compile("搜药材")).filter(visible=True).tap()
    phone.page.get_by_label(FIELD).last.fill("黄")
    expect(result(phone, "黄芪").first).to_be_visible()
    picture(phone.page, "suggestions")
    for words in ("黄芪", "huangqi", MONGOLIAN):
        search(phone, words)
        expect(phone.text("找到")).to_be_visible()
        expect(
            phone.page.get_by_text("黄芪", exact=True).filter(visible=True).first
        ).to_be_visible()
        picture(phone.page, {"黄芪": "chinese", "huangqi": "pinyin"}.get(words, "mongolian"))

    search(phone, "黄芪")
    result(phone, "黄芪").first.tap()
    expect(phone.heading("黄芪")).to_be_visible()
    expect(phone.text("孕期慎用")).to_be_visible()
    expect(phone.text("药典或国家标准")).to_be_visible()
    expect(phone.heading("怎样挑选").or_(phone.text("怎样挑选")).first).to_be_visible()
    picture(phone.page, "item")
    phone.press("收藏")
    if build == "wechat":
        phone.consent()
    expect(phone.button("已收藏")).to_be_visible()

    phone.press("做卡片")
    expect(phone.page.get_by_role("img", name="黄芪的知识卡片")).to_be_visible()
    picture(phone.page, "card")
    phone.open("/pages-knowledge/mine/index")
    result(phone, "黄芪").tap()
    expect(phone.heading("黄芪")).to_be_visible()


def test_upright_large_dark_and_narrow_pages_can_be_read(pick_up_phone, herb, make, picture):
    phone = pick_up_phone("browser", width=320, is_dark=True)
    way = {"mongolian": True, "elder": True}
    remember(phone, session={"access": make.citizen().token, "refresh": "none"}, **way)
    pages = {
        "browse": "/pages/index/index?tab=knowledge",
        "search": f"/pages-knowledge/search/index?q={MONGOLIAN}",
        "nothing": "/pages-knowledge/search/index?q=qqqqqq",
        "item": f"/pages-knowledge/item/index?id={herb.item_id}",
        "list": "/pages-knowledge/list/index?kind=herb",
        "institution": f"/pages-knowledge/institution/index?id={herb.organization_id}",
        "mine": "/pages-knowledge/mine/index",
        "contribute": "/pages-knowledge/contribute/index",
    }
    for name, address in pages.items():
        phone.open(address)
        phone.is_at_rest()
        picture(phone.page, name)
        assert phone.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), name
        check_readable(phone.page, "citizens")
    # The same in Chinese and by day, as most will see it.
    chinese = pick_up_phone("browser", width=390)
    for name in ("browse", "search", "item"):
        chinese.open(pages[name])
        chinese.is_at_rest()
        picture(chinese.page, f"{name}-chinese")
        check_readable(chinese.page, "citizens")


@pytest.mark.parametrize("build", ["browser", "wechat"])
def test_hostile_texts_never_run_and_comments_wait_for_review(
    pick_up_phone, build, make, http, wechat, clock, picture
):
    clock.set(datetime.now(UTC))
    hostile = "".join(HOSTILE)
    item = publish(
        make,
        "herb",
        name="<b>附子</b>",
        zh={
            "aliases": ["<script>window.wasRun=true</script>"],
            "summary": "<img src=x onerror='window.wasRun=true'>",
            "cautions": hostile,
            "body": f"<p>正文的开头</p>{hostile}",
            "growing": f"<p>种植的开头</p>{hostile}",
        },
        facts={"pregnancy": "forbidden", "toxicity": "very"},
        are_comments_open=True,
    )
    phone = pick_up_phone(build)
    reader = make_reader(make, wechat, phone.person)
    if isinstance(phone, BrowserPhone):
        remember(phone, session={"access": reader.token, "refresh": "none"})
    phone.open(f"/pages-knowledge/item/index?id={item.item_id}")
    expect(phone.text("正文的开头")).to_be_visible()
    expect(phone.text("种植的开头")).to_be_visible()
    expect(phone.text("孕期禁用")).to_be_visible()
    assert phone.page.evaluate("window.wasRun") is None
    scripts = "[...document.querySelectorAll('.item script, .item iframe, .item svg')].length"
    assert phone.page.evaluate(scripts) == 0
    picture(phone.page, "hostile")

    phone.press("写评论")
    if build == "wechat":
        phone.consent()
    phone.page.get_by_label(re.compile("说说您的看法")).last.fill("煮的时间要够长，谢谢提醒。")
    phone.press("发表")
    expect(phone.text("审核以后大家才能看到")).to_be_visible()
    path = f"/knowledge/items/{item.item_id}/comments"
    assert http.get(path).get_json()["items"] == []
    officer = make.console("district_officer")
    (waiting,) = officer.get("/knowledge/comments").get_json()["items"]
    officer.post(f"/knowledge/comments/{waiting['id']}/show")
    phone.open(f"/pages-knowledge/item/index?id={item.item_id}")
    expect(phone.text("煮的时间要够长")).to_be_visible()
    assert phone.page.evaluate("window.wasRun") is None
