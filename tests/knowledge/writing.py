"""Contents for tests, and the steps from an empty draft to a publication."""

from copy import deepcopy
from dataclasses import dataclass

from tests.console import ConsoleClient

HERB = {
    "zh": {
        "name": "黄芪",
        "aliases": ["北芪"],
        "summary": "补气固表的常用药。",
        "part_used": "根",
        "properties": "甘，微温。归肺、脾经。",
        "actions": "补气升阳，固表止汗。",
        "cautions": "表实邪盛者不宜。",
        "body": "<p>内蒙古是黄芪的道地产区。</p>",
    },
    "mn": None,
    "facts": {
        "latin_name": "Astragali Radix",
        "pregnancy": "cautious",
        "toxicity": "none",
        "source": "《中华人民共和国药典》2020年版一部",
        "evidence_level": "pharmacopoeia",
    },
    "links": [],
}
ARTICLE = {
    "zh": {"name": "冬季养生", "summary": "早睡晚起。", "body": "<p>冬三月，此谓闭藏。</p>"},
    "mn": None,
    "facts": {"source": "《黄帝内经·素问》", "evidence_level": "classic"},
    "links": [],
}
CONTENTS = {"herb": HERB, "article": ARTICLE}


@dataclass
class Written:
    """An item at the console of somebody who writes; `state` is what the last answer said."""

    console: ConsoleClient
    id: int

    @property
    def path(self) -> str:
        return f"/knowledge/items/{self.id}"

    def read(self, console: ConsoleClient | None = None) -> dict:
        answer = (console or self.console).get(self.path)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def save(self, content: dict, *, revision: int | None = None, console=None, **more):
        console = console or self.console
        revision = revision or self.read(console)["revision"]
        body = {"content": content} | more
        return console.send("PUT", f"{self.path}/content", body, revision=revision)

    def step(self, action: str, body=None, *, console=None, revision: int | None = None):
        console = console or self.console
        revision = revision or self.read(console)["revision"]
        return console.post(f"{self.path}/{action}", body, revision=revision)


def begin(console: ConsoleClient, organization, kind: str = "herb", **more) -> Written:
    body = {"kind": kind, "organization_id": organization.id} | more
    answer = console.post("/knowledge/items", body)
    assert answer.status_code == 201, answer.get_json()
    return Written(console, answer.get_json()["id"])


def changed(content: dict, part: str, **values: object) -> dict:
    """The content with some fields of a part changed."""
    copy = deepcopy(content)
    copy[part] = (copy[part] or {}) | values
    return copy
