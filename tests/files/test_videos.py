"""Videos: only what players need gets through, nothing says where, anything else is refused."""

import random
import struct

import pytest

from services.errors import Invalid
from services.videos import LARGEST_BYTES, prepare_video
from tests.files import videos
from tests.files.videos import FTYP, PLACE, box, full, mp4, numbers
from tests.http import code_of
from tests.spreadsheets.files import zipped

SECRET = b"41.8781 N 87.6298 W"


@pytest.fixture
def nurse(make):
    return make.console("institution_staff", make.institution())


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        prepare_video(content)
    return refused.value.code


def test_a_video_is_kept_byte_by_byte_where_players_look():
    content = mp4()
    prepared = prepare_video(content)
    assert (prepared.width, prepared.height) == (1280, 720)
    assert len(prepared.content) == len(content)
    assert b"picture1picture22picture333tone1tone2" in prepared.content
    assert prepare_video(prepared.content) == prepared


def test_a_telephone_held_upright_films_upright():
    prepared = prepare_video(mp4(1920, 1080, matrix=videos.TURNED))
    assert (prepared.width, prepared.height) == (1080, 1920)


@pytest.mark.parametrize("codec", [(b"avc1", b"avcC"), (b"hvc1", b"hvcC"), (b"av01", b"av1C")])
def test_codecs_that_telephones_play(codec):
    assert prepare_video(mp4(entry=videos.picture_entry(*codec))).width == 1280


@pytest.mark.parametrize(
    "content",
    [
        mp4(in_movie=videos.place_of_filming()),
        mp4(in_track=videos.place_of_filming()),
        mp4(behind=videos.place_of_filming()),
        mp4(in_movie=full(b"meta", box(b"ilst", SECRET))),
        mp4(in_movie=box(b"uuid", bytes(16), SECRET)),
        mp4(behind=box(b"uuid", bytes(16), SECRET)),
        mp4(behind=box(b"free", SECRET)),
        mp4(behind=box(b"skip", SECRET)),
        mp4(behind=box(b"mdat", SECRET)),
        mp4(behind=struct.pack(">I4s", 0, b"mdat") + SECRET),
        mp4(behind=box(b"abcd", SECRET)),
        mp4(behind=struct.pack(">I4sQ", 1, b"wide", 16 + len(SECRET)) + SECRET),
        mp4(entry=box(b"avc1", bytes(78), box(b"avcC", b"\1"), box(b"uuid", SECRET))),
        mp4(entry=box(b"avc1", bytes(42), SECRET.ljust(36, b"\0"), box(b"avcC", b"\1"))),
        mp4(more_tracks=[(b"meta", box(b"gpmd", bytes(8)), SECRET)]),
        mp4(reference=full(b"url ", SECRET, flags=1)),
    ],
)
def test_nothing_says_where_it_was_filmed(content):
    assert SECRET in content or PLACE in content
    cleaned = prepare_video(content).content
    assert len(cleaned) == len(content)
    assert SECRET not in cleaned
    assert PLACE not in cleaned
    assert b"picture1picture22picture333tone1tone2" in cleaned
    assert b"made in a garden" not in cleaned


def moved(content: bytes, old: bytes, new: bytes) -> bytes:
    assert content.count(old) == 1
    return content.replace(old, new)


MOVIE = mp4()
WHOLE = len(MOVIE)
DAMAGED = {
    "cut in the movie": MOVIE[:-1],
    "cut in the data": MOVIE[:60],
    "garbage behind": MOVIE + b"garbage and more of it",
    "a zip behind": MOVIE + zipped({"a.html": "<script>"}),
    "a few bytes behind": MOVIE + b"\0\0\0",
    "no movie": FTYP + box(b"mdat", b"picture"),
    "no data": moved(MOVIE, b"mdat", b"free"),
    "two movies": MOVIE + MOVIE[MOVIE.index(b"moov") - 4 :],
    "a box larger than the file": mp4(behind=struct.pack(">I4s", 2**31, b"free")),
    "a box of 2^64 bytes": mp4(behind=struct.pack(">I4sQ", 1, b"free", 2**64 - 1)),
    "a box smaller than its head": mp4(behind=struct.pack(">I4s", 7, b"free")),
    "a long size without it": mp4(behind=struct.pack(">I4s", 1, b"free")),
    "an inner box of open size": mp4(in_movie=struct.pack(">I4s", 0, b"udta")),
    "an inner box too large": mp4(in_movie=struct.pack(">I4s", 4096, b"udta")),
    "a million tiny boxes": mp4(behind=box(b"free") * 100_000),
    "many tracks": mp4(more_tracks=[(b"soun", videos.sound_entry(), b"x")] * 20),
    "two videos": mp4(more_tracks=[(b"vide", videos.picture_entry(), b"x")]),
    "no size": mp4(width=0),
    "a huge size": mp4(width=60_000),
    "data from a site": mp4(reference=full(b"url ", b"https://example.org/a.mp4\0")),
    "data from another file": mp4(reference=full(b"urn ", b"x\0", flags=1)),
    "no configuration": mp4(entry=box(b"avc1", bytes(78))),
    "a short entry": mp4(entry=box(b"avc1", bytes(20))),
    "a version of sound nobody knows": mp4(sound=box(b"mp4a", bytes(8), b"\0\7", bytes(90))),
    "more samples than there are": moved(
        MOVIE, b"stsz" + numbers(0, 0, 3), b"stsz" + numbers(0, 0, 2)
    ),
    "billions of samples": moved(
        MOVIE, b"stsz" + numbers(0, 0, 3), b"stsz" + numbers(0, 0, 2**32 - 1)
    ),
    "samples of gigabytes": moved(
        MOVIE, b"stsz" + numbers(0, 0, 3), b"stsz" + numbers(0, 2**31, 3)
    ),
    "chunks that start nowhere": moved(
        MOVIE, b"stsc" + numbers(0, 1, 1, 3), b"stsc" + numbers(0, 1, 2, 3)
    ),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_does_not_fit_together_is_refused(content):
    assert refusal(content) == "video_damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "video_empty"),
        (bytes(LARGEST_BYTES + 1), "video_too_large"),
        (b"no video at all", "video_not_recognized"),
        (b"\x1aE\xdf\xa3" + bytes(100), "video_not_recognized"),
        (b"<html><script>alert(1)</script>", "video_not_recognized"),
        (zipped({"a": "b"}), "video_not_recognized"),
        (mp4(ftyp=struct.pack(">I4s4sI", 16, b"ftyp", b"qt  ", 0)), "video_not_recognized"),
        (mp4(ftyp=struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0)), "video_not_recognized"),
        (box(b"free") + MOVIE, "video_not_recognized"),
        (mp4(in_movie=box(b"mvex", b"")), "video_fragmented"),
        (mp4(behind=box(b"moof", b"")), "video_fragmented"),
        (mp4(entry=videos.picture_entry(b"mp4v", b"esds")), "video_codec_unsupported"),
        (mp4(entry=videos.picture_entry(b"encv")), "video_codec_unsupported"),
        (mp4(sound=videos.sound_entry(b"ac-3")), "video_codec_unsupported"),
    ],
)
def test_what_it_is_that_nobody_can_play(content, code):
    assert refusal(content) == code


def test_broken_at_any_place_it_is_read_or_refused_but_nothing_else():
    dice, codes = random.Random(20261122), set()
    for _ in range(1500):
        content = bytearray(mp4(in_movie=videos.place_of_filming()))
        for _ in range(dice.randint(1, 4)):
            content[dice.randrange(len(content))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF))
        try:
            cleaned = prepare_video(bytes(content)).content
        except Invalid as refused:
            codes.add(refused.code)
        else:
            assert len(cleaned) == len(content)
    assert codes <= {f"video_{each}" for each in ("damaged", "not_recognized", "fragmented")} | {
        "video_codec_unsupported"
    }


def test_a_video_is_uploaded_shown_and_thrown_away_if_unused(nurse, clock, run, http):
    answer = nurse.post("/files/videos", mp4())
    assert answer.status_code == 201, answer.get_json()
    video = answer.get_json()
    assert (video["width"], video["height"], video["bytes"]) == (1280, 720, WHOLE)
    shown = http.client.get(video["url"])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "video/mp4")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert prepare_video(shown.data).content == shown.data
    clock.advance(hours=25)
    run("purge_unattached_files")
    assert http.client.get(video["url"]).status_code == 404


def test_what_is_too_large_is_told_so(nurse):
    assert code_of(nurse.post("/files/videos", bytes(LARGEST_BYTES + 1))) == "video_too_large"
    far_too_large = nurse.post("/files/videos", bytes(LARGEST_BYTES + 5 * 1024 * 1024))
    assert code_of(far_too_large) == "body_too_large"
    assert code_of(nurse.post("/files", mp4())) == "image_not_recognized"


def test_a_video_is_no_picture(make):
    hospital = make.institution()
    nurse = make.console("institution_staff", hospital)
    video = nurse.post("/files/videos", mp4()).get_json()
    body = {
        "organization_id": hospital.id,
        "title": "八段锦",
        "medium": "television",
        "outlet": "电视台",
        "level": "city",
        "appeared_on": "2026-11-18",
    }
    as_picture = nurse.post("/publicity", body | {"picture_ids": [video["id"]]})
    assert code_of(as_picture) == "file_not_found"
    as_video = nurse.post("/publicity", body | {"video_id": video["id"]})
    assert as_video.get_json()["video"]["url"] == video["url"]
