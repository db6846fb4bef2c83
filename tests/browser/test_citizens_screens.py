"""Every page of the mini-program on the phones people have, in each way of seeing it."""

from datetime import UTC, datetime

import pytest

from tests.browser.phone import WeChatPhone, remember
from tests.browser.watching import check_readable

WAYS = {"normal": {}, "elder": {"elder": True}, "mongolian": {"mongolian": True}}
WIDTHS, HEIGHT = (320, 768, 390), 844
LONG_NAME = "内蒙古自治区鄂尔多斯市东胜区罕台镇蒙医药传统疗法传承基地暨百草园联合申报团队"
MOST_FIRST_REQUESTS = 3
MOST_FIRST_BYTES = 400 * 1024


@pytest.fixture
def pages(make, http, clock, seal, quarantine):
    """The address of every page, with something to show on it; by the picture's name."""
    clock.set(datetime.now(UTC))
    campaign = make.campaign(
        title="东胜区2026年第四季度“健康达人”评选",
        introduction="请为您身边的健康达人投票。投票不收费，也没有任何奖励。",
        entries=0,
    )
    make.campaign(title="第三季度“最美百草园”评选", contest_code="herb_garden", entries=2)
    institution = make.institution("鄂尔多斯市东胜区蒙医综合医院")
    for number, name in enumerate(["乌云其其格", LONG_NAME, "巴图"], start=1):
        make.entry(
            campaign,
            number=number,
            name=name,
            name_mn="ᠣᠶᠤᠨᠴᠢᠴᠡᠭ" if number == 1 else None,
            organization_id=institution.id,
            statement="二十年来坚持下乡义诊，教会乡亲们用身边的草药保健。" * 4,
        )
    voter = make.citizen()
    entry_id = make.entries(campaign)[0]
    ballot = http.vote(campaign.id, entry_id, token=voter.token).get_json()
    other = http.vote(campaign.id, make.entries(campaign)[1], token=voter.token).get_json()
    quarantine(other["id"], "同一网络短时间集中投票、同一设备")
    seal()
    make.notice(voter.citizen_id)
    entry = f"campaign={campaign.id}&id={make.entries(campaign)[1]}"
    return voter, {
        "home": "/pages/index/index",
        "contests": "/pages/index/index?tab=contests",
        "me": "/pages/index/index?tab=me",
        "campaign": f"/pages-vote/campaign/index?id={campaign.id}",
        "entry": f"/pages-vote/entry/index?{entry}",
        "standings": f"/pages-vote/standings/index?id={campaign.id}",
        "ballots": "/pages-vote/ballots/index",
        "receipt": f"/pages-vote/receipt/index?id={ballot['id']}",
        "public-receipt": f"/pages-vote/receipt/index?code={other['receipt_code']}",
        "unknown-receipt": "/pages-vote/receipt/index?code=0",
        "verify": "/pages-vote/verify/index",
        "count": f"/pages-vote/count/index?id={campaign.id}",
        "poster": f"/pages-vote/poster/index?{entry}",
        "notices": "/pages-me/notices/index",
        "display": "/pages-me/display/index",
        "data": "/pages-me/data/index",
        "policy": "/pages-me/policy/index",
        "missing": "/pages-vote/campaign/index?id=999999",
    }


@pytest.mark.parametrize("way", WAYS)
def test_every_page_fits(pick_up_phone, pages, picture, way):
    """On the narrowest phone, a usual one and a tablet; what is read large is read in the dark."""
    voter, addresses = pages
    phone = pick_up_phone("browser", height=HEIGHT, is_dark=way == "elder")
    remember(phone, session={"access": voter.token, "refresh": "none"}, **WAYS[way])
    for name, address in addresses.items():
        phone.open(address)
        for width in WIDTHS:
            phone.page.set_viewport_size({"width": width, "height": HEIGHT})
            phone.is_at_rest()
            picture(phone.page, f"{name}-{width}")
            assert phone.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), name
        check_readable(phone.page, "citizens")


def test_the_same_pages_in_wechat(pick_up_phone, pages, picture):
    """Signed out, as a stranger first sees them."""
    _, addresses = pages
    phone = pick_up_phone("wechat", width=390)
    for name, address in addresses.items():
        phone.open(address)
        phone.is_at_rest()
        picture(phone.page, name)
        assert isinstance(phone, WeChatPhone)


def test_the_first_look_is_light(pick_up_phone, pages):
    phone = pick_up_phone("browser")
    answers = []
    phone.page.on("response", lambda answer: answers.append(answer))
    phone.open()
    phone.is_at_rest()
    phone.page.wait_for_load_state("networkidle")
    asked = [answer.url for answer in answers if "/api/" in answer.url]
    sizes = [answer.request.sizes() for answer in answers]
    assert len(asked) <= MOST_FIRST_REQUESTS, asked
    assert sum(each["responseBodySize"] for each in sizes) <= MOST_FIRST_BYTES
