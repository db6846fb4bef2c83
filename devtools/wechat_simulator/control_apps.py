"""POST /_control/apps: create or change an app, as one would in WeChat's console."""

import base64
import binascii
from dataclasses import fields as dataclass_fields
from typing import Any

from .control_input import (
    InputError,
    check_fields,
    control,
    flag,
    mapping,
    mappings,
    number,
    one_of,
    text,
    texts,
)
from .defaults import DEFAULT_APPS, DEFAULT_SENSITIVE_WORDS, DEFAULT_VERDICT_WORDS
from .state import Drift, State, Template, WeChatApp
from .template_rules import value_type
from .token_store import TokenFamily

APP_FIELDS = {
    "appid": text(required=True),
    "secret": text(),
    "original_id": text(),
    "secret_frozen": flag(),
    "ip_whitelist": texts(nullable=True),
    "opened_apis": texts(nullable=True),
    "published_pages": texts(),
    "oauth_domains": texts(),
    "templates": mappings(),
    "callback_url": text(nullable=True),
    "token": text(),
    "aes_key": text(nullable=True),
    "push_format": one_of("json", "xml"),
    "push_timeout_seconds": number(0.01, 60),
    "push_retry_seconds": number(0, 60),
    "send_seconds": number(0, 10),
    "drift": mapping(),
}
TEMPLATE_FIELDS = {
    "template_id": text(required=True),
    "keys": texts(required=True),
    "kind": one_of("one_time", "long_term"),
    "banned": flag(),
    "enums": mapping(),
}
DRIFT_FIELDS = {
    "create_time": one_of("number", "string"),
    "label": one_of("number", "string"),
    "list": one_of("array", "object"),
    "country_code": one_of("number", "string"),
}


def start_afresh(state: State, apps: list[dict[str, Any]] | None) -> None:
    """Forget everything and know only the given apps, or the preconfigured ones."""
    state.forget_everything()
    state.initial_apps = apps
    state.verdict_words = [dict(rule) for rule in DEFAULT_VERDICT_WORDS]
    state.sensitive_words = list(DEFAULT_SENSITIVE_WORDS)
    for settings in DEFAULT_APPS if apps is None else apps:
        configure_app(state, check_fields(settings, APP_FIELDS))


@control("POST", "/reset")
def reset(state: State, given: dict) -> dict:
    """As freshly started, the clock included."""
    start_afresh(state, state.initial_apps)
    return {}


@control("POST", "/apps", **APP_FIELDS)
def configure_app(state: State, given: dict) -> dict:
    """Fields that are not given keep their value; a list or null replaces the old one."""
    settings = dict(given)
    if "templates" in settings:
        templates = [_template(entry) for entry in settings["templates"]]
        settings["templates"] = {template.template_id: template for template in templates}
    if settings.get("aes_key"):
        _check_aes_key(settings["aes_key"])
    _check_callback(settings.get("callback_url"))
    app = state.apps.get(given["appid"])
    if app is None and "secret" not in given:
        raise InputError("A new app needs the field 'secret'.")
    if "drift" in settings:
        settings["drift"] = _drift(app, settings["drift"])
    if app is None:
        app = WeChatApp(given["appid"], given["secret"])
        app.plain_tokens, app.stable_tokens = TokenFamily(), TokenFamily()
        state.apps[app.appid] = app
    for name, value in settings.items():
        setattr(app, name, value)
    return {"appid": app.appid}


def _template(entry: dict) -> Template:
    template = Template(**check_fields(entry, TEMPLATE_FIELDS))
    template.keys = tuple(template.keys)
    for key in template.keys:
        if value_type(key) is None:
            raise InputError(f"The template key '{key}' is of no known type (such as thing1).")
    return template


def _drift(app: WeChatApp | None, given: dict) -> Drift:
    present = app.drift if app else Drift()
    values = {field.name: getattr(present, field.name) for field in dataclass_fields(Drift)}
    return Drift(**values | check_fields(given, DRIFT_FIELDS))


def _check_aes_key(key: str) -> None:
    try:
        usable = len(base64.b64decode(key + "=", validate=True)) == 32
    except binascii.Error:
        usable = False
    if not usable:
        raise InputError("The field 'aes_key' must be an EncodingAESKey of 43 characters.")


def _check_callback(url: str | None) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise InputError("The field 'callback_url' must be an http or https address.")
