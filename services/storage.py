"""Where the bytes of files are: a local folder, or a bucket that speaks the S3 protocol."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from services.errors import Unavailable

if TYPE_CHECKING:
    from botocore.client import BaseClient

# Lower case only, as some file systems know no other; no name leads out of its folder.
NAME = re.compile("[a-z0-9]{4}[a-z0-9-]{0,80}[.][a-z0-9]{1,8}")
# How much of a file is in memory at a time while it is sent.
PIECE_BYTES = 256 * 1024
CONNECT_SECONDS = 2
READ_SECONDS = 5
ATTEMPTS = 2


class Storage(Protocol):
    """What a storage must do. All of it raises Unavailable when the storage fails."""

    def put(self, name: str, content: bytes, media_type: str) -> None:
        """Keep the content, safe on disk when this returns, in place of what had the name."""

    def get(self, name: str) -> bytes | None:
        """The content, or None when there is no such file."""

    def size(self, name: str) -> int | None:
        """How many bytes the content has, or None when there is no such file."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """That much of an existing file's content from there, in pieces."""

    def delete(self, name: str) -> None:
        """Forget the file, if there is one."""


class LocalStorage:
    """Files in a folder that all processes share; folders below it are made as needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes, media_type: str) -> None:
        path = self._path(name)
        unfinished = path.with_name(f"{name}.{secrets.token_hex(8)}.new")
        with _storage_trouble(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write_through(unfinished, content)
                unfinished.replace(path)
                for folder in (path.parent, path.parent.parent, self._folder):
                    _sync(folder)
            finally:
                unfinished.unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        with _storage_trouble(OSError):
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                return None

    def size(self, name: str) -> int | None:
        with _storage_trouble(OSError):
            try:
                return self._path(name).stat().st_size
            except FileNotFoundError:
                return None

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        with _storage_trouble(OSError), self._path(name).open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(length, PIECE_BYTES))):
                length -= len(piece)
                yield piece

    def delete(self, name: str) -> None:
        with _storage_trouble(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        """Two levels of folders, so that none of them grows to millions of names."""
        _require_plain(name)
        return self._folder / name[:2] / name[2:4] / name


@dataclass(frozen=True, slots=True)
class S3Bucket:
    """A bucket and who may use it. `addressing` is "path" or "virtual", see docs/settings.md."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str
    addressing: str = "path"


class S3Storage:
    """Objects in an existing bucket of any service that speaks S3."""

    def __init__(self, bucket: S3Bucket) -> None:
        # Here because loading it takes a quarter of a second, also of those who use a folder.
        from botocore.exceptions import BotoCoreError, ClientError

        self._bucket = bucket.name
        self._client = _connect(bucket)
        self._refusal = ClientError
        self._troubles = (BotoCoreError, ClientError)

    def put(self, name: str, content: bytes, media_type: str) -> None:
        _require_plain(name)
        with _storage_trouble(*self._troubles):
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=content, ContentType=media_type
            )

    def get(self, name: str) -> bytes | None:
        _require_plain(name)
        with _storage_trouble(*self._troubles):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
            except self._refusal as refusal:
                if refusal.response["Error"]["Code"] == "NoSuchKey":
                    return None
                raise

    def size(self, name: str) -> int | None:
        _require_plain(name)
        with _storage_trouble(*self._troubles):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=name)["ContentLength"]
            except self._refusal as refusal:
                # The answer has no body that could tell more.
                if refusal.response["Error"]["Code"] == "404":
                    return None
                raise

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        _require_plain(name)
        if length <= 0:
            return
        span = f"bytes={start}-{start + length - 1}"
        with _storage_trouble(*self._troubles):
            answer = self._client.get_object(Bucket=self._bucket, Key=name, Range=span)
            with closing(answer["Body"]) as body:
                yield from body.iter_chunks(PIECE_BYTES)

    def delete(self, name: str) -> None:
        _require_plain(name)
        with _storage_trouble(*self._troubles):
            self._client.delete_object(Bucket=self._bucket, Key=name)


def open_storage(place: Path | S3Bucket) -> Storage:
    """The storage at a place; nothing is contacted yet."""
    return S3Storage(place) if isinstance(place, S3Bucket) else LocalStorage(place)


def _require_plain(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a file")


@contextmanager
def _storage_trouble(*troubles: type[Exception]) -> Iterator[None]:
    try:
        yield
    except troubles as trouble:
        raise Unavailable("storage_unavailable") from trouble


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Put a folder's names on disk, lest a row that names a file survives a power cut alone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _connect(bucket: S3Bucket) -> "BaseClient":
    from botocore.config import Config
    from botocore.session import Session

    return Session().create_client(
        "s3",
        endpoint_url=bucket.endpoint,
        region_name=bucket.region,
        aws_access_key_id=bucket.access_key,
        aws_secret_access_key=bucket.secret_key,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            s3={"addressing_style": bucket.addressing},
            # Newer checksums than MD5 are unknown to many services that speak S3.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
