"""/wechat/push, where WeChat tells us what happens: outside the API, in WeChat's own manner."""

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import NotFound

from server.extensions import Runtime, runtime
from server.requests import read_upload
from services import wechat_push
from services.context import unit_of_work
from services.push_channel import PushChannel

LARGEST_PUSH_BYTES = 64 * 1024
# WeChat repeats what it gets no such answer to within five seconds.
TAKEN = "success"

blueprint = Blueprint("wechat_push", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/wechat/push")
def verify_address() -> Response:
    """Prove to WeChat that the address is ours."""
    parts, channel = _parts()
    return _text(channel.verify_address(request.args, now=parts.clock.now()))


@blueprint.post("/wechat/push")
def take_push() -> Response:
    """Keep the event and say so; the work is done by the job."""
    parts, channel = _parts()
    body = read_upload(request, LARGEST_PUSH_BYTES)
    ctx = parts.context()
    delivery = channel.open(request.args, body, now=ctx.now)
    if not delivery.is_repeated:
        with unit_of_work(ctx.session):
            wechat_push.keep_event(ctx, content=delivery.content)
        channel.remember(delivery)
    return _text(TAKEN)


def _parts() -> tuple[Runtime, PushChannel]:
    """Raises NotFound where pushes are not set up."""
    parts = runtime()
    if parts.services.push_channel is None:
        raise NotFound
    return parts, parts.services.push_channel


def _text(content: str) -> Response:
    return Response(content, content_type="text/plain; charset=utf-8")
