"""Routes that declare everything about themselves: who may call, what goes in, what comes out.

`Routes.endpoint` makes of one service call a Flask view and its OpenAPI description, so that the
two cannot differ. A view runs: actor (401), rate limit (429), request (400, 413, 415, 422, 428),
session (401), permission (404) and service inside one unit of work, answer.
"""

import inspect
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal
from urllib.parse import quote

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema

from server.auth import claimed_actor, guess_actor, read_claims
from server.extensions import Runtime, runtime
from server.problems import describe_problems
from server.requests import (
    LARGEST_BODY_BYTES,
    read_body,
    read_idempotency_key,
    read_query,
    read_revision,
    read_upload,
)
from server.schemas.common import Wire
from server.schemas.dumping import make_dump
from server.staff_cookie import (
    clear_cookie,
    read_cookie,
    read_origin,
    require_csrf_token,
    set_cookie,
    subject_of,
)
from server.telemetry import current_request_id
from services.access import ANONYMOUS, Actor, Permission
from services.accounts import require_live_session
from services.context import NOWHERE, Context, unit_of_work
from services.downloads import Download
from services.errors import Missing, SignInRequired
from services.staff import require_session

# "citizen_checked_by_service": the service checks the session itself, together with its work.
# "staff_at_any_step": the console's session may still lack a step of signing in.
Access = Literal["anyone", "citizen", "citizen_checked_by_service", "staff", "staff_at_any_step"]
STAFF = ("staff", "staff_at_any_step")

PRIVATE_HEADERS = [
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
]
OCTETS = "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = {"type": "string", "format": "binary"}
# What a file of a type looks like to programs that read the description.
FORMS = {"application/json": {"type": "object"}}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Equal for all tries of one request; a UUID for example.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}
# Of files that are shown to everybody.
FILE_SECONDS = 3600
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": 'The ETag under which the object was read, `"7"` for example.',
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}"$'},
    "example": '"1"',
}
CSRF_TOKEN = {
    "in": "header",
    "name": "X-CSRF-Token",
    "required": True,
    "description": "`csrf_token` of the session.",
    "schema": {"type": "string", "maxLength": 128},
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
    requires: tuple[Permission, ...] = ()
    needs_revision: bool = False
    largest_upload: int | None = None
    downloads: tuple[str, ...] = ()
    cookie: Literal["set", "clear"] | None = None
    uploads: str = OCTETS
    largest_body: int = LARGEST_BODY_BYTES

    @property
    def is_staff(self) -> bool:
        return self.access in STAFF

    @property
    def needs_origin(self) -> bool:
        """What citizens read is not recorded; of what they do, it matters whether it was a person.

        Of an anonymous act, as a view, nothing but the origin tells one visitor from another.
        """
        is_anonymous_act = self.access == "anyone" and self.method == "POST"
        return self.is_staff or self.cookie is not None or self.is_idempotent or is_anonymous_act

    @property
    def needs_csrf_token(self) -> bool:
        return self.is_staff and self.method != "GET"


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
        requires: Permission | tuple[Permission, ...] = (),
        needs_revision: bool = False,
        largest_upload: int | None = None,
        downloads: str | tuple[str, ...] = (),
        cookie: Literal["set", "clear"] | None = None,
        uploads: str = OCTETS,
        largest_body: int = LARGEST_BODY_BYTES,
    ) -> Callable:
        """Make the decorated function, which calls one service, the handler of a route.

        `rate` names the limit in Config.rates. `is_idempotent` demands an Idempotency-Key;
        `is_cached`, which may depend on the query, lets one answer be kept for everybody, and the
        actor is then nobody. `refusals` are the codes the service may raise.

        For staff: `requires` is the permission without which the route is not there for them, or
        several of which one is enough; the service still checks its reach. `needs_revision` demands
        If-Match and passes `revision` on. `largest_upload` takes a body of that many bytes as
        `content`, of any type, best of `uploads`; `largest_body` bounds one of JSON. `downloads` is
        the media type of a file, which the service returns as a Download, or several of which the
        Download names one; with `is_cached` it is shown instead of saved, and browsers and proxies
        keep it for an hour. `cookie` says what the answer does with the session's cookie.
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
                (requires,) if isinstance(requires, Permission) else requires,
                needs_revision,
                largest_upload,
                (downloads,) if isinstance(downloads, str) else downloads,
                cookie,
                uploads,
                largest_body,
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
        described = self._describe_answer(endpoint)(described)
        responses = described._apidoc["response"]["responses"]
        for problem in describe_problems(endpoint):
            responses |= self._describe_problem(problem)
        described._apidoc.get("arguments", {}).get("responses", {}).clear()
        description = self.doc(**_manual_description(endpoint))(described)._apidoc
        if headers := _headers(endpoint):
            description.setdefault("arguments", {}).setdefault("parameters", []).extend(headers)
        return description

    def _describe_problem(self, problem: dict) -> dict:
        """Of its own: each decorator copies all that those before it said."""

        def described() -> None: ...

        return self.alt_response(**problem)(described)._apidoc["response"]["responses"]

    def _describe_answer(self, endpoint: Endpoint) -> Callable:
        if not endpoint.downloads:
            return self.response(endpoint.status, endpoint.returns)
        return self.response(
            endpoint.status,
            BYTES,
            description="The file; its name is in Content-Disposition.",
            content_type=endpoint.downloads[0],
        )


def _manual_description(endpoint: Endpoint) -> dict:
    description = {
        "summary": endpoint.summary,
        "description": inspect.getdoc(endpoint.service),
        "security": _security(endpoint),
    }
    if endpoint.largest_upload is not None:
        description["requestBody"] = {
            "description": f"The file itself, at most {endpoint.largest_upload} bytes.",
            "required": True,
            "content": {each: {"schema": BYTES} for each in (endpoint.uploads, OCTETS)},
        }
    if more_types := endpoint.downloads[1:]:
        content = {each: {"schema": FORMS.get(each, BYTES)} for each in more_types}
        description["responses"] = {endpoint.status: {"content": content}}
    if endpoint.requires:
        description["x-permission"] = " or ".join(endpoint.requires)
    return description


def _headers(endpoint: Endpoint) -> list[dict]:
    headers = {
        "is_idempotent": IDEMPOTENCY_KEY,
        "needs_revision": IF_MATCH,
        "needs_csrf_token": CSRF_TOKEN,
    }
    return [header for name, header in headers.items() if getattr(endpoint, name)]


def _security(endpoint: Endpoint) -> list[dict[str, list]]:
    if endpoint.access == "anyone":
        return []
    return [{"staffSession": []}] if endpoint.is_staff else [{"accessToken": []}]


def _handle(endpoint: Endpoint, **path: int) -> Response:
    parts = runtime()
    actor = _limited_actor(endpoint, parts, request.remote_addr or "")
    # The body may take its time to arrive, so it is read before the moment that counts is taken
    # and before any database connection is held.
    arguments = _read_arguments(endpoint)
    origin = read_origin(request, current_request_id()) if endpoint.needs_origin else NOWHERE
    ctx = parts.context(actor=actor, origin=origin)
    answer = _run(endpoint, ctx, path | arguments)
    if endpoint.cookie == "clear":
        clear_cookie(answer, parts.config)
    return answer


def _limited_actor(endpoint: Endpoint, parts: Runtime, address: str) -> Actor:
    """Who asks; raises Limited when they, or their address, ask too often.

    Staff are known only once the database was asked; until then the cookie stands for them.
    """
    limiter, now = parts.services.rate_limiter, parts.clock.now()
    if endpoint.is_staff:
        cookie = read_cookie(request)
        limiter.hit(endpoint.rate, person=subject_of(cookie), address=address, now=now)
        if endpoint.needs_csrf_token:
            require_csrf_token(request, cookie, parts)
        return ANONYMOUS
    try:
        actor = _resolve_actor(endpoint, parts)
    except SignInRequired:
        limiter.hit(endpoint.rate, person=None, address=address, now=now)
        raise
    person = f"citizen:{actor.citizen_id}" if actor.is_citizen else None
    limiter.hit(endpoint.rate, person=person, address=address, now=now)
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


def _run(endpoint: Endpoint, ctx: Context, arguments: dict) -> Response:
    """The answer made of what the service returns, sent once its changes are committed."""
    with unit_of_work(ctx.session):
        result = endpoint.service(_admit(endpoint, ctx), **arguments)
        return _answer(endpoint, result)


def _admit(endpoint: Endpoint, ctx: Context) -> Context:
    """The context of who is let in; raises SignInRequired, and Missing without the permission."""
    if endpoint.access == "citizen":
        require_live_session(ctx)
    if not endpoint.is_staff:
        return ctx
    ctx = require_session(ctx, is_complete=endpoint.access == "staff")
    if endpoint.requires and ctx.actor.permissions.isdisjoint(endpoint.requires):
        raise Missing("not_found")
    return ctx


def _read_arguments(endpoint: Endpoint) -> dict:
    arguments = read_query(request, endpoint.query or NO_QUERY)
    if endpoint.is_idempotent:
        arguments["idempotency_key"] = read_idempotency_key(request)
    if endpoint.needs_revision:
        arguments["revision"] = read_revision(request)
    if endpoint.largest_upload is not None:
        arguments["content"] = read_upload(request, endpoint.largest_upload)
    if endpoint.body is not None:
        arguments |= read_body(request, endpoint.body, endpoint.largest_body)
    return arguments


def _answer(endpoint: Endpoint, result: object) -> Response:
    if endpoint.downloads:
        return _file_answer(endpoint, result)
    dumped = None if endpoint.dump is None else endpoint.dump(result)
    body = b"" if dumped is None else _encode(dumped).encode()
    if _is_public(endpoint):
        return _public_answer(body, runtime().config.public_cache_seconds)
    answer = Response(body, endpoint.status, PRIVATE_HEADERS)
    if endpoint.is_staff and dumped and "revision" in dumped:
        answer.set_etag(str(dumped["revision"]))
    if endpoint.cookie == "set" and result.token:
        set_cookie(answer, result.token, runtime().config)
    return answer


def _file_answer(endpoint: Endpoint, file: Download) -> Response:
    media_type = file.media_type or endpoint.downloads[0]
    answer = Response(file.content, endpoint.status, content_type=media_type)
    is_public = _is_public(endpoint)
    answer.headers["Cache-Control"] = f"public, max-age={FILE_SECONDS}" if is_public else "no-store"
    # Headers are ASCII; names are not (RFC 6266).
    name = quote(file.name, safe="")
    use = "inline" if is_public else "attachment"
    answer.headers["Content-Disposition"] = f"{use}; filename*=UTF-8''{name}"
    return answer


def _public_answer(body: bytes, seconds: float) -> Response:
    """An answer that is the same for everybody; server/public_cache.py keeps it."""
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={math.ceil(seconds)}"
    response.add_etag()
    return response
