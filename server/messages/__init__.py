"""What users read: texts by code, in each language Sain speaks.

Chinese is complete; where Mongolian has no text yet the Chinese one is shown.
"""

import tomllib
from pathlib import Path

from werkzeug.datastructures import LanguageAccept

DEFAULT_LANGUAGE = "zh-Hans"
FOLDER = Path(__file__).parent
# What clients send, and the language meant by it.
ACCEPTED = {
    "zh-Hans": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh": "zh-Hans",
    "mn-Mong": "mn-Mong",
    "mn-Mong-CN": "mn-Mong",
    "mn": "mn-Mong",
}


def _load(language: str) -> dict[str, dict[str, str]]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


_CHINESE = _load(DEFAULT_LANGUAGE)
_MONGOLIAN = _load("mn-Mong")

TITLES = {
    "zh-Hans": _CHINESE["titles"],
    "mn-Mong": _CHINESE["titles"] | _MONGOLIAN["titles"],
}
_TEXTS = {
    "zh-Hans": _CHINESE["codes"] | _CHINESE["fields"],
    "mn-Mong": _CHINESE["codes"] | _CHINESE["fields"] | _MONGOLIAN["codes"],
}
_ROW_TEXTS = {
    "zh-Hans": _TEXTS["zh-Hans"] | _CHINESE["rows"],
    "mn-Mong": _TEXTS["mn-Mong"] | _CHINESE["rows"] | _MONGOLIAN.get("rows", {}),
}


def choose_language(accepted: LanguageAccept) -> str:
    """The language we speak that the client likes best."""
    return ACCEPTED.get(accepted.best_match(list(ACCEPTED)), DEFAULT_LANGUAGE)


def translate(code: str, language: str, *values: str, **details: object) -> str:
    """The text for a code, its blanks filled with the values and details."""
    return _TEXTS[language][code].format(*values, **details)


def translate_field_error(message: str, language: str) -> str:
    """The text for a validation error written as `key value value`."""
    key, *values = message.split(" ")
    return translate(key, language, *values)


def translate_row_error(code: str, language: str, **details: object) -> str:
    """The text for what is wrong with one cell of a spreadsheet, or for why its row is refused."""
    return _ROW_TEXTS[language][code].format(**details)
