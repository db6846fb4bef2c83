"""What readers do, for tests over HTTP."""

from uuid import uuid4

from werkzeug.test import TestResponse

from models import KnowledgeItem, KnowledgePublication
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
