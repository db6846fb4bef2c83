"""A picture's way: uploaded, attached, or thrown away."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select

from models import StoredFile
from server.extensions import runtime
from services import files
from services.access import ANONYMOUS, Actor
from services.context import Context, unit_of_work
from services.errors import Invalid, SignInRequired
from services.jobs import run_job
from services.storage import Storage
from tests.files import pictures
from tests.files.pictures import decoded, encoded, jpeg, photo


@pytest.fixture
def acting(app):
    """A unit of work in which the given actor acts."""

    @contextmanager
    def act(actor: Actor = ANONYMOUS):
        with app.app_context():
            ctx = runtime().context(actor=actor)
            with unit_of_work(ctx.session):
                yield ctx

    return act


@pytest.fixture
def citizen(make) -> Actor:
    return Actor(citizen_id=make.citizen().citizen_id)


@pytest.fixture
def staff(make) -> Actor:
    return Actor(staff_id=make.staff().id)


@pytest.fixture
def storage(app):
    return app.extensions["sain"].services.storage


def upload(acting, actor: Actor, content: bytes | None = None) -> StoredFile:
    with acting(actor) as ctx:
        file = files.upload_image(ctx, content=content or jpeg())
        ctx.session.expunge(file)
    return file


def rows(session) -> list[StoredFile]:
    session.rollback()
    return list(session.scalars(select(StoredFile).order_by(StoredFile.id)))


def both_names(file: StoredFile) -> list[str]:
    return [file.name, files.thumbnail_name(file.name)]


def objects(storage, file: StoredFile) -> list[bool]:
    """Whether the picture and the thumbnail are there."""
    return [storage.get(name) is not None for name in both_names(file)]


def test_an_uploaded_picture_is_in_the_storage_and_in_a_row(
    acting, citizen, session, storage, clock
):
    upload(acting, citizen, jpeg(3000, 4000, exif=pictures.exif()))
    [file] = rows(session)
    content = storage.get(file.name)
    assert decoded(content).size == (file.width, file.height) == (1536, 2048)
    assert decoded(storage.get(files.thumbnail_name(file.name))).size == (360, 480)
    assert (file.media_type, file.bytes) == ("image/jpeg", len(content))
    assert (file.uploaded_by_citizen_id, file.uploaded_by_staff_id) == (citizen.citizen_id, None)
    assert (file.created_at, file.attached_at) == (clock.START, None)
    assert file.url == f"/files/{file.name}"
    assert file.thumbnail_url == f"/files/{file.name[:32]}-thumb.jpg"


def test_names_are_random_and_nothing_like_what_was_sent(acting, staff):
    same = [upload(acting, staff).name for _ in range(3)]
    assert len(set(same)) == 3
    assert all(files.PUBLIC_NAME.fullmatch(name) for name in same)
    transparent = photo(mode="RGBA")
    transparent.putalpha(9)
    assert upload(acting, staff, encoded(transparent, "PNG")).name.endswith(".webp")


def test_who_acts_as_staff_uploads_as_staff(acting, make, staff, session):
    upload(acting, replace(staff, citizen_id=make.citizen().citizen_id))
    [file] = rows(session)
    assert (file.uploaded_by_staff_id, file.uploaded_by_citizen_id) == (staff.staff_id, None)


def test_nobody_uploads_and_nobody_attaches(acting, staff):
    file = upload(acting, staff)
    with pytest.raises(SignInRequired), acting() as ctx:
        files.upload_image(ctx, content=jpeg())
    with pytest.raises(SignInRequired), acting() as ctx:
        files.attach(ctx, file_id=file.id)


def test_what_is_refused_leaves_nothing(acting, staff, session, config):
    before = list(config.storage.rglob("*"))
    with pytest.raises(Invalid), acting(staff) as ctx:
        files.upload_image(ctx, content=pictures.EICAR)
    assert rows(session) == []
    assert list(config.storage.rglob("*")) == before


class WatchedStorage:
    """A storage that calls a function before every change."""

    def __init__(self, storage: Storage, before: Callable[[str], None]) -> None:
        self._storage = storage
        self._before = before

    def put(self, name: str, content: bytes, media_type: str) -> None:
        self._before(name)
        self._storage.put(name, content, media_type)

    def delete(self, name: str) -> None:
        self._before(name)
        self._storage.delete(name)


def watched(ctx: Context, before: Callable[[str], None]) -> Context:
    storage = WatchedStorage(ctx.services.storage, before)
    return replace(ctx, services=replace(ctx.services, storage=storage))


def test_no_database_connection_is_held_while_the_storage_works(acting, staff):
    held = []
    with acting(staff) as ctx:
        pool = ctx.session.get_bind().pool
        ctx.session.execute(select(StoredFile))
        assert pool.checkedout() == 1
        watching = watched(ctx, lambda name: held.append(pool.checkedout()))
        files.upload_image(watching, content=jpeg())
    assert held == [0, 0]


class PowerCut(Exception):
    """Everything ends here."""


def fail_at(moment: int) -> Callable[[str], None]:
    """Fails at the moment-th change."""
    changes = []

    def count(name: str) -> None:
        changes.append(name)
        if len(changes) == moment:
            raise PowerCut

    return count


@pytest.mark.parametrize("moment", [1, 2])
def test_a_crash_between_storage_and_row_leaves_no_row(acting, staff, session, moment):
    with pytest.raises(PowerCut), acting(staff) as ctx:
        files.upload_image(watched(ctx, fail_at(moment)), content=jpeg())
    assert rows(session) == []


def test_only_who_uploaded_a_file_attaches_it(acting, citizen, staff, make, session):
    of_citizen, of_staff = upload(acting, citizen), upload(acting, staff)
    strangers = [
        (of_citizen.id, staff),
        (of_citizen.id, Actor(citizen_id=make.citizen().citizen_id)),
        (of_staff.id, citizen),
        (of_staff.id, Actor(staff_id=make.staff().id)),
        (of_staff.id, Actor(citizen_id=7)),
        (of_staff.id + 1, staff),
    ]
    for file_id, actor in strangers:
        with pytest.raises(Invalid, match="file_not_found"), acting(actor) as ctx:
            files.attach(ctx, file_id=file_id)
    assert [file.attached_at for file in rows(session)] == [None, None]
    for file, actor in ((of_citizen, citizen), (of_staff, staff)):
        with acting(actor) as ctx:
            assert files.attach(ctx, file_id=file.id).attached_at == ctx.now
    assert None not in [file.attached_at for file in rows(session)]


def test_a_file_attached_again_keeps_its_moment(acting, staff, session, clock):
    file = upload(acting, staff)
    for _ in range(2):
        with acting(staff) as ctx:
            files.attach(ctx, file_id=file.id)
        clock.advance(days=2)
    assert rows(session)[0].attached_at == clock.START


def test_a_file_that_waited_too_long_is_not_attached(acting, staff, clock):
    file = upload(acting, staff)
    clock.advance(hours=23)
    with pytest.raises(Invalid, match="file_not_found"), acting(staff) as ctx:
        files.attach(ctx, file_id=file.id)


def purge(acting) -> None:
    with acting() as ctx:
        run_job(ctx, "purge_unattached_files")


def test_unattached_files_are_thrown_away_after_a_day(acting, staff, session, storage, clock):
    old, attached = upload(acting, staff), upload(acting, staff)
    with acting(staff) as ctx:
        files.attach(ctx, file_id=attached.id)
    clock.advance(hours=24)
    purge(acting)
    assert len(rows(session)) == 2
    clock.advance(seconds=1)
    young = upload(acting, staff)
    purge(acting)
    assert [file.id for file in rows(session)] == [attached.id, young.id]
    assert [objects(storage, each) for each in (old, attached, young)] == [
        [False, False],
        [True, True],
        [True, True],
    ]


def test_more_than_one_batch_is_thrown_away(acting, staff, session, clock, monkeypatch):
    monkeypatch.setattr(files, "PURGE_BATCH", 2)
    for _ in range(5):
        upload(acting, staff)
    clock.advance(days=2)
    with acting() as ctx:
        assert files.purge_unattached_files(ctx) == 5
    assert rows(session) == []


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_a_purge_cut_short_is_finished_by_the_next(
    acting, staff, session, storage, clock, moment, monkeypatch
):
    monkeypatch.setattr(files, "PURGE_BATCH", 1)
    uploaded = [upload(acting, staff) for _ in range(2)]
    clock.advance(days=2)
    with pytest.raises(PowerCut), acting() as ctx:
        files.purge_unattached_files(watched(ctx, fail_at(moment)))
    assert len(rows(session)) == 2
    # Rows whose objects are gone came back; nothing can refer to them any more.
    for file in uploaded:
        with pytest.raises(Invalid), acting(staff) as ctx:
            files.attach(ctx, file_id=file.id)
    purge(acting)
    assert rows(session) == []
    assert [objects(storage, file) for file in uploaded] == [[False, False]] * 2


def test_a_file_that_is_just_being_attached_is_passed_by(acting, staff, session, storage, clock):
    being_attached, forgotten = upload(acting, staff), upload(acting, staff)
    clock.advance(days=2)
    session.get_one(StoredFile, being_attached.id, with_for_update=True)
    purge(acting)
    assert [file.id for file in rows(session)] == [being_attached.id]
    assert objects(storage, being_attached) == [True, True]
    assert objects(storage, forgotten) == [False, False]
