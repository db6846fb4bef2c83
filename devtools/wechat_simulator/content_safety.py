"""Text and media checks. WeChat: msgSecCheck, mediaCheckAsync (version 2), wxa_media_check."""

import threading
from dataclasses import dataclass
from typing import Any

from . import push
from .endpoint import Call, api, is_whole_number, ok
from .errors import ApiError
from .limits import Limit
from .risk import recent_visitor
from .state import State

MAX_CONTENT = 2500
TEXT_LIMITS = (Limit(4000, "minute", 44991), Limit(2_000_000, "day"))
MEDIA_LIMITS = (Limit(2000, "minute", 44991), Limit(200_000, "day"))
SUGGESTIONS = ("pass", "review", "risky")
LABELS = (100, 10001, 20001, 20002, 20003, 20006, 20008, 20012, 20013, 21000)
MEDIA_LABELS = (100, 20001, 20002, 20006, 21000)
PASS = {"suggest": "pass", "label": 100}
CHECKED_FIELDS = ("content", "title", "nickname", "signature")


@dataclass
class MediaJob:
    """A media check that was accepted and whose result is, or will be, pushed."""

    trace_id: str
    appid: str
    openid: str
    media_url: str
    accepted_at: float
    verdict: dict[str, Any]
    finished: bool = False


@api("/wxa/msg_sec_check", limits=TEXT_LIMITS)
def check_text(call: Call) -> dict:
    """WeChat: 40129 scene, 43104 openid of another app, 61010, 45002; 87014 is version 1's."""
    content = call.text("content")
    if len(content) > MAX_CONTENT:
        raise ApiError(45002)
    if "version" not in call.body or _is_version(call, 1):
        return _check_as_version_1(call, content)
    _check_version_scene(call)
    recent_visitor(call)
    texts = [str(call.body.get(name, "")) for name in CHECKED_FIELDS]
    verdict, keyword = _judge(call.state, " ".join(texts))
    return _verdict_answer(call, verdict, keyword)


def _is_version(call: Call, number: int) -> bool:
    """The doc says number; SDKs in wide use send a string and are served."""
    return call.body.get("version") in (number, str(number))


def _check_version_scene(call: Call) -> None:
    if not _is_version(call, 2):
        raise ApiError(47001)
    if not is_whole_number(call.body.get("scene"), 1, 4):
        raise ApiError(40129)


def _check_as_version_1(call: Call, content: str) -> dict:
    verdict, _ = _judge(call.state, content)
    if verdict["suggest"] != "pass":
        raise ApiError(87014)
    return ok()


def _judge(state: State, text: str) -> tuple[dict[str, Any], str | None]:
    """The scripted next verdict, else that of the first word found, else pass."""
    if state.next_verdicts:
        return state.next_verdicts.popleft(), None
    for rule in state.verdict_words:
        if rule["word"] in text:
            return {"suggest": rule["suggest"], "label": rule["label"]}, rule["word"]
    return PASS, None


def _verdict_answer(call: Call, verdict: dict, keyword: str | None) -> dict:
    keyword_item: dict[str, Any] = {"strategy": "keyword", "errcode": 0}
    if keyword:
        keyword_item |= {**_result(verdict), "level": 20, "prob": 90, "keyword": keyword}
    return ok(
        trace_id=call.state.new_rid(),
        result=_result(verdict),
        detail=[_model_item(verdict, verdict["label"]), keyword_item],
    )


def _result(verdict: dict) -> dict:
    return {"suggest": verdict["suggest"], "label": verdict["label"]}


def _model_item(verdict: dict, label: Any) -> dict:
    """WeChat: a detail whose own errcode is not 0 says nothing about the content."""
    item = {"strategy": "content_model", "errcode": verdict.get("detail_errcode", 0)}
    return {**item, "suggest": verdict["suggest"], "label": label, "prob": 90}


@api("/wxa/media_check_async", limits=MEDIA_LIMITS)
def check_media(call: Call) -> dict:
    """WeChat: 40004 media type, 40129 scene, 61010, 87020; the result comes by push."""
    media_url = call.text("media_url")
    if not media_url.startswith(("http://", "https://")):
        raise ApiError(47001)
    if not is_whole_number(call.body.get("media_type"), 1, 2):
        raise ApiError(40004)
    _check_version_scene(call)
    user = recent_visitor(call)
    _refuse_repeat(call, media_url)
    verdict, _ = _judge(call.state, media_url)
    job = MediaJob(
        call.state.new_rid(), call.app.appid, user.openid, media_url, call.now(), verdict
    )
    call.state.media_jobs[job.trace_id] = job
    if not call.state.media_held:
        _finish_soon(call.state, job)
    return ok(trace_id=job.trace_id)


def _refuse_repeat(call: Call, media_url: str) -> None:
    """WeChat: 87020. Assumed to mean a check of the same address that is still running."""
    for job in call.state.media_jobs.values():
        running = not job.finished and call.now() - job.accepted_at < 1800
        if running and (job.appid, job.media_url) == (call.app.appid, media_url):
            raise ApiError(87020)


def _finish_soon(state: State, job: MediaJob) -> None:
    generation = state.generation

    def finish():
        with state.lock:
            if state.generation != generation or job.finished:
                return
            delivery = finish_media_job(state, job)
        if delivery:
            push.deliver(state, delivery)

    timer = threading.Timer(state.media_delay_seconds, finish)
    timer.daemon = True
    timer.start()


def finish_media_job(state: State, job: MediaJob, verdict: dict | None = None):
    """Conclude a check; returns the delivery to push, or None where nobody listens."""
    job.finished = True
    job.verdict = verdict or job.verdict
    app = state.apps[job.appid]
    return push.prepare(state, app, "wxa_media_check", job.openid, _media_fields(app, job))


def _media_fields(app, job: MediaJob) -> dict:
    """WeChat: a check that failed has an errcode and no result object."""
    errcode = job.verdict.get("errcode", 0)
    fields = {"appid": app.appid, "trace_id": job.trace_id, "version": 2, "errcode": errcode}
    if errcode != 0:
        return {**fields, "detail": [], "errmsg": job.verdict.get("errmsg", "download failed")}
    label = job.verdict["label"] if job.verdict["label"] in MEDIA_LABELS else 21000
    label = str(label) if app.drift.label == "string" else label
    return {
        **fields,
        "detail": [_model_item(job.verdict, label)],
        "errmsg": "ok",
        "result": {"suggest": job.verdict["suggest"], "label": label},
    }
