"""Confirmed publicity in numbers: for a quarter, for whoever competes, as a spreadsheet."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models import PublicityRecord


def rows_of(content: bytes) -> list[list]:
    sheet = load_workbook(BytesIO(content)).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def officer(make):
    return make.console("district_officer")


@pytest.fixture
def recorded(make, session, clock, hospital):
    """Insert a record in some state."""
    author = make.staff("institution_staff", hospital)

    def insert(title: str, state: str = "confirmed", at=hospital, **values) -> None:
        is_decided = state != "recorded"
        defaults = {
            "medium": "press",
            "outlet": "鄂尔多斯日报",
            "level": "city",
            "appeared_on": date(2026, 11, 1),
            "url": f"https://example.org/{title}",
            "reason": "重复" if state == "returned" else None,
            "decided_by_id": author.id if is_decided else None,
            "decided_at": clock.now() if is_decided else None,
        }
        session.add(
            PublicityRecord(
                organization_id=at.id,
                title=title,
                state=state,
                recorded_by_id=author.id,
                recorded_at=clock.now(),
                **(defaults | values),
            )
        )
        session.commit()

    return insert


def test_only_what_is_confirmed_counts(make, officer, recorded, hospital):
    clinic = make.institution("幸福社区卫生服务站", kind="community_station")
    recorded("一", level="national")
    recorded("二")
    recorded("三", medium="radio", person_name="乌云其其格")
    recorded("四", state="recorded")
    recorded("五", state="returned")
    recorded("六", at=clinic, person_name="乌云 其其格")
    recorded("七", appeared_on=date(2026, 9, 30))
    figures = officer.get("/publicity/figures").get_json()
    assert figures["quarter"] == "2026Q4"
    assert [(each["organization"]["name"], each["count"]) for each in figures["institutions"]] == [
        ("东胜区蒙医医院", 3),
        ("幸福社区卫生服务站", 1),
    ]
    kinds = {(k["level"], k["medium"]): k["count"] for k in figures["institutions"][0]["kinds"]}
    assert kinds == {("national", "press"): 1, ("city", "press"): 1, ("city", "radio"): 1}
    assert [(each["quarter"], each["confirmed"]) for each in figures["quarters"][-2:]] == [
        ("2026Q3", 1),
        ("2026Q4", 4),
    ]
    assert len(figures["quarters"]) == 8
    assert figures["quarters"][-1]["recorded"] == figures["quarters"][-1]["returned"] == 1
    assert sorted(each["organization"]["name"] for each in figures["people"]) == [
        "东胜区蒙医医院",
        "幸福社区卫生服务站",
    ]
    earlier = officer.get("/publicity/figures", quarter="2026Q3").get_json()
    assert [each["count"] for each in earlier["institutions"]] == [1]
    narrowed = officer.get("/publicity/figures", organization_id=clinic.id).get_json()
    assert narrowed["quarters"][-1]["confirmed"] == 1


def test_a_quarter_without_any_is_no_error(officer):
    figures = officer.get("/publicity/figures", quarter="2000Q1").get_json()
    assert (figures["institutions"], figures["people"], figures["is_cut"]) == ([], [], False)
    assert officer.get("/publicity/figures", quarter="2099Q4").status_code == 200
    assert officer.get("/publicity/figures", quarter="9999Q4").status_code == 422


def test_what_stands_behind_somebody_who_competes(make, officer, recorded, hospital):
    for number in range(6):
        recorded(f"讲座{number}", appeared_on=date(2026, 11, 2 + number))
    recorded("人物专访", person_name="乌云 其其格", level="national")
    recorded("等确认", state="recorded")
    query = {"quarter": "2026Q4", "organization_id": hospital.id, "person_name": "乌云其其格"}
    for console in (officer, make.console("institution_staff", hospital)):
        summary = console.get("/publicity/summary", **query).get_json()
        counts = [summary[name] for name in ("confirmed", "waiting", "of_person")]
        assert counts == [7, 1, 1]
        assert {each["level"]: each["count"] for each in summary["levels"]} == {
            "city": 6,
            "national": 1,
        }
        titles = [each["title"] for each in summary["latest"]]
        assert titles == ["人物专访", "讲座5", "讲座4", "讲座3", "讲座2"]
    del query["person_name"]
    assert officer.get("/publicity/summary", **query).get_json()["of_person"] == 0


def test_lists_and_counts_can_be_taken_along(make, officer, recorded):
    recorded("=HYPERLINK(1)", person_name="乌云")
    recorded("二", state="recorded")
    rows = rows_of(officer.get("/publicity/export", quarter="2026Q4").data)
    assert rows[0][:4] == ["刊播日期", "季度", "机构", "标题"]
    assert len(rows) == 3
    counts = rows_of(officer.get("/publicity/figures/export").data)
    assert counts[1:] == [["2026Q4", "东胜区蒙医医院", "盟市级", "报刊", 1]]
    actions = {each["action"] for each in make.console("auditor").get("/audit").get_json()["items"]}
    assert actions == {"publicity.exported", "publicity.figures_exported"}
