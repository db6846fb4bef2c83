"""What users read in Mongolian says what the Chinese says, in its own script."""

import re
import tomllib
from pathlib import Path

import pytest

from server import messages

FOLDER = Path(messages.__file__).parent
CHINESE, MONGOLIAN = (
    tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    for language in ("zh-Hans", "mn-Mong")
)
BLANK = re.compile(r"\{\w*\}")
TEXTS = [(part, code) for part, texts in MONGOLIAN.items() for code in texts]


@pytest.mark.parametrize(("part", "code"), TEXTS, ids=[code for _, code in TEXTS])
def test_a_mongolian_text_translates_a_chinese_one(part, code):
    text = MONGOLIAN[part][code]
    assert set(BLANK.findall(text)) <= set(BLANK.findall(CHINESE[part][code]))
    assert re.fullmatch(r"[\u1800-\u18aa\u202f ]+", BLANK.sub("", text))


def test_a_suffix_follows_its_word():
    texts = [text for part in MONGOLIAN.values() for text in part.values()]
    assert not [text for text in texts if re.search(r"(^|\s)\u202f|\u202f(\s|$)", text)]
