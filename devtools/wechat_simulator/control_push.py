"""The control plane of everything that is pushed: events, subscriptions, media results."""

from . import push
from .content_safety import LABELS, MEDIA_LABELS, SUGGESTIONS, finish_media_job
from .control_input import (
    InputError,
    check_fields,
    chosen_app,
    control,
    flag,
    mapping,
    mappings,
    number,
    one_of,
    text,
    whole,
)
from .state import State, WeChatApp
from .subscribe import choice_event, record_choice

WORD_FIELDS = {
    "word": text(required=True),
    "suggest": one_of(*SUGGESTIONS, required=True),
    "label": one_of(*LABELS, required=True),
}
VERDICT_FIELDS = {
    "suggest": one_of(*SUGGESTIONS, required=True),
    "label": one_of(*LABELS, required=True),
    "detail_errcode": whole(-100_000, 100_000_000),
}


@control(
    "POST",
    "/push",
    holds_lock=False,
    appid=text(),
    event=mapping(),
    replay=whole(1, 10**9),
    drop=whole(0, 10**6),
    verify=flag(),
    tampered=flag(default=False),
    wait=flag(default=True),
)
def push_event(state: State, given: dict) -> dict:
    """Exactly one of `event` (send it), `replay` (a delivery's id, again), `drop` (the next so
    many pushes get lost) and `verify` (the GET that WeChat makes when the address is saved).
    """
    chosen = [name for name in ("event", "replay", "drop", "verify") if name in given]
    if len(chosen) != 1:
        raise InputError("Give exactly one of 'event', 'replay', 'drop' and 'verify'.")
    if chosen == ["drop"]:
        with state.lock:
            state.pushes_to_drop = given["drop"]
        return {}
    if chosen == ["verify"]:
        return {"verified": push.verify_callback(state, _listening_app(state, given))}
    with state.lock:
        delivery = _new_delivery(state, given) if "event" in given else _again(state, given)
    if given["wait"]:
        push.deliver(state, delivery)
    else:
        push.deliver_in_background(state, delivery)
    return {"delivery": delivery.describe()}


def _listening_app(state: State, given: dict) -> WeChatApp:
    app = chosen_app(state, given)
    if not app.callback_url:
        raise InputError(f"The app '{app.appid}' has no callback_url; set it with /_control/apps.")
    return app


def _new_delivery(state: State, given: dict) -> push.Delivery:
    event = dict(given["event"])
    name, openid = event.pop("Event", None), event.pop("FromUserName", "")
    if not isinstance(name, str) or not name:
        raise InputError("The field 'event' needs an 'Event' with the event's name.")
    delivery = push.prepare(state, _listening_app(state, given), name, openid, event)
    delivery.tampered = given["tampered"]
    return delivery


def _again(state: State, given: dict) -> push.Delivery:
    for delivery in state.deliveries:
        if delivery.id == given["replay"]:
            tampered = given["tampered"]
            return push.enqueue(state, delivery.app, delivery.event, tampered=tampered)
    raise InputError(f"There is no delivery {given['replay']}; GET /_control/push lists them.")


@control("GET", "/push")
def list_deliveries(state: State, given: dict) -> dict:
    """Every event that was pushed or dropped, with the attempts made."""
    return {"deliveries": [delivery.describe() for delivery in state.deliveries]}


@control(
    "POST",
    "/subscriptions",
    openid=text(required=True),
    template_id=text(required=True),
    status=one_of("accept", "reject", required=True),
    source=one_of("popup", "change", default="popup"),
    times=whole(1, 1000, default=1),
    appid=text(),
)
def choose_subscription(state: State, given: dict) -> dict:
    """The user accepts or rejects; the event is pushed when the app has a callback_url."""
    app = chosen_app(state, given)
    template = app.templates.get(given["template_id"])
    if template is None:
        raise InputError(f"The app '{app.appid}' has no template '{given['template_id']}'.")
    user, accepted, source = app.user(given["openid"]), given["status"] == "accept", given["source"]
    remaining = record_choice(app, user, template, accepted, source, given["times"])
    event = choice_event(state, app, user, template, accepted, source)
    push.deliver_in_background(state, event)
    return {"remaining": remaining}


@control("POST", "/content-verdicts", words=mappings(), next=mappings())
def script_verdicts(state: State, given: dict) -> dict:
    """`words` replaces the keyword list; `next` queues verdicts for the coming checks."""
    words = [check_fields(rule, WORD_FIELDS) for rule in given.get("words", [])]
    upcoming = [check_fields(verdict, VERDICT_FIELDS) for verdict in given.get("next", [])]
    if "words" in given:
        state.verdict_words = words
    state.next_verdicts.extend(upcoming)
    return {}


@control("POST", "/media", hold=flag(), delay_seconds=number(0, 3600))
def set_media_timing(state: State, given: dict) -> dict:
    """With `hold` results wait for /_control/media-results instead of coming by themselves."""
    state.media_held = given.get("hold", state.media_held)
    state.media_delay_seconds = given.get("delay_seconds", state.media_delay_seconds)
    return {}


@control("GET", "/media")
def list_media_jobs(state: State, given: dict) -> dict:
    return {"jobs": [vars(job) for job in state.media_jobs.values()]}


@control(
    "POST",
    "/media-results",
    trace_id=text(required=True),
    suggest=one_of(*SUGGESTIONS, default="pass"),
    label=one_of(*MEDIA_LABELS, default=100),
    errcode=whole(-100_000, 100_000_000, default=0),
    errmsg=text(default="download failed"),
)
def conclude_media_job(state: State, given: dict) -> dict:
    """Conclude a held check, also with an errcode such as -1008 or 43104."""
    verdict = dict(given)
    job = state.media_jobs.get(verdict.pop("trace_id"))
    if job is None:
        raise InputError("There is no media check with this trace_id.")
    push.deliver_in_background(state, finish_media_job(state, job, verdict))
    return {}
