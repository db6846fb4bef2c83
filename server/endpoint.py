"""Routes that declare everything about themselves: who may call, what goes in, what comes out.

`Routes.endpoint` makes of one service call a Flask view and its OpenAPI description, so that the
two cannot differ. A view runs: actor (401), rate limit (429), request (400, 413, 415, 422), session
(401) and service inside one unit of work, answer.
"""

import inspect
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from server.auth import claimed_actor, guess_actor, read_claims
from server.extensions import Runtime, runtime
from server.problems import describe_problems
from server.requests import read_body, read_idempotency_key, read_query
from server.schemas.common import Wire
from server.schemas.dumping import make_dump
from services.access import ANONYMOUS, Actor
from services.accounts import require_live_session
from services.context import Context, unit_of_work
from services.errors import SignInRequired

Access = Literal["anyone", "citizen", "citizen_checked_by_service"]

PRIVATE_HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
]
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Equal for all tries of one request; a UUID for example.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}

NO_QUERY = Wire()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Endpoint:
    """What one route declares; see Routes.endpoint."""

    method: str
    rule: str
    access: Access
    rate: str
    summary: str
    returns: Schema | None
    status: int
    body: Schema | None
    query: Schema | None
    is_idempotent: bool
    is_cached: bool | Callable[[Mapping[str, str]], bool]
    refusals: tuple[str, ...]
    service: Callable
    dump: Callable[[object], dict] | None


class Routes(Blueprint):
    """A blueprint of declared endpoints; `endpoints` lists them all."""

    def __init__(self, name: str, import_name: str, *, description: str) -> None:
        super().__init__(name, import_name, description=description)
        self.endpoints: list[Endpoint] = []

    def endpoint(
        self,
        method: str,
        rule: str,
        *,
        access: Access,
        rate: str,
        summary: str,
        returns: Schema | None = None,
        status: int = 200,
        body: Schema | None = None,
        query: Schema | None = None,
        is_idempotent: bool = False,
        is_cached: bool | Callable[[Mapping[str, str]], bool] = False,
        refusals: tuple[str, ...] = (),
    ) -> Callable:
        """Make the decorated function, which calls one service, the handler of a route.

        `access` is "anyone", "citizen", or "citizen_checked_by_service" where the service checks
        the session itself together with its work. `rate` names the limit in Config.rates.
        `is_idempotent` demands an Idempotency-Key; `is_cached`, which may depend on the query,
        lets one answer be kept for everybody, and the actor is then nobody. `refusals` are the
        codes the service may raise.
        """

        def declare(service: Callable) -> Callable:
            endpoint = Endpoint(
                method,
                rule,
                access,
                rate,
                summary,
                returns,
                status,
                body,
                query,
                is_idempotent,
                is_cached,
                refusals,
                service,
                None if returns is None else make_dump(returns),
            )
            self.endpoints.append(endpoint)
            view = partial(_handle, endpoint)
            view.__name__ = service.__name__
            view._apidoc = self._describe(endpoint)
            self.add_url_rule(rule, service.__name__, view, methods=[method])
            return service

        return declare

    def _describe(self, endpoint: Endpoint) -> dict:
        """The OpenAPI description, collected by flask-smorest's own decorators."""

        def described() -> None: ...

        if endpoint.body is not None:
            described = self.arguments(endpoint.body)(described)
        if endpoint.query is not None:
            described = self.arguments(endpoint.query, location="query")(described)
        described = self.response(endpoint.status, endpoint.returns)(described)
        for problem in describe_problems(endpoint):
            described = self.alt_response(**problem)(described)
        described._apidoc.get("arguments", {}).get("responses", {}).clear()
        return self.doc(**_manual_description(endpoint))(described)._apidoc


def _manual_description(endpoint: Endpoint) -> dict:
    security = [] if endpoint.access == "anyone" else [{"accessToken": []}]
    description = {
        "summary": endpoint.summary,
        "description": inspect.getdoc(endpoint.service),
        "security": security,
    }
    if endpoint.is_idempotent:
        description["parameters"] = [IDEMPOTENCY_KEY]
    return description


def _handle(endpoint: Endpoint, **path: int) -> Response:
    parts = runtime()
    actor = _limited_actor(endpoint, parts, request.remote_addr or "")
    # The body may take its time to arrive, so it is read before the moment that counts is taken
    # and before any database connection is held.
    arguments = _read_arguments(endpoint)
    ctx = parts.context(actor=actor)
    body = _run(endpoint, ctx, path | arguments)
    if _is_public(endpoint):
        return _public_answer(body, parts.config.public_cache_seconds)
    return Response(body, endpoint.status, PRIVATE_HEADERS)


def _limited_actor(endpoint: Endpoint, parts: Runtime, address: str) -> Actor:
    """Who asks; raises Limited when they, or their address, ask too often."""
    limiter, now = parts.services.rate_limiter, parts.clock.now()
    try:
        actor = _resolve_actor(endpoint, parts)
    except SignInRequired:
        limiter.hit(endpoint.rate, citizen_id=None, address=address, now=now)
        raise
    limiter.hit(endpoint.rate, citizen_id=actor.citizen_id, address=address, now=now)
    return actor


def _resolve_actor(endpoint: Endpoint, parts: Runtime) -> Actor:
    if _is_public(endpoint):
        return ANONYMOUS
    if endpoint.access == "anyone":
        return guess_actor(request, parts)
    return claimed_actor(read_claims(request, parts))


def _is_public(endpoint: Endpoint) -> bool:
    rule = endpoint.is_cached
    return rule(request.args) if callable(rule) else rule


def _run(endpoint: Endpoint, ctx: Context, arguments: dict) -> bytes:
    """The body of the answer to what the service returns, once its changes are committed."""
    with unit_of_work(ctx.session):
        if endpoint.access == "citizen":
            require_live_session(ctx)
        return _dump(endpoint, endpoint.service(ctx, **arguments))


def _read_arguments(endpoint: Endpoint) -> dict:
    arguments = read_query(request, endpoint.query or NO_QUERY)
    if endpoint.is_idempotent:
        arguments["idempotency_key"] = read_idempotency_key(request)
    if endpoint.body is not None:
        arguments |= read_body(request, endpoint.body)
    return arguments


def _dump(endpoint: Endpoint, result: object) -> bytes:
    if endpoint.dump is None:
        return b""
    return _encode(endpoint.dump(result)).encode()


def _public_answer(body: bytes, seconds: float) -> Response:
    """An answer that is the same for everybody; server/public_cache.py keeps it."""
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={math.ceil(seconds)}"
    response.add_etag()
    return response
