"""Both storages do the same: in a folder, and in a bucket over HTTP."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from services import storage as storage_module
from services.errors import Unavailable
from services.storage import LocalStorage, S3Bucket, S3Storage, Storage, open_storage

NAME = "0f1e2d3c.jpg"
MOVIE = "0f1e2d3c.mp4"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(s3_server) -> S3Storage:
    storage = S3Storage(S3Bucket(s3_server, "pictures", "key", "secret", "us-east-1"))
    storage._client.create_bucket(Bucket="pictures")
    return storage


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path) -> Storage:
    if request.param == "folder":
        return open_storage(tmp_path / "not yet there")
    return request.getfixturevalue("bucket")


def test_what_was_put_can_be_got_replaced_and_deleted(storage):
    assert storage.get(NAME) is None
    storage.put(NAME, b"first", "image/jpeg")
    assert storage.get(NAME) == b"first"
    content = bytes(range(256)) * 4096
    storage.put(NAME, content, "image/jpeg")
    assert storage.get(NAME) == content
    storage.delete(NAME)
    assert storage.get(NAME) is None
    storage.delete(NAME)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../../../etc/passwd",
        "aaaa/../../b.jpg",
        "/etc/passwd",
        "aaaa\0.jpg",
        "aaaa.jpg\n",
        "aaaa.jpg/",
        "aaaa\\b.jpg",
        "AAAA.jpg",
        "aaaa\u202egpj.exe",
        "aaaa.php.jpg",
        "..aa.jpg",
        "aaaa",
        "a" * 200 + ".jpg",
    ],
)
def test_no_name_leads_elsewhere(storage, name):
    for use in (storage.get, storage.delete, lambda each: storage.put(each, b"x", "image/jpeg")):
        with pytest.raises(ValueError, match="cannot name a file"):
            use(name)


def test_the_bucket_knows_the_type(bucket):
    bucket.put(NAME, b"x", "image/webp")
    assert bucket._client.head_object(Bucket="pictures", Key=NAME)["ContentType"] == "image/webp"


def files_below(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def test_files_are_spread_over_two_levels_of_folders(tmp_path):
    LocalStorage(tmp_path).put(NAME, b"x", "image/jpeg")
    assert files_below(tmp_path) == [f"0f/1e/{NAME}"]


def test_a_write_cut_short_leaves_what_was_there(tmp_path, monkeypatch):
    storage = LocalStorage(tmp_path)
    storage.put(NAME, b"before", "image/jpeg")

    def disk_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage_module.os, "fsync", disk_full)
    with pytest.raises(Unavailable, match="storage_unavailable"):
        storage.put(NAME, b"after", "image/jpeg")
    assert storage.get(NAME) == b"before"
    assert files_below(tmp_path) == [f"0f/1e/{NAME}"]


def assert_unavailable(storage: Storage) -> None:
    for use in (storage.get, storage.delete, lambda each: storage.put(each, b"x", "image/jpeg")):
        with pytest.raises(Unavailable, match="storage_unavailable"):
            use(NAME)


def test_a_folder_that_is_none_is_a_trouble_for_later(tmp_path):
    (tmp_path / "0f").write_bytes(b"in the way")
    assert_unavailable(LocalStorage(tmp_path))


def test_a_bucket_that_is_not_there_is_a_trouble_for_later(s3_server):
    assert_unavailable(S3Storage(S3Bucket(s3_server, "nowhere", "key", "secret", "us-east-1")))


@pytest.fixture
def silent_endpoint() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_service_that_never_answers_is_not_waited_for(silent_endpoint, monkeypatch):
    monkeypatch.setattr(storage_module, "READ_SECONDS", 0.1)
    monkeypatch.setattr(storage_module, "ATTEMPTS", 1)
    assert_unavailable(S3Storage(S3Bucket(silent_endpoint, "b", "key", "secret", "us-east-1")))


def test_a_service_that_is_down_is_a_trouble_for_later(monkeypatch):
    monkeypatch.setattr(storage_module, "ATTEMPTS", 1)
    nobody = "http://127.0.0.1:9"
    assert_unavailable(S3Storage(S3Bucket(nobody, "b", "key", "secret", "us-east-1")))


def test_addresses_of_both_styles():
    for style, address in (
        ("path", "https://oss.example.cn/pictures/a.jpg"),
        ("virtual", "https://pictures.oss.example.cn/a.jpg"),
    ):
        place = S3Bucket("https://oss.example.cn", "pictures", "key", "secret", "cn-1", style)
        signed = open_storage(place)._client.generate_presigned_url(
            "get_object", {"Bucket": "pictures", "Key": "a.jpg"}
        )
        assert signed.partition("?")[0] == address


def test_a_part_is_read_in_pieces(storage):
    content = bytes(range(256)) * 2048
    assert storage.size(MOVIE) is None
    storage.put(MOVIE, content, "video/mp4")
    assert storage.size(MOVIE) == len(content)
    for start, length in ((0, len(content)), (3, 5), (len(content) - 1, 1), (100, 300_000)):
        pieces = list(storage.read(MOVIE, start, length))
        assert b"".join(pieces) == content[start : start + length]
        assert max(map(len, pieces)) <= storage_module.PIECE_BYTES
    assert b"".join(storage.read(MOVIE, 5, 0)) == b""
    storage.delete(MOVIE)
    with pytest.raises(Unavailable):
        list(storage.read(MOVIE, 0, 5))
