"""What runs beside the web server: reference data, demonstration data, the worker."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from models import Campaign, Contest, Division, Entry, JobRun, Organization
from server.extensions import runtime
from services import reference_data, voting
from services.context import unit_of_work
from services.jobs import HEARTBEAT
from tests.served import ROOT, environment, wait_until


def run(config, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(config),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_reference_data_may_be_loaded_again(app, session):
    before = [count(session, table) for table in (Division, Contest, Organization)]
    with app.app_context():
        ctx = runtime().context()
        with unit_of_work(ctx.session):
            loaded = reference_data.load(ctx)
    assert list(loaded.values()) == before == [116, 9, 116]


def test_the_commissions_form_one_tree_that_follows_the_divisions(app, session):
    commissions = {each.id: each for each in session.scalars(select(Organization))}
    divisions = {each.code: each for each in session.scalars(select(Division))}
    for commission in commissions.values():
        division = divisions[commission.division_code]
        assert commission.kind == f"{division.level}_commission"
        if division.parent_code is None:
            assert commission.parent_id is None
        else:
            assert commissions[commission.parent_id].division_code == division.parent_code


def test_demonstration_data_is_loaded_once_and_marked(app, config, session):
    assert "已载入示例" in run(config, "-m", "devtools.demo")
    campaigns, entries = count(session, Campaign), count(session, Entry)
    assert "保持不变" in run(config, "-m", "devtools.demo")

    assert (campaigns, entries) == (count(session, Campaign), count(session, Entry))
    assert session.scalars(select(Campaign.is_demonstration).distinct()).all() == [True]
    assert session.scalars(select(Entry.is_demonstration).distinct()).all() == [True]
    contests = session.scalars(select(Campaign.contest_code).distinct()).all()
    assert len(contests) >= 4
    with app.app_context():
        assert voting.count_mismatched_tallies(runtime().context()) == 0


@pytest.fixture
def worker(config):
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "server.tasks", "worker", "--pool=solo"],
        cwd=ROOT,
        env=environment(config),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(20)


def test_a_worker_reports_itself_as_soon_as_it_starts(app, session, worker):
    def has_reported() -> bool:
        session.rollback()
        return session.get(JobRun, HEARTBEAT) is not None

    wait_until(has_reported, seconds=30)
