"""How many messages somebody agreed to, by the client's report and by WeChat's push."""

from dataclasses import replace

import pytest

from devtools.message_templates import RESULT_TEMPLATE
from server.extensions import runtime
from services import notifications
from services.context import unit_of_work
from services.message_templates import MessageTemplate
from tests.http import code_of


@pytest.fixture
def citizen(make):
    citizen = make.citizen()
    make.identity(citizen)
    return citizen


@pytest.fixture
def report(http, citizen):
    """What the client reports of one tap."""

    def send(result="accept", template="campaign_result"):
        body = {"choices": [{"template": template, "result": result}]}
        return http.post("/me/subscriptions", body, token=citizen.token)

    return send


@pytest.fixture
def within(app):
    """Calls a service as the receiver of pushes does; `templates` replaces those that are set."""

    def call(service, *, templates=None, **values):
        with app.app_context():
            ctx = runtime().context()
            if templates is not None:
                ctx = replace(ctx, services=replace(ctx.services, message_templates=templates))
            with unit_of_work(ctx.session):
                service(ctx, **values)

    return call


@pytest.fixture
def push(within):
    """What WeChat pushes of one tap."""

    def send(*, accepted=True, source="popup", **more):
        values = {"openid": "o-citizen", "template_id": RESULT_TEMPLATE} | more
        event = notifications.note_subscription_event
        within(event, is_accepted=accepted, source=source, **values)

    return send


@pytest.mark.parametrize(
    ("result", "remaining"),
    [
        ("accept", 1),
        ("acceptWithAudio", 1),
        ("acceptWithAlert", 1),
        ("reject", None),
        ("ban", None),
        ("filter", None),
        ("acceptance of tomorrow", None),
    ],
)
def test_answers_of_the_client(report, stage, citizen, result, remaining):
    assert report(result).status_code == 204
    assert stage.remaining(citizen) == remaining


def test_each_acceptance_allows_one_more(report, stage, citizen):
    for _ in range(3):
        report()
    report("reject")
    assert stage.remaining(citizen) == 3


def test_a_client_cannot_claim_without_end(report, stage, citizen):
    stage.allow(citizen, 100)
    report()
    assert stage.remaining(citizen) == 100


def test_a_template_that_is_not_set_is_passed_over(report, stage, citizen):
    assert report(template="weather").status_code == 204
    assert stage.remaining(citizen) is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "choices"),
        ({"choices": []}, "choices"),
        ({"choices": "accept"}, "choices"),
        ({"choices": [{"template": "campaign_result"}]}, "choices.0.result"),
        ({"choices": [{"template": "campaign_result", "result": 1}]}, "choices.0.result"),
        ({"choices": ["accept"]}, "choices.0._schema"),
        ({"choices": [{"template": "t", "result": "accept"}] * 6}, "choices"),
    ],
)
def test_what_is_no_report(http, citizen, body, field):
    answer = http.post("/me/subscriptions", body, token=citizen.token)
    assert (answer.status_code, code_of(answer)) == (422, "invalid_request")
    assert list(answer.get_json()["errors"]) == [field]
    assert all(isinstance(words, list) for words in answer.get_json()["errors"].values())


def test_one_tap_counts_once_whoever_reports_first(report, push, stage, citizen):
    report()
    push()
    assert stage.remaining(citizen) == 1
    stage.allow(citizen, 0)
    push()
    assert stage.remaining(citizen) == 1
    report()
    assert stage.remaining(citizen) == 1


def test_a_push_that_comes_again_counts_once(report, push, stage, citizen):
    for _ in range(3):
        push()
    report()
    assert stage.remaining(citizen) == 1
    report()
    assert stage.remaining(citizen) == 2


def test_a_report_that_was_lost_is_made_good_by_the_push(push, stage, citizen):
    push()
    assert stage.remaining(citizen) == 1


def test_a_no_in_the_pop_up_takes_back_nothing(report, push, stage, citizen):
    report()
    push(accepted=False)
    assert stage.remaining(citizen) == 1


def test_a_no_in_the_settings_takes_back_everything(report, push, stage, citizen):
    report()
    push(accepted=False, source="change")
    assert stage.remaining(citizen) == 0
    push(source="change")
    assert stage.remaining(citizen) == 0


def test_strangers_and_unknown_templates_are_passed_over(push, stage, citizen):
    push(openid="o-stranger")
    push(template_id="unknown")
    assert stage.remaining(citizen) is None


def test_a_long_term_template_is_allowed_or_not(push, stage, citizen):
    always = (MessageTemplate("campaign_result", RESULT_TEMPLATE, {}, is_long_term=True),)
    for accepted, source, remaining in [
        (True, "popup", 1),
        (True, "change", 1),
        (False, "popup", 0),
        (True, "change", 1),
        (False, "change", 0),
    ]:
        push(accepted=accepted, source=source, templates=always)
        assert stage.remaining(citizen) == remaining, (accepted, source)


@pytest.fixture
def delivered(within):
    """What WeChat pushes of a message it took."""

    def send(msgid="77", errcode=0, openid="o-citizen", template=RESULT_TEMPLATE):
        within(
            notifications.note_sent_event,
            openid=openid,
            template_id=template,
            msgid=msgid,
            errcode=errcode,
        )

    return send


def message_of(stage):
    [message] = stage.messages()
    return message.state, message.reason, message.msgid, message.last_errcode


@pytest.fixture
def message(stage, make, citizen):
    stage.allow(citizen, 2)
    campaign = make.campaign()
    return lambda **values: stage.message(citizen, campaign, **values)


def test_a_message_that_was_delivered(message, delivered, stage):
    message(state="sent", msgid="77", last_errcode=0)
    delivered()
    assert message_of(stage) == ("sent", None, "77", 0)


def test_a_message_that_was_not_delivered_after_all(message, delivered, stage):
    message(state="sent", msgid="77")
    for _ in range(2):
        delivered(errcode=-1)
        assert message_of(stage) == ("dead", "not_delivered", "77", -1)


def test_a_message_whose_reader_wanted_none(message, delivered, stage):
    message(state="sent", msgid="77")
    delivered(errcode=43101)
    assert message_of(stage) == ("skipped", "no_allowance", "77", 43101)


@pytest.mark.parametrize("state", ["sending", "unconfirmed"])
def test_a_delivery_settles_what_was_not_known(message, delivered, stage, citizen, state):
    message(state=state)
    for _ in range(2):
        delivered()
        assert message_of(stage) == ("sent", None, "77", 0)
    assert stage.remaining(citizen) == 1


def test_a_failure_settles_it_too(message, delivered, stage, citizen):
    message(state="unconfirmed")
    delivered(errcode=-1)
    assert message_of(stage) == ("dead", "not_delivered", None, -1)
    assert stage.remaining(citizen) == 2


def test_deliveries_of_others_are_passed_over(message, delivered, stage):
    message(state="unconfirmed")
    delivered(openid="o-stranger")
    delivered(template="unknown")
    assert message_of(stage)[0] == "unconfirmed"
