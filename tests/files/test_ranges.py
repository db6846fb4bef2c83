"""Parts of a file over HTTP: what players of videos ask for."""

import pytest

from server.extensions import runtime
from services.errors import Unavailable
from services.storage import PIECE_BYTES
from tests.files.pictures import jpeg
from tests.files.videos import box, mp4
from tests.http import code_of

CONTENT = mp4(behind=box(b"free", bytes(2 * PIECE_BYTES)))
SIZE = len(CONTENT)


@pytest.fixture
def nurse(make):
    return make.console("institution_staff", make.institution())


@pytest.fixture
def video(nurse) -> str:
    return nurse.post("/files/videos", CONTENT).get_json()["url"]


@pytest.fixture
def get(app):
    return lambda path, **headers: app.test_client().get(path, headers=headers)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-", 0, SIZE),
        ("bytes=0-0", 0, 1),
        ("bytes=4-7", 4, 8),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
        ("bytes=-16", SIZE - 16, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes=100-{SIZE * 2}", 100, SIZE),
        (f"bytes=100-{PIECE_BYTES + 100}", 100, PIECE_BYTES + 101),
    ],
)
def test_a_part_is_sent_exactly(get, video, asked, start, stop):
    whole = get(video)
    assert (whole.status_code, len(whole.data)) == (200, SIZE)
    part = get(video, Range=asked)
    assert (part.status_code, part.data == whole.data[start:stop]) == (206, True)
    assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert part.headers["Content-Length"] == str(stop - start)
    assert part.headers["ETag"] == whole.headers["ETag"]
    assert part.headers["Content-Type"] == "video/mp4"
    assert "immutable" in part.headers["Cache-Control"]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE * 9}-{SIZE * 10}"])
def test_what_lies_behind_the_end_is_not_there(get, video, asked):
    answer = get(video, Range=asked)
    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "bytes", "lines=1-2", "bytes=0-1,4-5", "bytes=" + "9" * 400]
)
def test_what_cannot_be_meant_gets_all(get, video, asked):
    answer = get(video, Range=asked)
    assert (answer.status_code, len(answer.data)) in {(200, SIZE), (416, 0)}


def test_only_who_has_the_same_file_continues_it(get, video):
    etag = get(video).headers["ETag"]
    assert get(video, Range="bytes=4-7", **{"If-Range": etag}).status_code == 206
    for other in ('"other"', "Sat, 21 Nov 2026 04:00:00 GMT", "x"):
        assert get(video, Range="bytes=4-7", **{"If-Range": other}).status_code == 200
    assert get(video, Range="bytes=4-7", **{"If-None-Match": etag}).status_code == 304


def test_head_tells_the_size_and_that_parts_can_be_asked_for(app, video):
    answer = app.test_client().head(video, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_picture_has_parts_too(get, nurse):
    url = nurse.post("/files", jpeg()).get_json()["url"]
    assert get(url, Range="bytes=0-1").data == b"\xff\xd8"


def test_a_storage_that_is_down_is_said_so(app, get, video, monkeypatch):
    def fail(*_arguments: object) -> bytes:
        raise Unavailable("storage_unavailable")
        yield b""

    with app.app_context():
        storage = type(runtime().services.storage)
    monkeypatch.setattr(storage, "read", fail)
    answer = get(video)
    assert (answer.status_code, code_of(answer)) == (503, "storage_unavailable")
