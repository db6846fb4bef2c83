"""Pictures over HTTP: what browsers are told, and what is not there."""

import pytest
from werkzeug.test import TestResponse

from server.extensions import runtime
from services import files
from services.access import Actor
from services.context import unit_of_work
from services.errors import Unavailable
from tests.files.pictures import decoded, encoded, jpeg, photo
from tests.http import code_of


@pytest.fixture
def picture(app, make) -> str:
    return upload(app, make, jpeg(600, 800))


def upload(app, make, content: bytes) -> str:
    """The address of a fresh picture."""
    with app.app_context():
        ctx = runtime().context(actor=Actor(staff_id=make.staff().id))
        with unit_of_work(ctx.session):
            return files.upload_image(ctx, content=content).url


@pytest.fixture
def get(app):
    def ask(path: str, **headers: str) -> TestResponse:
        return app.test_client().get(path, headers=headers)

    return ask


def test_a_picture_and_its_thumbnail(get, picture):
    for path, size in ((picture, (600, 800)), (files.thumbnail_name(picture), (360, 480))):
        answer = get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
        assert decoded(answer.data).size == size


def test_what_browsers_are_told(get, picture):
    headers = get(picture).headers
    name = picture.rpartition("/")[2]
    told = set(headers.keys()) - {"X-Request-ID"}
    assert {key: headers.getlist(key) for key in told} == {
        "Accept-Ranges": ["bytes"],
        "Cache-Control": ["public, max-age=31536000, immutable"],
        "Content-Disposition": [f'inline; filename="{name}"'],
        "Content-Length": [headers["Content-Length"]],
        "Content-Security-Policy": ["default-src 'none'; sandbox"],
        "Content-Type": ["image/jpeg"],
        "Cross-Origin-Resource-Policy": ["cross-origin"],
        "ETag": [f'"{name}"'],
        "X-Content-Type-Options": ["nosniff"],
    }


def test_transparent_pictures_are_webp(app, get, make):
    image = photo(mode="RGBA")
    image.putalpha(100)
    answer = get(upload(app, make, encoded(image, "PNG")))
    assert answer.headers["Content-Type"] == "image/webp"
    assert decoded(answer.data).format == "WEBP"


def test_who_has_it_already_gets_304(get, picture):
    etag = get(picture).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = get(picture, **{"If-None-Match": known})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert "immutable" in answer.headers["Cache-Control"]
    assert get(picture, **{"If-None-Match": '"other"'}).status_code == 200


def test_head_tells_the_same_without_the_picture(app, get, picture):
    answer = app.test_client().head(picture)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == get(picture).headers["Content-Length"]


def test_pictures_do_not_fill_the_memory(app, get, picture):
    """The cache in front, which keeps public answers, lets them pass: the storage is asked."""
    assert get(picture).status_code == 200
    app.extensions["sain"].services.storage.delete(picture.rpartition("/")[2])
    assert code_of(get(picture)) == "file_not_found"


STRANGE_NAMES = (
    "0" * 32 + ".jpg",
    "0" * 32 + "-thumb.webp",
    "0" * 32 + ".png",
    "0" * 32 + ".jpg.php",
    "0" * 32 + ".svg",
    "F" * 32 + ".jpg",
    "%2e%2e",
    "..%5c..%5cconfig.py",
    "%00.jpg",
    "a.jpg%00",
    "0" * 32 + ".jpg%0a",
    "%E2%80%AEgpj.exe",
    "0f",
)


def test_other_names_are_not_there(get):
    for name in STRANGE_NAMES:
        answer = get(f"/files/{name}")
        assert (answer.status_code, code_of(answer)) == (404, "file_not_found"), name
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_path_leads_out(get):
    for rest in ("", "../wsgi.py", "..%2f..%2fwsgi.py", "/etc/passwd"):
        answer = get(f"/files/{rest}")
        assert answer.status_code in {308, 404}, rest
        assert b"create_app" not in answer.data


def test_nothing_can_be_put_there(app, picture):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = app.test_client().open(picture, method=method)
        assert code_of(answer) == "method_not_allowed"


def test_a_storage_that_is_down_is_said_so(app, get, picture, monkeypatch):
    def fail(_storage: object, _name: str) -> bytes:
        raise Unavailable("storage_unavailable")

    monkeypatch.setattr(type(app.extensions["sain"].services.storage), "get", fail)
    answer = get(picture)
    assert (answer.status_code, code_of(answer)) == (503, "storage_unavailable")
