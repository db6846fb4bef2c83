"""How control requests are declared, checked and answered.

A wrong request is answered with HTTP 400 and {"error": one sentence}.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request

from .defaults import DEFAULT_APPID
from .state import State, WeChatApp

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class InputError(Exception):
    """A sentence for the caller of the control plane."""


@dataclass(frozen=True)
class Field:
    """One field of a control request; without a default it is left out when not given."""

    accepts: Callable[[Any], bool]
    wanted: str
    required: bool = False
    default: Any = None
    nullable: bool = False


@dataclass(frozen=True)
class Control:
    method: str
    path: str
    view: Callable[[State, dict], dict]
    fields: dict[str, Field]
    holds_lock: bool


CONTROLS: list[Control] = []


def control(method: str, path: str, /, *, holds_lock: bool = True, **fields: Field):
    """Register a view `(state, given) -> dict` under /_control."""

    def register(view):
        CONTROLS.append(Control(method, f"/_control{path}", view, fields, holds_lock))
        return view

    return register


def text(**options) -> Field:
    return Field(lambda value: isinstance(value, str) and value != "", "a text", **options)


def texts(**options) -> Field:
    return Field(_is_texts, "a list of texts", **options)


def flag(**options) -> Field:
    return Field(lambda value: isinstance(value, bool), "true or false", **options)


def number(low: float, high: float, **options) -> Field:
    return Field(
        lambda value: _is_number(value) and low <= value <= high,
        f"a number from {low} to {high}",
        **options,
    )


def whole(low: int, high: int, **options) -> Field:
    return Field(
        lambda value: _is_number(value) and isinstance(value, int) and low <= value <= high,
        f"a whole number from {low} to {high}",
        **options,
    )


def one_of(*choices: Any, **options) -> Field:
    shown = ", ".join(map(str, choices))
    return Field(lambda value: value in choices, f"one of {shown}", **options)


def mapping(**options) -> Field:
    return Field(lambda value: isinstance(value, dict), "an object", **options)


def mappings(**options) -> Field:
    return Field(_is_mappings, "a list of objects", **options)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def check_fields(given: Any, fields: dict[str, Field]) -> dict[str, Any]:
    """`given` with defaults filled in, or InputError."""
    if not isinstance(given, dict):
        raise InputError("The body must be a JSON object.")
    for name in given:
        if name not in fields:
            known = ", ".join(fields) or "none"
            raise InputError(f"There is no field '{name}'; the fields are: {known}.")
    checked = {name: spec.default for name, spec in fields.items() if spec.default is not None}
    for name, spec in fields.items():
        if name in given:
            _check_value(name, given[name], spec)
            checked[name] = given[name]
        elif spec.required:
            raise InputError(f"The field '{name}' is missing; it must be {spec.wanted}.")
    return checked


def _check_value(name: str, value: Any, spec: Field) -> None:
    if value is None and spec.nullable:
        return
    if not spec.accepts(value):
        raise InputError(f"The field '{name}' must be {spec.wanted}.")


def handle_control(state: State, entry: Control) -> tuple[Response, int]:
    """Answer one control request; only this machine may make one."""
    if request.remote_addr not in LOOPBACK:
        return jsonify(error="The control plane answers only this machine."), 403
    try:
        given = check_fields(_read_input(), entry.fields)
        if not entry.holds_lock:
            return jsonify(entry.view(state, given)), 200
        with state.lock:
            return jsonify(entry.view(state, given)), 200
    except InputError as error:
        return jsonify(error=str(error)), 400


def _read_input() -> Any:
    if request.method == "GET":
        return request.args.to_dict()
    if not request.get_data(cache=True):
        return {}
    given = request.get_json(force=True, silent=True)
    if given is None:
        raise InputError("The body must be a JSON object.")
    return given


def chosen_app(state: State, given: dict) -> WeChatApp:
    """The app named by `appid`, the preconfigured one when none is named."""
    appid = given.get("appid", DEFAULT_APPID)
    if appid not in state.apps:
        raise InputError(f"There is no app '{appid}'; create it with POST /_control/apps.")
    return state.apps[appid]
