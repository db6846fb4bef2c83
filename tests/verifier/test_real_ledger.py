"""The real site, checked from outside: votes over HTTP, sealed, decided about, recounted."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server

from models import Ballot, Campaign, SetAsideBallot
from server.extensions import runtime
from services import ledger
from services.context import unit_of_work
from services.screening import moving
from tests.verifier.conftest import MONGOLIAN, codes


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def work(app: Flask) -> Callable:
    """Calls a function with a context in a unit of work of its own, as nobody."""

    def call(function: Callable) -> object:
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                return function(ctx)

    return call


@pytest.fixture
def recount(check, url, work) -> Callable:
    """Seals what is new and checks the site."""

    def run(*arguments: str):
        work(ledger.seal)
        return check(*arguments, url=url)

    return run


@pytest.fixture
def campaign(make) -> Campaign:
    campaign = make.campaign(entries=2)
    make.entry(campaign, number=3, name=MONGOLIAN)
    make.entry(campaign, number=4, name="很长的名称" * 40)
    return campaign


@pytest.fixture
def hidden(make) -> Campaign:
    return make.campaign(entries=2, standings_mode="hidden", contest_code="herb_garden")


@pytest.fixture
def ballots(http, make, campaign, hidden) -> dict[int, list[int]]:
    """The ids of the ballots of each campaign; all for the first entry but every third."""
    cast = {campaign.id: [], hidden.id: []}
    for place in range(12):
        citizen = make.citizen()
        for each in (campaign, hidden):
            entry_id = make.entries(each)[place % 3 == 0]
            answer = http.vote(each.id, entry_id, token=citizen.token)
            cast[each.id].append(answer.get_json()["id"])
    return cast


@pytest.fixture
def decided(work, campaign, hidden, ballots) -> None:
    """Of each campaign four ballots are set aside, one released, two annulled, one left waiting."""

    def decide(ctx) -> None:
        for each in (campaign, hidden):
            ids = ballots[each.id][:4]
            rows = [row_of(ctx.session.get(Ballot, ballot_id)) for ballot_id in ids]
            moving.set_aside(ctx, each, rows, reasons=["短时间内大量相同投票"] * len(rows))
            rows = [ctx.session.get(SetAsideBallot, ballot_id) for ballot_id in ids]
            moving.move(ctx, each, rows[:1], to="released", reason="核实无误")
            moving.move(ctx, each, rows[1:3], to="annulled", reason="同一批账号", persons=2)

    work(decide)


def row_of(ballot: Ballot) -> dict[str, object]:
    values = {"ballot_id": ballot.id, "entry_id": ballot.entry_id, "voter_id": ballot.voter_id}
    return values | {"cast_at": ballot.cast_at, "score": 120, "signals": {"entry_burst": 120}}


@pytest.fixture
def closed(decided, work, campaign, hidden, ballots, clock, run) -> None:
    """Both are over, and what waited is decided."""

    def release(ctx) -> None:
        for each in (campaign, hidden):
            row = ctx.session.get(SetAsideBallot, ballots[each.id][3])
            moving.move(ctx, each, [row], to="released", reason="核实无误")

    clock.set(campaign.closes_at)
    clock.advance(minutes=1)
    work(release)
    run("close_campaigns")


def test_a_running_campaign(recount, decided, campaign, hidden):
    result = recount()
    assert (result.exit_code, result.report.findings) == (0, [])
    counts = {each.id: each.by_state for each in result.replay.campaigns.values()}
    assert counts == {campaign.id: [9, 1, 2], hidden.id: [9, 1, 2]}
    assert result.comparison.outcomes == {campaign.id: "running", hidden.id: "running"}


def test_the_recount_equals_the_standings(recount, closed, campaign, hidden, http):
    result = recount()
    assert (result.exit_code, result.report.findings) == (0, [])
    assert result.comparison.outcomes == {campaign.id: "equal", hidden.id: "equal"}
    for each in (campaign, hidden):
        shown = http.get(f"/campaigns/{each.id}/standings").get_json()
        counted = dict(result.replay.campaigns[each.id].standings())
        assert counted == {item["entry_id"]: item["votes"] for item in shown["items"]}
        assert sum(counted.values()) == 10


def test_a_published_result(recount, closed, campaign, work, http):
    shown = http.get(f"/campaigns/{campaign.id}/standings").get_json()["items"]
    votes = sorted((item["entry_id"], item["votes"]) for item in shown)

    def publish(ctx) -> None:
        campaign_now = ctx.session.get(Campaign, campaign.id)
        campaign_now.result_published_at = ctx.now
        ledger.note_result(ctx, campaign_now, standings=votes, annulled=2, persons=2)

    assert recount().exit_code == 0
    work(publish)
    result = recount()
    assert (result.exit_code, result.report.findings) == (0, [])
    assert result.replay.campaigns[campaign.id].has_result


def test_one_altered_tally_in_the_database(recount, closed, campaign, make, session):
    entry_id = make.entries(campaign)[1]
    session.execute(
        text("UPDATE tallies SET votes = votes + 1 WHERE entry_id = :entry_id"),
        {"entry_id": entry_id},
    )
    session.commit()
    found = recount().report.findings
    assert codes(found) == ["standings_votes"]
    assert (found[0]["campaign"], found[0]["entry"]) == (campaign.id, entry_id)
    assert found[0]["said"] == found[0]["found"] + 1


def test_one_altered_decision_in_the_database(recount, closed, campaign, session):
    """An annulled ballot that counts again by the stroke of a pen, and in no record."""
    session.execute(
        text("UPDATE set_aside_tallies SET annulled = 0 WHERE campaign_id = :id"),
        {"id": campaign.id},
    )
    session.commit()
    assert "standings_votes" in codes(recount().report.findings)


def test_one_altered_record_in_the_database(recount, closed, ballots, campaign, session):
    assert recount().exit_code == 0
    changed = session.execute(
        text("""
            UPDATE ledger_records
            SET data = convert_to(replace(convert_from(data, 'UTF8'), '"day":"2026-11-20"',
                                          '"day":"2026-11-19"'), 'UTF8')
            WHERE ballot_id = :ballot_id RETURNING index
        """),
        {"ballot_id": ballots[campaign.id][-1]},
    ).scalar_one()
    session.commit()
    found = recount().report.findings
    assert (found[0]["code"], found[0]["index"]) == ("record_altered", changed)


def test_a_swapped_name_in_the_database(recount, closed, make, campaign, session):
    entry_id = make.entries(campaign)[2]
    assert recount().exit_code == 0
    session.execute(text("UPDATE entries SET name = '别人' WHERE id = :id"), {"id": entry_id})
    session.commit()
    found = recount().report.findings
    assert [(each["code"], each["entry"]) for each in found] == [("entry_name", entry_id)]
