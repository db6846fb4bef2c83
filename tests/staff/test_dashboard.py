"""The console's first page: each part only as far as one's permission for it reaches."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from models import Nomination, db
from server.extensions import runtime
from services.clock import quarter_of
from services.context import unit_of_work
from services.jobs import run_job

NOTHING = {"waiting": [], "closing_soon": [], "quarter": None}


@pytest.fixture
def nominate(session, clock):
    """Insert a nomination in some state."""

    def insert(campaign, organization, state: str) -> Nomination:
        nomination = Nomination(
            campaign_id=campaign.id,
            organization_id=organization.id,
            name="某人",
            state=state,
            return_reason="照片不清楚" if state == "returned" else None,
            created_at=clock.now(),
        )
        session.add(nomination)
        session.commit()
        return nomination

    return insert


def dashboard(console) -> dict:
    answer = console.get("/dashboard")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def waiting(console) -> dict[str, tuple[int, int | None]]:
    found = dashboard(console)["waiting"]
    return {item["kind"]: (item["count"], item["campaign_id"]) for item in found}


def later(make, **duration: float) -> datetime:
    return make.clock.now() + timedelta(**duration)


def test_who_may_see_little_sees_an_empty_page(make):
    assert dashboard(
        make.console("department_reporter", make.institution("教体局", "department"))
    ) == (NOTHING)


def test_nominations_wait_for_reviewers_and_for_who_has_to_mend_them(make, nominate):
    hospital, other = make.institution("蒙医院"), make.institution("别的医院")
    first, second = make.campaign(), make.campaign()
    nominate(first, hospital, "submitted")
    nominate(first, other, "submitted")
    nominate(first, hospital, "returned")
    nominate(first, other, "returned")
    nominate(first, hospital, "draft")
    nominate(make.campaign(division="150603"), hospital, "submitted")

    assert waiting(make.console("district_officer")) == {"nominations_to_review": (2, first.id)}
    assert waiting(make.console("institution_staff", hospital)) == {
        "nominations_returned": (1, first.id)
    }
    nominate(second, hospital, "submitted")
    officer = make.console("district_officer")
    assert waiting(officer) == {"nominations_to_review": (3, None)}
    city = make.console("city_officer", make.commission("150600"))
    assert waiting(city)["nominations_to_review"] == (4, None)
    assert waiting(make.console("auditor")) == {}


def test_accounts_wait_for_who_can_help_them(make, clock):
    hospital = make.institution()
    invited = {"username": None, "password_hash": None}
    make.staff(at=hospital, **invited)
    make.staff(at=hospital, disabled_at=clock.now(), **invited)
    make.staff("auditor", **invited)
    make.staff(at=hospital, locked_until=later(make, minutes=5))
    make.staff(at=hospital, locked_until=later(make, minutes=-5))
    make.staff(at=make.commission("150603"), locked_until=later(make, minutes=5))

    assert waiting(make.console("institution_manager", hospital)) == {"accounts_invited": (1, None)}
    assert waiting(make.console("district_manager")) == {"accounts_invited": (1, None)}
    assert waiting(make.console("system_administrator")) == {"accounts_invited": (2, None)}
    assert waiting(make.console("security_administrator")) == {"accounts_locked": (1, None)}


def test_drafts_and_results_wait_for_who_runs_the_votes(make, clock):
    near = make.campaign(state="draft", opens_at=later(make, days=6), closes_at=later(make, days=9))
    make.campaign(state="draft", opens_at=later(make, days=8), closes_at=later(make, days=9))
    over = make.campaign(opens_at=later(make, days=-9), closes_at=clock.now())
    make.campaign(
        opens_at=later(make, days=-9),
        closes_at=later(make, days=-2),
        result_published_at=later(make, days=-1),
    )
    make.campaign()
    assert waiting(make.console("district_officer")) == {"drafts_to_announce": (1, near.id)}
    assert waiting(make.console("district_manager")) == {
        "drafts_to_announce": (1, near.id),
        "results_to_publish": (1, over.id),
    }
    assert waiting(make.console("district_manager", make.commission("150603"))) == {}


def test_what_opens_or_closes_within_two_weeks_the_next_first(make, clock):
    closing = make.campaign(title="要结束", closes_at=later(make, days=14))
    opening = make.campaign(
        title="要开始", opens_at=later(make, days=3), closes_at=later(make, days=40)
    )
    draft = make.campaign(
        title="草稿", state="draft", opens_at=later(make, days=5), closes_at=later(make, days=6)
    )
    make.campaign(title="还早", closes_at=later(make, days=15))
    make.campaign(title="结束了", opens_at=later(make, days=-3), closes_at=clock.now())
    make.campaign(title="别的旗", division="150603", closes_at=later(make, days=1))

    shown = dashboard(make.console("district_officer"))["closing_soon"]

    assert [(each["id"], each["status"]) for each in shown] == [
        (opening.id, "scheduled"),
        (draft.id, "draft"),
        (closing.id, "open"),
    ]


def test_the_quarter_so_far(app, http, make, clock):
    hospital, station = make.institution("蒙医院"), make.institution("社区站", "community_station")
    one = make.campaign(entries=0, contest_code="outreach")
    two = make.campaign(entries=0, contest_code="herb_garden")
    elsewhere = make.campaign(entries=1, division="150603")
    make.campaign(entries=5, quarter="2026Q3")
    make.campaign(entries=5, state="draft")
    entries = [
        make.entry(one, number=1, organization_id=hospital.id),
        make.entry(one, number=2, organization_id=hospital.id),
        make.entry(two, number=1, organization_id=station.id),
        make.entry(two, number=2),
    ]
    make.entry(two, number=3, withdrawn_at=clock.now())
    regular = make.citizen()
    start = clock.now()
    for days in range(3):
        clock.set(start + timedelta(days=days))
        token = make.signed_in(regular.citizen_id, regular.session_id).token
        for entry in entries[1:3]:
            answer = http.vote(entry.campaign_id, entry.id, token=token)
            assert answer.status_code == 201
    http.vote(elsewhere.id, make.entries(elsewhere)[0], token=make.citizen().token)

    def check() -> None:
        quarter = dashboard(make.console("district_officer"))["quarter"]
        by_day = quarter.pop("ballots_by_day")
        by_contest = {each["code"]: each["ballots"] for each in quarter.pop("ballots_by_contest")}
        assert quarter == {
            "code": "2026Q4",
            "starts_on": "2026-10-01",
            "ends_on": "2026-12-31",
            "campaigns": 2,
            "entries": 4,
            "institutions": 2,
            "ballots": 6,
            "voters": 2,
        }
        days = [(each["on"], each["ballots"]) for each in by_day]
        assert (len(days), days[0]) == (53, ("2026-10-01", 0))
        assert days[-4:] == [
            ("2026-11-19", 0),
            ("2026-11-20", 2),
            ("2026-11-21", 2),
            ("2026-11-22", 2),
        ]
        assert len(by_contest) == 9
        assert {code: count for code, count in by_contest.items() if count} == {
            "outreach": 3,
            "herb_garden": 3,
        }

    check()
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            run_job(ctx, "roll_up_ballots")
    check()
    region = make.console("region_officer", make.commission("150000"))
    assert dashboard(region)["quarter"]["ballots"] == 7


def test_a_quarter_without_campaigns(make):
    quarter = dashboard(make.console("district_officer"))["quarter"]
    assert (quarter["campaigns"], quarter["ballots"], quarter["voters"]) == (0, 0, 0)
    assert all(day["ballots"] == 0 for day in quarter["ballots_by_day"])


def test_hours_that_were_summed_up_are_not_counted_again(app, make, http, clock):
    """No statement of the page goes over ballots older than the hours summed up."""
    campaign = make.campaign(entries=1)
    http.vote(campaign.id, make.entries(campaign)[0], token=make.citizen().token)
    clock.advance(hours=2)
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            run_job(ctx, "roll_up_ballots")
        engine = db.engine
    asked = []

    def note(connection, cursor, statement, parameters, *_rest) -> None:
        if "FROM ballots" in statement:
            asked.append(parameters["since"])

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert dashboard(make.console("district_officer"))["quarter"]["ballots"] == 1
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked == [datetime(2026, 11, 20, 5, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("day", "code", "starts_on", "ends_on"),
    [
        (date(2026, 1, 1), "2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2028, 3, 31), "2028Q1", date(2028, 1, 1), date(2028, 3, 31)),
        (date(2026, 6, 30), "2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), "2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarters(day, code, starts_on, ends_on):
    quarter = quarter_of(day)
    assert (quarter.code, quarter.starts_on, quarter.ends_on) == (code, starts_on, ends_on)
