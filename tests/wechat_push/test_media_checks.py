"""Pictures WeChat is asked about: answered by push, in whatever order, or reviewed by people."""

import pytest
from sqlalchemy import select

from models import MediaCheck, StoredFile
from tests.files.pictures import jpeg
from tests.served import wait_until

CHECK = "/wxa/media_check_async"
JOB = "handle_wechat_events"


@pytest.fixture
def citizen(http, wechat) -> str:
    """The token of somebody who is in the mini-program."""
    return http.sign_in(wechat.login_code("o-citizen")).get_json()["access_token"]


@pytest.fixture
def ask(http, citizen, session):
    """Uploads a picture as that person does; returns the trace id of its check."""

    def ask_for() -> str | None:
        answer = http.upload("/me/pictures", jpeg(30, 20), token=citizen)
        assert answer.status_code == 201, answer.get_json()
        session.rollback()
        query = select(MediaCheck.trace_id).filter_by(file_id=answer.get_json()["id"])
        return session.scalars(query).one()

    return ask_for


@pytest.fixture
def check(session):
    def read() -> MediaCheck:
        session.rollback()
        query = select(MediaCheck).execution_options(populate_existing=True)
        return session.scalars(query).one()

    return read


def result(trace_id: str, suggest: str | None = "pass", **more) -> dict:
    verdict = {} if suggest is None else {"result": {"suggest": suggest, "label": 100}}
    return {"Event": "wxa_media_check", "trace_id": trace_id, "version": 2, "errcode": 0} | (
        verdict | more
    )


@pytest.mark.parametrize(
    ("verdict", "state", "label"),
    [
        ({}, "passed", 100),
        ({"suggest": "risky", "label": 20002}, "rejected", 20002),
        ({"suggest": "review", "label": 21000}, "review", 21000),
        ({"errcode": -1008}, "review", None),
        ({"errcode": 43104, "errmsg": "this appid does not have permission"}, "review", None),
    ],
)
def test_the_answer_decides(connected, ask, check, run, verdict, state, label, session):
    connected.hold_media()
    trace_id = ask()
    assert (check().state, check().trace_id) == ("pending", trace_id)
    connected.conclude_media(trace_id, **verdict)
    wait_until(lambda: _handled(run, check), seconds=10)
    assert (check().state, check().label) == (state, label)


def _handled(run, check) -> bool:
    run(JOB)
    return check().answered_at is not None


def test_what_wechat_is_asked(wechat, ask, config, session):
    ask()
    (asked,) = wechat.calls(CHECK)
    assert asked == {
        "media_url": f"{config.site_url}/files/{session.scalars(select(StoredFile.name)).one()}",
        "media_type": 2,
        "version": 2,
        "scene": 3,
        "openid": "o-citizen",
    }


@pytest.mark.parametrize("label", [100, "100", None, "x", [], -1])
def test_labels_drift(safe, ask, check, run, label):
    trace_id = ask()
    safe.push(result(trace_id, result={"suggest": "pass", "label": label}))
    run(JOB)
    assert check().state == "passed"
    assert check().label == (100 if label in (100, "100") else None)


@pytest.mark.parametrize(
    "verdict", [None, "pass", {}, {"suggest": "?"}, {"suggest": None}, {"suggest": 1}]
)
def test_an_answer_that_says_nothing_is_for_review(safe, ask, check, run, verdict):
    trace_id = ask()
    safe.push(result(trace_id, result=verdict))
    run(JOB)
    assert check().state == "review"


def test_the_first_answer_counts(safe, ask, check, run, clock):
    trace_id = ask()
    safe.push(result(trace_id))
    run(JOB)
    clock.advance(seconds=1)
    safe.push(result(trace_id, "risky"))
    run(JOB)
    assert check().state == "passed"


def test_an_answer_before_the_check_is_noted_waits_for_it(
    safe, citizen, check, run, clock, session
):
    safe.push(result("trace-1"))
    run(JOB)
    file = StoredFile(
        name=f"{7:032x}.jpg",
        media_type="image/jpeg",
        bytes=1,
        width=1,
        height=1,
        created_at=clock.now(),
        uploaded_by_citizen_id=int(citizen.partition(".")[0]),
    )
    session.add(file)
    session.flush()
    session.add(
        MediaCheck(trace_id="trace-1", file_id=file.id, state="pending", asked_at=clock.now())
    )
    session.commit()
    clock.advance(seconds=10)
    run(JOB)
    assert check().state == "passed"


def test_an_answer_to_nothing_is_dropped_in_the_end(safe, run, events, clock):
    safe.push(result("trace-of-nobody"))
    run(JOB)
    assert events()[0].handled_at is None
    clock.advance(minutes=30)
    run(JOB)
    assert events()[0].handled_at is not None


def test_half_an_hour_without_an_answer(safe, ask, check, run, clock):
    trace_id = ask()
    clock.advance(minutes=29, seconds=59)
    run("review_unanswered_media")
    assert check().state == "pending"
    clock.advance(seconds=1)
    run("review_unanswered_media")
    assert check().state == "review"
    safe.push(result(trace_id, "risky"))
    run(JOB)
    assert check().state == "rejected", "late is better than never"


def test_who_has_not_been_here_lately_is_reviewed_at_once(wechat, ask, check):
    wechat.advance(2 * 3600 + 1)
    assert ask() is None
    assert (check().state, check().trace_id) == ("review", None)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "errcode", "errcode": 87020},
        {"kind": "errcode", "errcode": 45009},
        {"kind": "html"},
        {"kind": "reset"},
    ],
    ids=str,
)
def test_trouble_at_wechat_hands_the_picture_to_people(wechat, ask, check, fault):
    wechat.fail(CHECK, **fault)
    assert ask() is None
    assert (check().state, check().trace_id) == ("review", None)


def test_a_picture_thrown_away_takes_its_check_along(ask, run, clock, session):
    ask()
    clock.advance(hours=25)
    run("purge_unattached_files")
    assert session.scalars(select(MediaCheck)).all() == []
