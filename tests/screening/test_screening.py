"""The job follows the ballots and sets aside what looks farmed; the search proposes the rest."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models import AuditRecord, BallotCut, BallotGroup, Campaign, Citizen, Notice, SetAsideBallot
from server.extensions import runtime
from services.context import unit_of_work
from services.screening.screening import screen_ballots
from tests.screening.conftest import noted, states

SCRIPT = "python-requests/2.31"


@pytest.fixture
def campaign(make):
    return make.campaign(entries=3)


@pytest.fixture
def farm(make, vote_from, clock):
    """A script behind one address casts ballots, one every twelve seconds, by new accounts."""

    def cast(campaign, entry_id: int, number: int = 25, **more) -> list[int]:
        ballots = []
        for _ in range(number):
            clock.advance(seconds=12)
            given = {"address": "198.51.100.5", "agent": SCRIPT, "source": None} | more
            ballots.append(vote_from(campaign, entry_id, **given))
        return ballots

    return cast


@pytest.fixture
def hospital(make, vote_from, clock):
    """Staff behind one address vote at lunch with all sorts of phones; all signed up now."""

    def cast(campaign, entry_id: int, number: int = 40) -> list[int]:
        ballots = []
        for place in range(number):
            clock.advance(seconds=(7, 45, 20, 90, 3)[place % 5])
            voter = make.citizen(phone_bound_at=clock.now() if place % 2 else None)
            ballots.append(
                vote_from(
                    campaign,
                    entry_id,
                    voter,
                    address="203.0.113.40",
                    agent=f"MicroMessenger phone {place % 17}",
                    source=("share", "list", "scan")[place % 3],
                )
            )
        return ballots

    return cast


def test_a_farm_is_set_aside_whole_and_a_hospital_is_not(
    http, make, campaign, farm, hospital, run, session, books
):
    doctor, star, _ = make.entries(campaign)
    staff = hospital(campaign, doctor)
    farmed = farm(campaign, star)
    run("screen_ballots")
    assert set(states(session, farmed)) == {"quarantined"}
    assert set(states(session, staff)) == {"counted"}
    shown = http.get(f"/campaigns/{campaign.id}/standings").get_json()["items"]
    assert {item["entry_id"]: item["votes"] for item in shown}[star] == 0
    (record,) = noted(session, campaign.id)
    assert (record[0], record[1]) == ("quarantine", sorted(farmed))
    assert "同型号设备短时间集中投票" in record[2]
    group = session.scalars(select(BallotGroup)).one()
    assert (group.pattern, group.entry_id, group.state) == ("device", star, "open")
    books()


def test_the_job_may_run_again_or_twice_or_have_lost_its_place(
    make, campaign, farm, run, session, books, clock
):
    farmed = farm(campaign, make.entries(campaign)[0])
    for _ in range(2):
        run("screen_ballots")
    session.execute(BallotCut.__table__.update().values(xact=0))
    session.commit()
    run("screen_ballots")
    assert len(noted(session, campaign.id)) == 1
    assert session.scalar(select(func.count()).select_from(SetAsideBallot)) == len(farmed)
    books()


def test_each_ballot_is_looked_at_though_it_commits_late(app, make, campaign, farm, run, session):
    """A transaction that began before the cut and commits after it holds the cut back."""
    with app.app_context():
        ctx = runtime().context()
        session.execute(select(func.pg_current_xact_id()))
        with unit_of_work(ctx.session):
            screen_ballots(ctx)
        mine = session.scalar(select(func.pg_current_xact_id_if_assigned()))
        session.rollback()
    session.expire_all()
    assert session.get(BallotCut, "screening").xact <= int(mine)


def test_what_staff_released_stays_released_and_new_ones_open_the_group_again(
    make, campaign, farm, run, session, books
):
    entry_id = make.entries(campaign)[0]
    first = farm(campaign, entry_id)
    run("screen_ballots")
    officer = make.console("district_officer")
    group = session.scalars(select(BallotGroup)).one()
    answer = officer.post(f"/ballot-groups/{group.id}/release", {"reason": "核实"}, revision=1)
    assert answer.get_json()["group"]["state"] == "decided"
    later = farm(campaign, entry_id, 2)
    run("screen_ballots")
    assert set(states(session, first)) == {"released"}
    assert set(states(session, later)) == {"quarantined"}
    session.expire_all()
    assert session.scalars(select(BallotGroup)).one().state == "open"
    books()


def test_a_campaigns_threshold_is_its_own(make, farm, run, session):
    lenient = make.campaign(screening={"threshold": 1000})
    ballots = farm(lenient, make.entries(lenient)[0])
    run("screen_ballots")
    assert set(states(session, ballots)) == {"counted"}


def test_nothing_is_set_aside_after_publication(make, campaign, farm, run, session, clock):
    ballots = farm(campaign, make.entries(campaign)[0])
    session.get(Campaign, campaign.id).result_published_at = clock.now()
    session.commit()
    run("screen_ballots")
    run("search_farms")
    assert set(states(session, ballots)) == {"counted"}


def test_with_nothing_to_screen_the_cut_moves_on(make, campaign, run, session):
    run("screen_ballots")
    run("search_farms")
    assert session.scalars(select(BallotCut.xact)).one() > 0
    assert session.scalars(select(SetAsideBallot)).all() == []


def test_a_burst_over_midnight_is_one_burst(make, campaign, farm, run, session, clock):
    clock.set(clock.now().replace(hour=15, minute=58))
    ballots = farm(campaign, make.entries(campaign)[0])
    run("screen_ballots")
    assert set(states(session, ballots)) == {"quarantined"}
    days = {key.rpartition(":")[2] for key in session.scalars(select(BallotGroup.key))}
    assert len(days) == 2


def test_accounts_made_together_are_found_days_later(
    make, campaign, vote_from, run, session, clock, books
):
    """Each from its own place with its own phone, one an hour: only the search sees them."""
    made_at = clock.now() - timedelta(days=3)
    entry_id = make.entries(campaign)[0]
    voters = [make.citizen() for _ in range(16)]
    session.execute(Citizen.__table__.update().values(created_at=made_at))
    session.commit()
    ballots = []
    for place, voter in enumerate(voters):
        clock.advance(minutes=13 + 29 * (place % 3))
        voter = make.signed_in(voter.citizen_id, voter.session_id)
        ballots.append(
            vote_from(campaign, entry_id, voter, address=f"10.{place}.0.1", agent=f"phone {place}")
        )
        run("screen_ballots")
    assert set(states(session, ballots)) == {"counted"}
    # Somebody honest who votes for another.
    vote_from(campaign, make.entries(campaign)[1], address="192.0.2.1", agent="other")
    run("search_farms")
    group = session.scalars(select(BallotGroup)).one()
    assert (group.origin, group.state, group.pattern) == ("search", "proposed", "made_together")
    assert group.signals["ballot_ids"] == sorted(ballots)
    assert noted(session, campaign.id) == []
    run("search_farms")
    officer = make.console("district_officer")
    answer = officer.post(f"/campaigns/{campaign.id}/farm-search")
    assert answer.get_json() == {"proposed": 0}
    assert session.scalars(select(AuditRecord.action)).all() == ["campaign.farms_searched"]
    shown = officer.get(f"/campaigns/{campaign.id}/ballot-groups", state="proposed").get_json()
    (item,) = shown["items"]
    assert item["signals"]["made_together"]["voters"] == 16
    answer = officer.post(f"/ballot-groups/{item['id']}/dismiss", {"reason": "核实"}, revision=1)
    assert answer.status_code == 200
    run("search_farms")
    assert session.scalar(select(func.count()).select_from(BallotGroup)) == 1
    books()


def test_the_command_searches_one_campaign(app, make, campaign, farm, session):
    farm(campaign, make.entries(campaign)[0])
    result = app.test_cli_runner().invoke(
        args=["screening", "search", "--campaign", str(campaign.id)]
    )
    assert result.exit_code == 0, result.output
    assert "1" in result.output
    group = session.scalars(select(BallotGroup)).one()
    assert group.state == "proposed"
    result = app.test_cli_runner().invoke(args=["screening", "search", "--campaign", "999999"])
    assert result.exit_code == 1


def test_voters_of_a_farm_who_exist_are_told_once(make, campaign, vote_from, run, session, clock):
    voters = [make.citizen() for _ in range(25)]
    for place, voter in enumerate(voters[:3]):
        make.identity(voter, f"o-{place}")
    for voter in itertools.islice(voters, 25):
        clock.advance(seconds=12)
        voter = make.signed_in(voter.citizen_id, voter.session_id)
        vote_from(campaign, make.entries(campaign)[0], voter, agent=SCRIPT, source=None)
    for _ in range(2):
        run("screen_ballots")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Notice)) == 3
