"""Whether the process lives, whether it can work, and its metrics."""

import hmac
import math
import os

from flask import Blueprint, Flask, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import NotFound

from server.extensions import runtime
from services.health import check_parts

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def report_life() -> Response:
    """Answers as long as the process can answer at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def report_readiness() -> tuple[Response, int]:
    """200 when the database, Redis and a worker were all seen, else 503; says which."""
    parts = check_parts(runtime().context(), runtime().redis)
    if not all(parts.values()):
        return jsonify(status="not ready", parts=parts), 503
    response = jsonify(status="ready", parts=parts)
    # Whoever asks often gets the answer of a moment ago, see server/public_cache.py.
    seconds = math.ceil(runtime().config.public_cache_seconds)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response, 200


@blueprint.get("/metrics")
def report_metrics() -> Response:
    """Prometheus metrics of all processes, for the holder of METRICS_TOKEN only."""
    expected = runtime().config.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if expected is None or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotFound
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
