"""Reading requests strictly: what cannot be meant is refused before anything is done with it."""

import json
import re
from collections.abc import Iterator, Mapping

from flask import Flask, Request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from werkzeug.routing import ValidationError as PathMismatch

from server.config import Config
from server.schemas.common import LARGEST_ID
from services.errors import Invalid

LARGEST_BODY_BYTES = 64 * 1024
IDEMPOTENCY_KEY = re.compile("[!-~]{1,255}")
# A weak mark may come from a proxy that compresses.
REVISION_TAG = re.compile('(?:W/)?"([1-9][0-9]{0,8})"')


class RowIdConverter(BaseConverter):
    """A row's id in a path: 1 to 2^63-1, written without a leading zero."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise PathMismatch
        return number


class StrictRequest(Request):
    """A request of bounded size."""

    max_content_length = LARGEST_BODY_BYTES
    max_form_memory_size = LARGEST_BODY_BYTES


class InvalidFields(Invalid):
    """Some fields of the request are wrong; `errors` maps each to what is wrong with it."""

    def __init__(self, errors: Mapping[str, object]) -> None:
        super().__init__("invalid_request")
        self.errors = errors


def init_app(app: Flask, config: Config) -> None:
    app.request_class = StrictRequest
    app.url_map.converters["id"] = RowIdConverter
    app.url_map.strict_slashes = False
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)


def read_body(request: Request, schema: Schema, largest: int = LARGEST_BODY_BYTES) -> dict:
    """The JSON body as the schema loads it; raises InvalidFields or the framework's 4xx."""
    request.max_content_length = largest
    # The plain form, which nearly all clients send, needs no parsing.
    if request.content_type != "application/json" and request.mimetype != "application/json":
        raise UnsupportedMediaType
    return _load(schema, _parse_json(_read_bytes(request, largest)))


def read_query(request: Request, schema: Schema) -> dict:
    """The query string as the schema loads it; a parameter given twice is refused."""
    if not request.query_string and not schema.load_fields:
        return {}
    return _load(schema, _single_values(request.args))


def read_idempotency_key(request: Request) -> str:
    """The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07), 1-255 visible
    ASCII characters; raises Invalid."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Invalid("idempotency_key_required")
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid("idempotency_key_invalid")
    return key


def read_revision(request: Request) -> int:
    """The revision in the If-Match header (RFC 9110, 13.1.1); raises Invalid without one."""
    tag = REVISION_TAG.fullmatch(request.headers.get("If-Match", "").strip())
    if tag is None:
        raise Invalid("revision_required")
    return int(tag[1])


def read_upload(request: Request, largest: int) -> bytes:
    """A file as the raw body, of whatever type it claims to be."""
    request.max_content_length = largest
    return _read_bytes(request, largest)


def _read_bytes(request: Request, largest: int = LARGEST_BODY_BYTES) -> bytes:
    """The body, whose announced length is bounded before it is read.

    Without an announced length the framework reads it in pieces up to the same bound.
    """
    length = request.content_length
    if length is not None and length > largest:
        raise RequestEntityTooLarge
    try:
        if length is None:
            return request.get_data(cache=False)
        return request.environ["wsgi.input"].read(length)
    except HTTPException:
        raise
    except Exception:
        # A client that hung up, or chunks that are none: the server under us has its own errors.
        raise BadRequest from None


def _parse_json(body: bytes) -> object:
    try:
        return _decode(body.decode())
    except (ValueError, RecursionError):
        raise BadRequest from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice")
    return members


def _single_values(args: MultiDict) -> dict[str, str]:
    repeated = {name: ["field_repeated"] for name, values in args.lists() if len(values) > 1}
    if repeated:
        raise InvalidFields(repeated)
    return args.to_dict()


def _load(schema: Schema, data: object) -> dict:
    try:
        return schema.load(data)
    except ValidationError as error:
        raise InvalidFields(dict(_flatten(error.normalized_messages()))) from None


def _flatten(errors: Mapping, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Errors by field, those within lists and objects by their path: `choices.0.result`."""
    for name, messages in errors.items():
        if isinstance(messages, Mapping):
            yield from _flatten(messages, f"{path}{name}.")
        else:
            yield f"{path}{name}", messages


_decode = json.JSONDecoder(
    parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates
).decode
