"""Videos as people and attackers send them, made box by box; their pictures are mere bytes."""

import struct
from collections.abc import Iterable

IDENTITY = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
# As a telephone held upright says that its pictures are to be turned.
TURNED = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
PLACE = b"+39.8172+109.9832+1300.000/"
FTYP = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42")


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def place_of_filming() -> bytes:
    """What telephones write: where it was."""
    return box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE))


def track(
    handler: bytes,
    entry: bytes,
    offset: int,
    sizes: Iterable[int],
    *,
    size: tuple[int, int] = (0, 0),
    matrix: tuple[int, ...] = IDENTITY,
    extra: bytes = b"",
    reference: bytes = full(b"url ", flags=1),
) -> bytes:
    sizes = list(sizes)
    header = full(
        b"tkhd",
        numbers(7, 7, 1, 0, 1000, 0, 0, 0, 0),
        struct.pack(">9i", *matrix),
        numbers(*(each << 16 for each in size)),
        flags=3,
    )
    table = box(
        b"stbl",
        full(b"stsd", numbers(1), entry),
        full(b"stts", numbers(1, len(sizes), 40)),
        full(b"stsc", numbers(1, 1, len(sizes), 1)),
        full(b"stsz", numbers(0, len(sizes), *sizes)),
        full(b"stco", numbers(1, offset)),
    )
    media = box(
        b"mdia",
        full(b"mdhd", numbers(7, 7, 1000, 1000, 0)),
        full(b"hdlr", numbers(0), handler, numbers(0, 0, 0), b"made in a garden\0"),
        box(b"minf", box(b"dinf", full(b"dref", numbers(1), reference)), table),
    )
    return box(b"trak", header, media, extra)


def picture_entry(kind: bytes = b"avc1", config: bytes = b"avcC") -> bytes:
    return box(kind, bytes(78), box(config, b"\x01\x64\0\x1f"))


def sound_entry(kind: bytes = b"mp4a") -> bytes:
    return box(kind, bytes(28), full(b"esds", b"\x03\x19"))


def mp4(
    width: int = 1280,
    height: int = 720,
    *,
    entry: bytes | None = None,
    sound: bytes | None = None,
    matrix: tuple[int, ...] = IDENTITY,
    in_movie: bytes = b"",
    in_track: bytes = b"",
    more_tracks: Iterable[tuple[bytes, bytes, bytes]] = (),
    behind: bytes = b"",
    reference: bytes = full(b"url ", flags=1),
    ftyp: bytes = FTYP,
) -> bytes:
    """A video of three pictures and some sound; `more_tracks` are handler, entry and data."""
    pictures, tones = (b"picture1", b"picture22", b"picture333"), (b"tone1", b"tone2")
    data = [b"".join(pictures), b"".join(tones), *(each[2] for each in more_tracks)]
    starts = [len(ftyp) + 8 + sum(map(len, data[:place])) for place in range(len(data))]
    tracks = [
        track(
            b"vide",
            entry or picture_entry(),
            starts[0],
            map(len, pictures),
            size=(width, height),
            matrix=matrix,
            extra=in_track,
            reference=reference,
        ),
        track(b"soun", sound or sound_entry(), starts[1], map(len, tones)),
        *(
            track(handler, sample, start, [len(content)])
            for (handler, sample, content), start in zip(more_tracks, starts[2:], strict=True)
        ),
    ]
    header = full(b"mvhd", numbers(7, 7, 1000, 1000), bytes(80))
    movie = box(b"moov", header, *tracks, in_movie)
    return ftyp + box(b"mdat", *data) + movie + behind
