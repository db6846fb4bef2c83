"""A campaign's live figures: exact at any moment, whenever the hours were summed up."""

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, text

from models import AuditRecord, Ballot, BallotDay, BallotHour
from server.extensions import runtime
from services.context import unit_of_work
from services.jobs import run_job
from services.voting.counting import HOUR
from tests.http import code_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def officer(make):
    return make.console("district_manager")


@pytest.fixture
def roll_up(app):
    """Run the job at the clock's present moment."""

    def run() -> None:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, "roll_up_ballots")

    return run


@pytest.fixture
def vote(http, make, clock):
    """Cast a ballot at the clock's present moment, by a new citizen unless one is given."""

    def cast(campaign, entry_id: int, login=None, **said) -> None:
        login = login or make.citizen()
        token = make.signed_in(login.citizen_id, login.session_id).token
        answer = http.vote(campaign.id, entry_id, token=token, **said)
        assert answer.status_code == 201, answer.get_json()

    return cast


def live(console, campaign) -> dict:
    answer = console.get(f"/campaigns/{campaign.id}/live")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def filled(items: list[dict], key: str) -> dict:
    """Ballots and voters by hour or day, where there are any."""
    return {
        item[key]: (item["ballots"], item["voters"])
        for item in items
        if item["ballots"] or item["voters"]
    }


def recount(session, campaign) -> dict:
    """What the figures must be, from the ballots alone."""
    session.rollback()
    ballots = session.scalars(select(Ballot).where(Ballot.campaign_id == campaign.id)).all()
    by_hour: dict[str, tuple[int, int]] = {}
    for ballot in ballots:
        at = ballot.cast_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
        had = by_hour.get(at, (0, 0))
        by_hour[at] = had[0] + 1, had[1] + (ballot.number == 1)
    return {"votes": len(ballots), "voters": len({b.voter_id for b in ballots}), "hours": by_hour}


def assert_exact(console, session, campaign) -> dict:
    """The figures are a recount; so are the quarter's, for who reaches this campaign only."""
    figures, counted = live(console, campaign), recount(session, campaign)
    assert figures["votes"] == counted["votes"]
    assert figures["voters"] == counted["voters"]
    assert filled(figures["by_hour"], "at") == counted["hours"]
    quarter = console.get("/dashboard").get_json()["quarter"]
    assert (quarter["ballots"], quarter["voters"]) == (counted["votes"], counted["voters"])
    days = {day["on"]: day["ballots"] for day in quarter["ballots_by_day"] if day["ballots"]}
    assert days == {day["on"]: day["ballots"] for day in figures["by_day"] if day["ballots"]}
    assert sum(item["votes"] for item in figures["standings"]) == counted["votes"]
    for part in ("by_division", "by_source"):
        shown = sum(item["ballots"] or 0 for item in figures[part])
        hidden = sum(item["ballots"] is None for item in figures[part])
        assert shown + hidden <= counted["votes"] <= shown + 4 * hidden, part
    return figures


def test_the_figures_of_a_running_campaign(officer, make, vote, session, clock):
    organizer = make.institution("东胜区中医院", population=8)
    campaign = make.campaign(
        organization_id=organizer.id, opens_at=NOON - timedelta(hours=2, minutes=30), entries=0
    )
    hospital = make.institution("东胜区蒙医医院")
    other = make.institution("伊金霍洛旗中医院", parent=make.commission("150627"))
    first = make.entry(campaign, number=1, organization_id=hospital.id, name_mn="ᠨᠢᠭᠡ")
    second = make.entry(campaign, number=2, organization_id=other.id)
    third = make.entry(campaign, number=3)
    regular = make.citizen()
    clock.set(NOON - timedelta(hours=2))
    vote(campaign, second.id, regular, source="scan")
    clock.set(NOON)
    vote(campaign, first.id, regular, source="list")
    vote(campaign, second.id, source="scan")
    vote(campaign, third.id)

    figures = assert_exact(officer, session, campaign)

    assert (figures["votes"], figures["voters"]) == (4, 3)
    assert (figures["population"], figures["turnout"]) == (8, 3 / 8)
    assert [(hour["at"], hour["ballots"], hour["voters"]) for hour in figures["by_hour"]] == [
        ("2026-11-20T01:00:00+00:00", 0, 0),
        ("2026-11-20T02:00:00+00:00", 1, 1),
        ("2026-11-20T03:00:00+00:00", 0, 0),
        ("2026-11-20T04:00:00+00:00", 3, 2),
    ]
    assert figures["by_day"] == [{"on": "2026-11-20", "ballots": 4, "voters": 3}]
    assert [(each["code"], each["name"], each["ballots"]) for each in figures["by_division"]] == [
        ("150602", "东胜区", None),
        ("150627", "伊金霍洛旗", None),
        (None, None, None),
    ]
    assert {each["source"]: each["ballots"] for each in figures["by_source"]} == {
        "list": None,
        "search": 0,
        "share": 0,
        "scan": None,
        "notice": 0,
        None: None,
    }
    assert [(row["entry_id"], row["rank"], row["votes"]) for row in figures["standings"]] == [
        (second.id, 1, 2),
        (first.id, 2, 1),
        (third.id, 2, 1),
    ]
    assert figures["standings"][1]["organization_name"] == "东胜区蒙医医院"
    assert figures["standings"][1]["name_mn"] == "ᠨᠢᠭᠡ"
    assert datetime.fromisoformat(figures["as_of"]) == NOON
    assert (figures["shown"], figures["is_final"]) == ("live", False)


def test_a_campaign_without_ballots(officer, make, clock):
    draft = make.campaign(state="draft", opens_at=NOON + timedelta(days=1), entries=2)
    figures = live(officer, draft)
    assert (figures["votes"], figures["voters"], figures["turnout"]) == (0, 0, None)
    assert figures["by_hour"] == figures["by_day"] == []
    assert [row["rank"] for row in figures["standings"]] == [1, 1]
    empty = live(officer, make.campaign(entries=0))
    assert empty["standings"] == empty["by_division"] == []
    assert len(empty["by_hour"]) == 25


def test_hours_end_with_closing_and_days_are_those_of_shanghai(officer, make, vote, clock):
    opens_at = datetime(2026, 11, 1, 16, 0, tzinfo=UTC)
    closes_at = opens_at + timedelta(days=30)
    campaign = make.campaign(opens_at=opens_at, closes_at=closes_at, entries=1)
    (entry_id,) = make.entries(campaign)
    for moment in (opens_at, opens_at + timedelta(days=1, microseconds=-1), closes_at):
        clock.set(min(moment, closes_at - timedelta(microseconds=1)))
        vote(campaign, entry_id)
    clock.set(closes_at + timedelta(days=3))
    officer = make.console("district_manager")

    figures = live(officer, campaign)

    assert len(figures["by_hour"]) == 14 * 24
    assert figures["by_hour"][-1] == {
        "at": "2026-12-01T15:00:00+00:00",
        "ballots": 1,
        "voters": 1,
    }
    days = [(day["on"], day["ballots"]) for day in figures["by_day"]]
    assert (len(days), days[0], days[1], days[-1]) == (
        30,
        ("2026-11-02", 2),
        ("2026-11-03", 0),
        ("2026-12-01", 1),
    )
    assert figures["is_final"] is True


# When the job runs, in minutes after each hour's start; "settled" is half a minute after its end.
RUNS = {
    "never": [],
    "at each hour's end": [0],
    "before ballots settle": [0.4],
    "just when they have": [0.5],
    "in the middle": [30],
    "every ten minutes": [0, 10, 20, 30, 40, 50],
    "twice at once": [1, 1],
    "at every point": [0, 0.4, 0.5, 0.6, 30, 59, 59.99],
}


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_figures_are_exact_whenever_the_job_ran(make, vote, session, clock, roll_up, runs):
    campaign = make.campaign(ballots_per_day=100, ballots_per_entry_per_day=100)
    elsewhere = make.campaign(division="150603")
    entries, regular = make.entries(campaign), make.citizen()
    moments = [timedelta(0), timedelta(minutes=59, seconds=59.999999)]
    begin = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    for hour in (0, 1, 3):
        events = [(begin + HOUR * hour + moment, "vote") for moment in moments]
        events += [(begin + HOUR * hour + timedelta(minutes=run), "run") for run in runs]
        for place, (moment, what) in enumerate(sorted(events)):
            clock.set(moment)
            if what == "run":
                roll_up()
            else:
                vote(campaign, entries[place % 3], source="share")
                vote(campaign, entries[hour % 3], regular)
                vote(elsewhere, make.entries(elsewhere)[0])
        assert_exact(make.console("auditor"), session, campaign)
    roll_up()
    assert_exact(make.console("auditor"), session, campaign)
    clock.advance(hours=2)
    roll_up()
    roll_up()
    assert_exact(make.console("auditor"), session, campaign)
    neighbour = make.commission("150603")
    assert_exact(make.console("district_manager", neighbour), session, elsewhere)
    session.rollback()
    assert session.scalar(select(func.sum(BallotHour.ballots))) == 18
    days = select(BallotDay.campaign_id, BallotDay.day_on, BallotDay.ballots, BallotDay.voters)
    assert {tuple(row) for row in session.execute(days)} == {
        (campaign.id, date(2026, 11, 20), 8, 5),
        (elsewhere.id, date(2026, 11, 20), 4, 4),
    }


def test_the_job_sums_up_only_what_is_over_and_settled(make, vote, session, clock, roll_up):
    campaign = make.campaign(entries=1)
    (entry_id,) = make.entries(campaign)
    vote(campaign, entry_id, source="scan")
    end = NOON + HOUR

    def summed_up():
        session.rollback()
        columns = BallotHour.hour_at, BallotHour.source, BallotHour.ballots, BallotHour.voters
        return [tuple(row) for row in session.execute(select(*columns))]

    clock.set(end + timedelta(seconds=29.999))
    roll_up()
    assert summed_up() == []
    clock.set(end + timedelta(seconds=30))
    roll_up()
    assert summed_up() == [(NOON, "scan", 1, 1)]


def commit_late(session, campaign, entry_id: int, voter_id: int, cast_at: datetime) -> None:
    """What a ballot box that hung for hours would write: a ballot of long ago, and its tally."""
    session.execute(
        text("""
            WITH late AS (
                INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at,
                                     request_key, cast_on, number, number_today,
                                     number_today_for_entry)
                VALUES (:campaign_id, :entry_id, :voter_id, 1, :cast_at, gen_random_uuid(),
                        '2026-11-20', 1, 1, 1)
            )
            INSERT INTO tallies (entry_id, shard, campaign_id, votes)
            VALUES (:entry_id, 99, :campaign_id, 1)
        """),
        {
            "campaign_id": campaign.id,
            "entry_id": entry_id,
            "voter_id": voter_id,
            "cast_at": cast_at,
        },
    )
    session.commit()


@pytest.mark.parametrize("who_notices", ["reader", "job"])
def test_a_ballot_that_came_after_its_hour_was_summed_up_counts(
    make, vote, session, clock, roll_up, who_notices
):
    campaign, other = make.campaign(entries=2), make.campaign(entries=1, division="150603")
    first, second = make.entries(campaign)
    vote(campaign, first)
    vote(other, make.entries(other)[0])
    clock.advance(hours=3)
    roll_up()
    commit_late(session, campaign, second, make.citizen().citizen_id, NOON + timedelta(minutes=5))
    if who_notices == "job":
        roll_up()
        assert session.scalar(select(func.sum(BallotHour.ballots))) == 3
    figures = assert_exact(make.console("auditor"), session, campaign)
    assert figures["votes"] == 2
    assert session.scalar(select(func.sum(BallotHour.ballots))) == 3


@pytest.mark.parametrize("sums", ["ballot_hours", "ballot_days"])
def test_sums_that_were_tampered_with_are_made_again(make, vote, session, clock, roll_up, sums):
    campaign = make.campaign(entries=1)
    vote(campaign, make.entries(campaign)[0])
    clock.advance(days=1)
    vote(campaign, make.entries(campaign)[0])
    clock.advance(hours=3)
    roll_up()
    assert session.scalar(text(f"SELECT sum(ballots) FROM {sums}")) in (1, 2)
    session.execute(text(f"UPDATE {sums} SET ballots = 500"))
    session.commit()
    assert assert_exact(make.console("auditor"), session, campaign)["votes"] == 2


def test_the_job_survives_an_empty_installation(roll_up, session):
    roll_up()
    assert session.scalar(select(func.count()).select_from(BallotHour)) == 0


@pytest.mark.parametrize("mode", ["hidden", "ranks_only", "delayed"])
def test_staff_see_of_standings_what_the_campaign_shows(make, vote, clock, mode):
    campaign = make.campaign(entries=0, standings_mode=mode)
    hospital = make.institution()
    first = make.entry(campaign, number=1, organization_id=hospital.id)
    second = make.entry(campaign, number=2)
    withdrawn = make.entry(campaign, number=3, withdrawn_at=clock.now())
    vote(campaign, second.id)
    officer, manager = make.console("district_officer"), make.console("district_manager")

    seen, all_of_it = live(officer, campaign), live(manager, campaign)

    expected = {
        "hidden": [],
        "ranks_only": [(second.id, 1, None), (first.id, 2, None)],
        "delayed": [(first.id, 1, 0), (second.id, 1, 0)],
    }[mode]
    rows = [(row["entry_id"], row["rank"], row["votes"]) for row in seen["standings"]]
    assert (seen["shown"], rows) == (mode, expected)
    assert (seen["votes"], seen["by_division"]) == (1, [])
    assert sum(hour["ballots"] for hour in seen["by_hour"]) == 1
    rows = [(row["entry_id"], row["rank"], row["votes"]) for row in all_of_it["standings"]]
    assert rows == [(second.id, 1, 1), (first.id, 2, 0), (withdrawn.id, None, 0)]
    assert all_of_it["standings"][2]["is_withdrawn"] is True
    assert [each["ballots"] for each in all_of_it["by_division"]] == [0, None]
    clock.set(campaign.closes_at)
    closed = live(make.console("district_officer"), campaign)
    assert [row["votes"] for row in closed["standings"]] == [1, 0, 0]
    assert [each["ballots"] for each in closed["by_division"]] == [0, None]


def test_out_of_reach_is_as_if_it_did_not_exist(make):
    campaign = make.campaign()
    neighbour = make.console("district_manager", make.commission("150603"))
    for path in ("live", "live/export"):
        answers = [neighbour.get(f"/campaigns/{id}/{path}") for id in (campaign.id, 999_999)]
        assert [code_of(answer) for answer in answers] == ["campaign_not_found"] * 2
    for role, place in (("city_officer", "150600"), ("auditor", "150000")):
        live(make.console(role, make.commission(place)), campaign)


def test_the_export_is_the_same_and_is_noted(officer, make, vote, session, clock):
    campaign = make.campaign(title="健康达人/评选", opens_at=NOON - timedelta(days=20))
    vote(campaign, make.entries(campaign)[1], source="notice")

    answer = officer.get(f"/campaigns/{campaign.id}/live/export")

    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert list(rows) == ["概况", "榜单", "按天", "按小时", "按地区", "按来源"]
    assert ("总票数", "1") in rows["概况"]
    assert rows["榜单"][1][:3] == (1, 2, "参评对象2")
    assert rows["榜单"][1][5:] == (1, "否")
    assert len(rows["按小时"]) == 1 + 20 * 24 + 1
    assert rows["按小时"][-1] == (datetime(2026, 11, 20, 12, 0), 1, 1)
    assert rows["按天"][-1] == (datetime(2026, 11, 20), 1, 1)
    assert ("消息通知", "少于5") in rows["按来源"]
    noted = session.scalars(select(AuditRecord)).all()[-1]
    assert (noted.action, noted.object_id) == ("campaign.figures_exported", str(campaign.id))


def test_nothing_hidden_is_in_the_export(make, vote):
    campaign = make.campaign(standings_mode="hidden")
    vote(campaign, make.entries(campaign)[1])
    answer = make.console("district_officer").get(f"/campaigns/{campaign.id}/live/export")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    for title in ("榜单", "按地区"):
        assert len(list(book[title].iter_rows())) == 1, title
