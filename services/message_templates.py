"""Which of WeChat's subscribe-message templates say what Sain has to say.

An operator chooses a template in WeChat's console, where its keys are named after their types
(thing1, time2), and maps our fields to them: the setting WECHAT_TEMPLATES.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.message_values import FIT_MOMENT, FIT_TEXT, FORMS, accepts

# What there is to say, by what happened; a field is a text or a moment.
FIELDS: dict[str, dict[str, type]] = {
    "campaign_result": {
        "campaign": str,
        "contest": str,
        "organization": str,
        "closed_at": datetime,
        "published_at": datetime,
        "note": str,
    },
}
# Before a text that stands as it is, instead of a field's name.
FIXED = "="
KINDS = ("one_time", "long_term")
MEMBERS = {"template_id", "keys", "kind"}
KEY = re.compile(r"([a-z_]+?)[0-9]{1,3}")
TEMPLATE_ID = re.compile("[A-Za-z0-9_-]{1,64}")
MOST_KEYS = 7


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One of WeChat's templates and what stands at its keys: a field's name, or `=` and a text.

    Each acceptance of a one-time template allows one message, of a long-term one any number.
    """

    code: str
    template_id: str
    keys: Mapping[str, str]
    is_long_term: bool = False

    def fill(self, fields: Mapping[str, str]) -> dict[str, str]:
        """The value of each key; among `fields`, moments are ISO 8601."""
        return {key: self._value(key, source, fields) for key, source in self.keys.items()}

    def _value(self, key: str, source: str, fields: Mapping[str, str]) -> str:
        if source.startswith(FIXED):
            return source.removeprefix(FIXED)
        kind, value = _kind_of(key), fields[source]
        if FIELDS[self.code][source] is datetime:
            return FIT_MOMENT[kind](datetime.fromisoformat(value))
        return FIT_TEXT[kind](value)


def find_template(templates: Iterable[MessageTemplate], code: str) -> MessageTemplate | None:
    """The template for what happened, if the operator has chosen one."""
    return next((each for each in templates if each.code == code), None)


def read_templates(text: str) -> tuple[MessageTemplate, ...]:
    """The templates in a setting's text, none in an empty one.

    Raises ValueError with a sentence that says what is wrong.
    """
    try:
        given = json.loads(text or "{}")
    except ValueError:
        raise ValueError("it must be JSON") from None
    if not isinstance(given, dict):
        raise ValueError("it must be a JSON object: code → template")
    templates = tuple(_read_template(code, each) for code, each in given.items())
    if len({template.template_id for template in templates}) < len(templates):
        raise ValueError("it names one template_id twice")
    return templates


def _read_template(code: str, given: object) -> MessageTemplate:
    if code not in FIELDS:
        raise ValueError(f"{code!r} is none of {', '.join(FIELDS)}")
    if not isinstance(given, dict) or set(given) - MEMBERS:
        raise ValueError(f"{code} must have template_id, keys and perhaps kind")
    template_id, kind = given.get("template_id"), given.get("kind", KINDS[0])
    if not isinstance(template_id, str) or not TEMPLATE_ID.fullmatch(template_id):
        raise ValueError(f"{code} needs the template_id that WeChat's console shows")
    if kind not in KINDS:
        raise ValueError(f"the kind of {code} must be one of {', '.join(KINDS)}")
    keys = given.get("keys")
    if not isinstance(keys, dict) or not 0 < len(keys) <= MOST_KEYS:
        raise ValueError(f'{code} needs 1 to {MOST_KEYS} keys, such as "thing1": "campaign"')
    for key, source in keys.items():
        _check_key(code, key, source)
    return MessageTemplate(code, template_id, keys, is_long_term=kind == "long_term")


def _check_key(code: str, key: str, source: object) -> None:
    kind = _kind_of(key)
    if kind not in FORMS:
        raise ValueError(f"{key} of {code} is no key of a template, such as thing1")
    if not isinstance(source, str) or not source:
        raise ValueError(f"{key} of {code} must be a field's name, or = and a text")
    if source.startswith(FIXED):
        if not accepts(kind, source.removeprefix(FIXED)):
            raise ValueError(f"WeChat takes no such text for {key} of {code}")
        return
    if source not in FIELDS[code]:
        known = ", ".join(FIELDS[code])
        raise ValueError(f"{code} has no field {source!r}; its fields are {known}")
    if kind not in (FIT_MOMENT if FIELDS[code][source] is datetime else FIT_TEXT):
        raise ValueError(f"{source} cannot stand at {key} of {code}")


def _kind_of(key: str) -> str:
    """`thing` of `thing3`; empty when the key has no such form."""
    found = KEY.fullmatch(key)
    return found[1] if found else ""
