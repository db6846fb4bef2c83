"""What people are asked to consent to: versioned texts, one file per published version."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent
# Raising this asks everybody for a new consent at their next sign-in.
CURRENT_PRIVACY_VERSION = "1.2"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation, and how people reach them about their data."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a policy; what is not translated is None."""

    heading: str
    heading_mn: str | None
    paragraphs: Sequence[str]
    paragraphs_mn: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy, as its readers see it."""

    code: str
    version: str
    effective_on: date
    title: str
    title_mn: str | None
    sections: Sequence[Section]


def load_privacy_policy(operator: Operator, version: str = CURRENT_PRIVACY_VERSION) -> Policy:
    """A version of the privacy policy in the name of the operator."""
    with (FOLDER / f"privacy-{version}.toml").open("rb") as file:
        text = tomllib.load(file)
    return Policy(
        "privacy",
        text["version"],
        text["effective_on"],
        text["title"],
        text.get("title_mn"),
        [_section(each, operator) for each in text["sections"]],
    )


def _section(text: dict, operator: Operator) -> Section:
    translated = text.get("paragraphs_mn")
    return Section(
        text["heading"],
        text.get("heading_mn"),
        _fill(text["paragraphs"], operator),
        None if translated is None else _fill(translated, operator),
    )


def _fill(paragraphs: Sequence[str], operator: Operator) -> list[str]:
    return [each.format(name=operator.name, contact=operator.contact) for each in paragraphs]
