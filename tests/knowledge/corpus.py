"""A small library for judging the search: what it says is common knowledge, in few words.

A line of corpus.txt is name | aliases | Latin | summary | actions or indications | what else is
said, below the kind of what follows.
"""

from collections.abc import Iterator
from pathlib import Path

# Words of whose spelling we are sure: medicine, healing, saffron, chebula, milk tea.
MONGOLIAN = {
    "红花": "ᠭᠦᠷᠭᠦᠮ",
    "诃子": "ᠠᠷᠤᠷ᠎ᠠ",
    "蒙药": "ᠮᠣᠩᠭᠣᠯ ᠡᠮ",
    "蒙医": "ᠮᠣᠩᠭᠣᠯ ᠡᠮᠨᠡᠯᠭᠡ",
    "奶茶": "ᠰᠦ\u202fᠲᠡᠢ ᠴᠠᠢ",
}
MAIN_FIELD = {"technique": "indications", "exercise": "suitable_for", "article": "", "culture": ""}


def entries() -> Iterator[dict]:
    """What `publish` takes, for each of the library."""
    kind = ""
    for line in Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
        else:
            yield _entry(kind, *line.split("|"))


def _entry(kind: str, name: str, aliases: str, latin: str, summary: str, main: str, more: str):
    field = MAIN_FIELD.get(kind, "actions")
    body = "".join(f"<p>{each}</p>" for each in ("" if field else main, more) if each)
    zh = {"aliases": aliases.split(), "summary": summary, "body": body}
    if field:
        zh[field] = main
    facts: dict = {"latin_name": latin} if latin else {}
    if kind == "formula":
        facts["composition"] = [{"name": each, "unit": "g"} for each in more.split()]
        zh["body"] = ""
    name_mn = MONGOLIAN.get(name)
    return {"kind": kind, "name": name, "zh": zh, "facts": facts, "name_mn": name_mn}
