"""What readers do, for tests over HTTP."""

from dataclasses import dataclass
from uuid import uuid4

from werkzeug.test import TestResponse

from models import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeReport,
)
from tests.factories import Factory, SignedIn
from tests.http import HTTPClient
from tests.knowledge.publications import publish
from tests.wechat import WeChatControl


def make_reader(make: Factory, wechat: WeChatControl, openid: str = "o-reader") -> SignedIn:
    """A citizen who is in the mini-program now."""
    reader = make.citizen()
    make.identity(reader, openid)
    wechat.visit(openid)
    return reader


def publish_open(make: Factory, **values) -> KnowledgePublication:
    """An item below which people may comment."""
    return publish(make, are_comments_open=True, **values)


@dataclass(frozen=True)
class Left:
    """What a citizen left."""

    report: KnowledgeReport
    comment: KnowledgeComment
    contribution: KnowledgeContribution


def make_left_by(make: Factory, citizen_id: int, *, item_id: int, text: str = "很有用") -> Left:
    """A report, a comment and a contribution, none of which staff have looked at."""
    common = {"citizen_id": citizen_id, "text": text, "created_at": make.clock.now()}
    return Left(
        make._add(
            KnowledgeReport(item_id=item_id, revision_number=1, request_key=uuid4(), **common)
        ),
        make._add(
            KnowledgeComment(item_id=item_id, safety="passed", request_key=uuid4(), **common)
        ),
        make._add(
            KnowledgeContribution(
                organization_id=make.commission().id,
                title="艾草泡脚",
                provenance={"collected_from": text, "collected_in": "东胜区"},
                safety="passed",
                request_key=uuid4(),
                **common,
            )
        ),
    )


def close_comments(make: Factory, publication: KnowledgePublication) -> None:
    publication.are_comments_open = False
    make.session.get(KnowledgeItem, publication.item_id).are_comments_open = False
    make.session.commit()


def send(http: HTTPClient, path: str, body: dict, *, token: str, key: str = "") -> TestResponse:
    """POST under a fresh Idempotency-Key, or the one given."""
    return http.post(path, body, token=token, headers={"Idempotency-Key": key or str(uuid4())})


def comment(
    http: HTTPClient, item_id: int, text: str, *, token: str, key: str = ""
) -> TestResponse:
    path = f"/me/knowledge/items/{item_id}/comments"
    return send(http, path, {"text": text}, token=token, key=key)


def report(http: HTTPClient, item_id: int, text: str, *, token: str, key: str = "") -> TestResponse:
    path = f"/me/knowledge/items/{item_id}/reports"
    return send(http, path, {"text": text}, token=token, key=key)


def notices(http: HTTPClient, reader: SignedIn) -> list[dict]:
    return http.get("/me/notices", token=reader.token).get_json()["items"]


def waiting(console) -> dict[str, int]:
    """What the dashboard says waits, by kind."""
    items = console.get("/dashboard").get_json()["waiting"]
    return {item["kind"]: item["count"] for item in items}
