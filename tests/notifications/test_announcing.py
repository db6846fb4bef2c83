"""A published result reaches everybody who voted, once, in bounded batches."""

from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, func, select, text

from models import Announcement, Ballot, Notice, OutgoingMessage, WeChatIdentity
from server.extensions import runtime
from services import notifications
from services.context import unit_of_work
from services.notifications import announcing
from tests.http import code_of
from tests.served import wait_until

EXPAND = "expand_announcements"


@pytest.fixture
def closed(make, clock):
    """A campaign that has closed, and those who publish its result."""
    campaign = make.campaign(closes_at=clock.now() + timedelta(hours=1), title="健康达人评选")
    clock.advance(hours=2)
    return campaign


@pytest.fixture
def publish(make):
    def send(campaign):
        return make.agree(campaign, "publish_result", notice="现将结果予以公布。")

    return send


def test_publishing_tells_the_voters(closed, publish, stage, http, work):
    voter, other = stage.voter(closed), stage.voter(closed, "o-other")
    reader = stage.make.citizen()
    assert publish(closed).status_code == 200
    assert http.get("/me/notices", token=voter.token).get_json()["items"] == []
    work()
    [notice] = http.get("/me/notices", token=voter.token).get_json()["items"]
    assert notice["kind"] == "campaign_result"
    assert notice["title"] == "评选结果公布了"
    assert notice["title_mn"] is None
    assert "“健康达人评选”" in notice["body"]
    assert notice["target"] == {"type": "campaign", "id": closed.id}
    assert notice["read_at"] is None
    assert len(http.get("/me/notices", token=other.token).get_json()["items"]) == 1
    assert http.get("/me/notices", token=reader.token).get_json()["items"] == []


def test_a_result_that_is_refused_tells_nobody(closed, publish, stage, session):
    stage.voter(closed)
    assert publish(closed).status_code == 200
    session.refresh(closed)
    assert code_of(publish(closed)) == "result_published"
    assert session.scalar(select(func.count()).select_from(Announcement)) == 1


def test_what_is_rolled_back_was_never_announced(app, closed, session):
    with app.app_context():
        ctx = runtime().context()
        campaign = ctx.session.get(type(closed), closed.id)
        notifications.announce_to_voters(
            ctx, campaign, kind="campaign_result", title="题", body="文", fields={}
        )
        ctx.session.rollback()
    assert session.scalar(select(func.count()).select_from(Announcement)) == 0


def test_announcing_twice_is_announcing_once(app, closed, stage, work):
    stage.voter(closed)
    for _ in range(2):
        with app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                notifications.announce_to_voters(
                    ctx,
                    ctx.session.get(type(closed), closed.id),
                    kind="campaign_result",
                    title="题",
                    body="文",
                    fields={},
                )
        work(EXPAND)
    assert len(stage.notices()) == 1


def test_only_voters_of_this_campaign(closed, stage, work, make):
    other = make.campaign()
    stage.voter(other)
    both = stage.voter(closed, "o-both")
    stage.ballot(other, both)
    stage.announcement(closed)
    work(EXPAND)
    assert [each.citizen_id for each in stage.notices()] == [both.citizen_id]


def test_a_campaign_without_voters(closed, stage, work, session):
    stage.announcement(closed)
    work(EXPAND)
    assert stage.notices() == []
    assert session.scalar(select(Announcement.finished_at)) is not None


def test_messages_only_for_who_agreed(closed, stage, work):
    agreed = stage.voter(closed, "o-agreed", allowed=1)
    stage.allow(stage.voter(closed, "o-used-up"), 0)
    stage.allow(stage.voter(closed, "o-else"), 3, "another-template")
    stage.voter(closed, "o-never")
    stage.announcement(closed)
    work(EXPAND)
    assert len(stage.notices()) == 4
    assert [each.citizen_id for each in stage.messages()] == [agreed.citizen_id]


def test_somebody_with_two_identities_is_told_once(closed, stage, work, session):
    voter = stage.voter(closed, allowed=1)
    session.add(WeChatIdentity(citizen_id=voter.citizen_id, appid="wx-other", openid="o-2"))
    session.commit()
    stage.announcement(closed)
    work(EXPAND)
    assert (len(stage.notices()), len(stage.messages())) == (1, 1)


def test_who_cannot_sign_in_any_more_is_told_nothing(closed, stage, work):
    stage.voter(closed, None, allowed=1)
    stage.announcement(closed)
    work(EXPAND)
    assert stage.notices() == []


MANY = 10_000
MAKE_MANY = (
    "INSERT INTO citizens (created_at) SELECT now() FROM generate_series(1, :many)",
    "INSERT INTO wechat_identities (citizen_id, appid, openid)"
    " SELECT id, 'wxsimulator0000000', 'o-' || id FROM citizens",
    "INSERT INTO ballots (campaign_id, entry_id, voter_id, receipt_secret, cast_at, request_key,"
    " cast_on, number, number_today, number_today_for_entry)"
    " SELECT :campaign_id, :entry_id, id, 1, now(), gen_random_uuid(), current_date, n, n, n"
    " FROM citizens, generate_series(1, 2) AS n",
    "INSERT INTO message_allowances (citizen_id, template_id, remaining, is_ahead, changed_at)"
    " SELECT id, :template_id, 1, false, now() FROM citizens WHERE id % 2 = 0",
)


@pytest.fixture
def many(closed, make, session, config):
    """Ten thousand voters, half of whom agreed to a message."""
    values = {
        "many": MANY,
        "campaign_id": closed.id,
        "entry_id": make.entries(closed)[0],
        "template_id": config.message_templates[0].template_id,
    }
    for statement in MAKE_MANY:
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        session.execute(text(statement), wanted)
    session.commit()
    return closed


def count(session, table) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table))


def test_ten_thousand_voters_in_bounded_batches(app, many, stage, work, session):
    stage.announcement(many)
    batches = []

    def note(connection, cursor, statement, *_):
        if "INSERT INTO notices" in statement:
            batches.append(count(session, Notice))

    with app.app_context():
        engine = runtime().context().session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        work(EXPAND)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    # What earlier batches filed is committed when the next one begins.
    steps = [later - earlier for earlier, later in pairwise(batches)]
    assert max(steps) <= announcing.BATCH
    assert len(batches) == MANY / announcing.BATCH + 1
    assert count(session, Notice) == MANY
    assert count(session, OutgoingMessage) == MANY / 2
    assert count(session, Ballot) == 2 * MANY


def test_a_crash_between_batches_costs_nothing(app, many, stage, work, session, monkeypatch):
    stage.announcement(many)
    file_batch, calls = announcing._file_next_batch, []

    def crash_later(ctx):
        done = file_batch(ctx)
        calls.append(done)
        if len(calls) == 3:
            raise RuntimeError("the worker is killed before its commit")
        return done

    monkeypatch.setattr(announcing, "_file_next_batch", crash_later)
    with pytest.raises(RuntimeError):
        work(EXPAND)
    assert count(session, Notice) == 2 * announcing.BATCH
    monkeypatch.undo()
    work(EXPAND)
    assert count(session, Notice) == MANY
    people = select(func.count(Notice.citizen_id.distinct()))
    assert session.scalar(people) == MANY


def test_workers_side_by_side_file_each_notice_once(many, stage, work, session):
    stage.announcement(many)
    start = Barrier(3)

    def run() -> None:
        start.wait(timeout=10)
        work(EXPAND)

    workers = [Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert count(session, Notice) == MANY
    assert count(session, OutgoingMessage) == MANY / 2


def test_who_is_erased_meanwhile_is_left_out(app, closed, stage, session):
    """The job waits for an erasure under way, and then files nothing for that person."""
    gone, stays = stage.voter(closed, "o-gone", allowed=1), stage.voter(closed, "o-stays")
    stage.announcement(closed)
    with app.app_context():
        ctx = runtime().context()
        notifications.erase_citizen(ctx, citizen_id=gone.citizen_id)
        delete = text("DELETE FROM wechat_identities WHERE citizen_id = :id")
        ctx.session.execute(delete, {"id": gone.citizen_id})

        worker = Thread(target=expand_in_an_app_of_its_own, args=(app,))
        worker.start()
        wait_for_a_lock(session)
        ctx.session.commit()
        worker.join(timeout=30)
    assert [each.citizen_id for each in stage.notices()] == [stays.citizen_id]


def expand_in_an_app_of_its_own(app) -> None:
    with app.app_context():
        notifications.expand_announcements(runtime().context())


def wait_for_a_lock(session) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

    def is_waiting() -> bool:
        session.rollback()
        return session.scalar(waiting) > 0

    wait_until(is_waiting, seconds=10)
