"""Uploaded pictures and videos: stored, attached to what shows them, read, or thrown away."""

import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, func, or_, select, update

from models import StoredFile
from models.files import PUBLIC_PATH, VIDEO, thumbnail_name
from services.context import Context
from services.errors import Invalid, Missing, SignInRequired
from services.images import PreparedImage, prepare_image
from services.videos import EXTENSION, MEDIA_TYPE, prepare_video

assert MEDIA_TYPE == VIDEO

__all__ = [
    "PUBLIC_PATH",
    "PublicFile",
    "attach",
    "attach_several",
    "fetch_picture",
    "find_files",
    "open_public_file",
    "purge_unattached_files",
    "store_image",
    "thumbnail_name",
    "upload_image",
    "upload_video",
]
NAME_BYTES = 16
MEDIA_TYPES = {"jpg": "image/jpeg", "webp": "image/webp", EXTENSION: MEDIA_TYPE}
PUBLIC_NAME = re.compile("[0-9a-f]{32}((-thumb)?[.](jpg|webp)|[.]mp4)")
# The hour between keeps apart those who attach a picture and those who throw it away: an object
# that is already deleted cannot be attached any more, even if its row came back with a rollback.
ATTACHABLE_FOR = timedelta(hours=23)
KEPT_UNATTACHED_FOR = timedelta(hours=24)
PURGE_BATCH = 20


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that can be sent: `read(start, length)` gives a part of its content in pieces.

    Pieces raise Unavailable when the storage fails.
    """

    name: str
    media_type: str
    bytes: int
    read: Callable[[int, int], Iterator[bytes]]


def upload_image(ctx: Context, *, content: bytes) -> StoredFile:
    """Keep a picture and its thumbnail for the person who acts, to be attached within 23 hours.

    Raises what prepare_image raises, SignInRequired, and Unavailable when the storage fails. A
    failure after that leaves objects nobody knows of, which harm nobody.
    """
    _uploader(ctx)
    # The work may take seconds; the connection that checked the session is not held meanwhile.
    ctx.session.rollback()
    file = store_image(ctx, prepare_image(content))
    ctx.session.add(file)
    ctx.session.flush()
    return file


def fetch_picture(ctx: Context, *, url: str) -> StoredFile:
    """Keep the picture at an address of a host on the list, as if the actor had uploaded it.

    Raises Invalid, SignInRequired, Unavailable.
    """
    _uploader(ctx)
    ctx.session.rollback()
    return upload_image(ctx, content=ctx.services.picture_fetcher.fetch(url))


def upload_video(ctx: Context, *, content: bytes) -> StoredFile:
    """Keep a video for the person who acts, to be attached within 23 hours.

    Raises what prepare_video raises, SignInRequired, and Unavailable when the storage fails.
    """
    uploader = _uploader(ctx)
    ctx.session.rollback()
    video = prepare_video(content)
    name = f"{secrets.token_hex(NAME_BYTES)}.{EXTENSION}"
    ctx.services.storage.put(name, video.content, MEDIA_TYPE)
    file = StoredFile(
        name=name,
        media_type=MEDIA_TYPE,
        bytes=len(video.content),
        width=video.width,
        height=video.height,
        created_at=ctx.now,
        **uploader,
    )
    ctx.session.add(file)
    ctx.session.flush()
    return file


def store_image(ctx: Context, picture: PreparedImage, *, is_rehearsal: bool = False) -> StoredFile:
    """Put a prepared picture into the storage; the row is the caller's to add to the session.

    In a rehearsal nothing is stored, and the caller takes the row back. Asks no database. Raises
    SignInRequired, and Unavailable when the storage fails.
    """
    uploader = _uploader(ctx)
    name = f"{secrets.token_hex(NAME_BYTES)}.{picture.extension}"
    storage = ctx.services.storage
    if not is_rehearsal:
        storage.put(thumbnail_name(name), picture.thumbnail, picture.media_type)
        storage.put(name, picture.content, picture.media_type)
    return StoredFile(
        name=name,
        media_type=picture.media_type,
        bytes=len(picture.content),
        width=picture.width,
        height=picture.height,
        created_at=ctx.now,
        **uploader,
    )


def attach(ctx: Context, *, file_id: int, is_video: bool = False) -> StoredFile:
    """Say that something refers to the picture, or video, from now on, so that it is kept.

    Only who uploaded it may. Raises Invalid, also for a file that waited too long.
    """
    file = ctx.session.scalar(
        update(StoredFile)
        .where(
            StoredFile.id == file_id,
            (StoredFile.media_type == VIDEO) == is_video,
            or_(
                StoredFile.attached_at.is_not(None),
                StoredFile.created_at > ctx.now - ATTACHABLE_FOR,
            ),
        )
        .filter_by(**_uploader(ctx))
        .values(attached_at=func.coalesce(StoredFile.attached_at, ctx.now))
        .returning(StoredFile)
    )
    if file is None:
        raise Invalid("file_not_found")
    return file


def attach_several(
    ctx: Context,
    *,
    ids: Collection[int] = (),
    names: Collection[str] = (),
    known_ids: Collection[int] = (),
) -> Sequence[StoredFile]:
    """Say that something refers to these files from now on; returns them.

    They are the actor's own uploads, or attached already: then an id has to be among `known_ids`,
    as ids can be guessed, while a name is known only to who may see the file. Raises Invalid.
    """
    is_meant = or_(StoredFile.id.in_(ids), StoredFile.name.in_(names))
    ctx.session.execute(
        update(StoredFile)
        .where(
            is_meant,
            StoredFile.attached_at.is_(None),
            StoredFile.created_at > ctx.now - ATTACHABLE_FOR,
        )
        .filter_by(**_uploader(ctx))
        .values(attached_at=ctx.now)
    )
    files = ctx.session.scalars(
        select(StoredFile)
        .where(is_meant, StoredFile.attached_at.is_not(None))
        .execution_options(populate_existing=True)
    ).all()
    usable = {
        file.id
        for file in files
        if file.id in known_ids
        or all(getattr(file, name) == value for name, value in _uploader(ctx).items())
    }
    if not usable.issuperset(ids) or not {file.name for file in files}.issuperset(names):
        raise Invalid("file_not_found")
    return files


def find_files(ctx: Context, *, ids: Collection[int]) -> dict[int, StoredFile]:
    """Files by their ids; for whoever may see what refers to them."""
    found = ctx.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids))) if ids else ()
    return {file.id: file for file in found}


def open_public_file(ctx: Context, *, name: str) -> PublicFile:
    """A picture, a thumbnail or a video, to be read; asks the storage only.

    Pictures are small and fetched at once, videos piece by piece. Raises Missing, and Unavailable
    when the storage fails.
    """
    if not PUBLIC_NAME.fullmatch(name):
        raise Missing("file_not_found")
    storage, media_type = ctx.services.storage, MEDIA_TYPES[name.rpartition(".")[2]]
    if media_type == VIDEO:
        size, read = storage.size(name), partial(storage.read, name)
    else:
        content = storage.get(name)
        size, read = content and len(content), partial(_slice, content)
    if size is None:
        raise Missing("file_not_found")
    return PublicFile(name, media_type, size, read)


def _slice(content: bytes, start: int, length: int) -> Iterator[bytes]:
    yield content[start : start + length]


def purge_unattached_files(ctx: Context) -> int:
    """Delete files that nothing came to refer to, rows and objects; returns how many.

    The objects go before the rows are gone for good: whatever stops this, the rows still there
    are found again, and deleting an object twice is no error.
    """
    count = 0
    while names := _take_unattached(ctx):
        for name in names:
            ctx.services.storage.delete(name)
            ctx.services.storage.delete(thumbnail_name(name))
        count += len(names)
    return count


def _take_unattached(ctx: Context) -> list[str]:
    """Delete the rows of one batch, leaving alone what another transaction works on."""
    batch = ctx.session.execute(
        select(StoredFile.id, StoredFile.name)
        .where(
            StoredFile.attached_at.is_(None),
            StoredFile.created_at < ctx.now - KEPT_UNATTACHED_FOR,
        )
        .order_by(StoredFile.created_at)
        .limit(PURGE_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    ctx.session.execute(delete(StoredFile).where(StoredFile.id.in_(row.id for row in batch)))
    return [row.name for row in batch]


def _uploader(ctx: Context) -> dict[str, int]:
    """The column that says who acts: staff as staff, though they may be citizens too."""
    if ctx.actor.staff_id is not None:
        return {"uploaded_by_staff_id": ctx.actor.staff_id}
    if ctx.actor.citizen_id is not None:
        return {"uploaded_by_citizen_id": ctx.actor.citizen_id}
    raise SignInRequired("sign_in_required")
