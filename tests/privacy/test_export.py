"""Everything held about oneself, as a file."""

import tracemalloc
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from models import Ballot
from services.clock import local_day
from services.policies import CURRENT_PRIVACY_VERSION
from tests.http import code_of

PHONE = "13812345678"
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ"


@pytest.fixture
def person(http, wechat, make):
    """A token of somebody with a phone number and one ballot, and the ballot's receipt."""
    campaign = make.campaign(title="健康达人" + "很长的名字" * 60, entries=0)
    entry = make.entry(campaign, number=1, name="=1+1", name_mn=MONGOLIAN)
    code = wechat.login_code("o-canary-openid-of-somebody", unionid="u-canary-unionid-of-somebody")
    token = http.sign_in(code).get_json()["access_token"]
    http.post("/me/phone", {"code": wechat.phone_code(PHONE)}, token=token)
    receipt = http.vote(campaign.id, entry.id, token=token, source="scan").get_json()
    return token, receipt["receipt_code"]


def export(http, token, **query):
    answer = http.get("/me/export", token=token, **query)
    assert answer.status_code == 200, code_of(answer)
    return answer


def sheets_of(answer) -> dict[str, list[list]]:
    workbook = load_workbook(BytesIO(answer.data))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in workbook.worksheets
    }


def test_the_spreadsheet_tells_everything_in_chinese(http, person):
    token, receipt_code = person
    answer = export(http, token)
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "filename*=UTF-8''%E6%88%91%E7%9A%84" in answer.headers["Content-Disposition"]
    sheets = sheets_of(answer)
    assert list(sheets) == [
        "账号",
        "微信标识",
        "同意记录",
        "登录记录",
        "注销或解绑留下的摘要",
        "投票记录",
        "待核和作废的票",
        "异议",
        "风险等级",
        "收藏的健康知识",
        "对健康知识的评价",
        "反映的错误",
        "评论",
        "提供的传统知识",
        "消息",
        "微信消息",
        "微信消息授权",
    ]
    assert PHONE in sheets["账号"][1]
    assert sheets["同意记录"][1][:3] == ["隐私政策", CURRENT_PRIVACY_VERSION, "是"]
    assert len(sheets["登录记录"]) == 2
    assert len(sheets["注销或解绑留下的摘要"]) == 1, "headings only"
    ballot = sheets["投票记录"][1]
    assert ballot[4:] == ["'=1+1", MONGOLIAN, "扫码", receipt_code]
    assert "canary-openid" not in str(sheets)
    assert "o-ca****body" in str(sheets)
    assert "canary-unionid" not in str(sheets)


def test_the_json_tells_the_same_for_programs(http, person, clock):
    token, receipt_code = person
    answer = export(http, token, format="json")
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told["exported_at"] == clock.now().isoformat()
    assert told["account"][0]["phone"] == PHONE
    assert told["consents"][0]["is_given"] is True
    assert told["ballots"][0]["receipt_code"] == receipt_code
    assert told["ballots"][0]["entry"] == "=1+1"
    assert told["ballots"][0]["cast_at"] == clock.now().isoformat()
    assert told["identities"] == [
        {
            "appid": "wxsimulator0000000",
            "openid": "o-ca****body",
            "unionid": "u-ca****body",
        }
    ]


def test_someone_of_whom_hardly_anything_is_held(http, make):
    for form in ("xlsx", "json"):
        export(http, make.citizen().token, format=form)
    told = export(http, make.citizen().token, format="json").get_json()
    assert told["ballots"] == told["identities"] == told["consents"] == []
    assert told["account"][0]["phone"] is None


def test_of_others_nothing_is_told(http, person, make):
    told = export(http, make.citizen().token, format="json")
    assert PHONE not in told.get_data(as_text=True)
    assert told.get_json()["ballots"] == []


@pytest.mark.parametrize("form", ["pdf", "", "XLSX"])
def test_another_form(http, make, form):
    answer = http.get("/me/export", token=make.citizen().token, format=form)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")


def test_ten_thousand_ballots_need_little_memory(http, make, session):
    campaign = make.campaign(ballots_per_day=1000, ballots_per_entry_per_day=1000)
    login, entry_id = make.citizen(), make.entries(campaign)[0]
    now = make.clock.now()
    count = 10_000
    session.execute(
        Ballot.__table__.insert(),
        [
            {
                "campaign_id": campaign.id,
                "entry_id": entry_id,
                "voter_id": login.citizen_id,
                "receipt_secret": number,
                "cast_at": now + timedelta(seconds=number),
                "request_key": f"{number:032x}",
                "cast_on": local_day(now),
                "number": number,
                "number_today": number,
                "number_today_for_entry": number,
            }
            for number in range(1, count + 1)
        ],
    )
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM ballots")) == count
    export(http, login.token)
    peaks = {}
    for form in ("xlsx", "json"):
        tracemalloc.start()
        answer = export(http, login.token, format=form)
        peaks[form] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        told = (
            len(sheets_of(answer)["投票记录"]) - 1
            if form == "xlsx"
            else len(answer.get_json()["ballots"])
        )
        assert told == count
    # All rows at once would take some thirty megabytes as objects.
    assert max(peaks.values()) < 14 * 1024 * 1024, peaks
