"""Videos people send: MP4 files (ISO/IEC 14496-12) whose every box is looked at.

They are not encoded anew, which would take a machine of its own. Instead only what a player needs
stays: known boxes of one video track and its sound, and of the media data what these tracks refer
to. All else (places, cameras' own tracks, a second file behind the first) is overwritten with
zeros where it stands, so that no offset changes.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from sys import byteorder

from services.errors import Invalid

LARGEST_MEBIBYTES = 60
LARGEST_BYTES = LARGEST_MEBIBYTES * 1024 * 1024
MEDIA_TYPE = "video/mp4"
EXTENSION = "mp4"
BRANDS = {
    *(b"isom", b"mp41", b"mp42", b"avc1", b"av01", b"hvc1", b"M4V ", b"M4VP", b"MSNV", b"mmp4"),
    *(b"iso%d" % number for number in range(2, 10)),
}
VIDEO_CODECS = {b"avc1": b"avcC", b"hvc1": b"hvcC", b"av01": b"av1C"}
AUDIO_CODECS = {b"mp4a": b"esds"}
# What lies before the boxes of a sample entry.
VISUAL_HEADER = 78
AUDIO_HEADERS = {0: 28, 1: 44, 2: 64}
FRAGMENTS = {b"moof", b"mvex", b"sidx", b"styp", b"mfra"}
KEPT = {
    b"": {b"ftyp", b"moov", b"mdat"},
    b"moov": {b"mvhd", b"trak"},
    b"trak": {b"tkhd", b"edts", b"mdia"},
    b"mdia": {b"mdhd", b"hdlr", b"minf", b"elng"},
    b"minf": {b"vmhd", b"smhd", b"dinf", b"stbl"},
    b"dinf": {b"dref"},
    b"stbl": {
        *(b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stco", b"co64", b"stss"),
        *(b"stsh", b"sdtp", b"sgpd", b"sbgp", b"stdp", b"subs", b"padb"),
    },
    b"stsd": {
        *VIDEO_CODECS.values(),
        *AUDIO_CODECS.values(),
        *(b"colr", b"pasp", b"btrt", b"clap", b"fiel", b"mdcv", b"clli", b"ccst"),
    },
}
MOST_BOXES = 2_000
LONGEST_FTYP = 256
MOST_TRACKS = 16
# Four hours at 60 pictures a second, and as much sound.
MOST_SAMPLES = 1_000_000
MOST_SIDE = 8192


@dataclass(frozen=True, slots=True)
class PreparedVideo:
    """A video that only plays; sizes are in pixels, as it is shown."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Box:
    """A box: its type, where it starts, where what it holds starts, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class _Track:
    """A track: what it is for, its size as it is shown, and where its data lies."""

    handler: bytes
    width: int
    height: int
    ranges: Sequence[tuple[int, int]]


def prepare_video(content: bytes) -> PreparedVideo:
    """The video without what does not belong into it; raises Invalid."""
    if not content:
        raise Invalid("video_empty")
    if len(content) > LARGEST_BYTES:
        raise Invalid("video_too_large", limit=LARGEST_MEBIBYTES)
    try:
        return _Reader(content).read()
    except (struct.error, OverflowError, ValueError):
        raise Invalid("video_damaged") from None


class _Reader:
    """Reads one file, remembering what is to be overwritten."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._cleaned = bytearray(content)
        self._boxes_left = MOST_BOXES

    def read(self) -> PreparedVideo:
        self._require_brand()
        boxes = self._keep(b"", 0, len(self._content))
        movie = _only(boxes, b"moov")
        media = [box for box in boxes if box.kind == b"mdat"]
        if len(media) > MOST_TRACKS:
            raise Invalid("video_damaged")
        tracks = self._read_movie(movie)
        videos = [track for track in tracks if track.handler == b"vide"]
        if len(videos) != 1:
            raise Invalid("video_damaged")
        self._clean_media(media, [each for track in tracks for each in track.ranges])
        return PreparedVideo(bytes(self._cleaned), videos[0].width, videos[0].height)

    def _require_brand(self) -> None:
        """That the file says of itself, in its very first box, that it is an MP4."""
        size = self._number(0) if len(self._content) >= 16 else 0
        is_sound = self._content[4:8] == b"ftyp" and 16 <= size <= LONGEST_FTYP and size % 4 == 0
        brands = self._content[8:12] + self._content[16:size]
        if not is_sound or BRANDS.isdisjoint(
            brands[place : place + 4] for place in range(0, len(brands), 4)
        ):
            raise Invalid("video_not_recognized")

    def _boxes(self, start: int, end: int, *, is_file: bool = False) -> Iterator[_Box]:
        """The boxes that fill a span completely; only the file's last may leave its size open."""
        while start < end:
            self._boxes_left -= 1
            if end - start < 8 or self._boxes_left < 0:
                raise Invalid("video_damaged")
            size, kind = struct.unpack_from(">I4s", self._content, start)
            body = start + 8
            if size == 1:
                size, body = self._number(body, 8), body + 8
            elif size == 0 and is_file:
                size = end - start
            if not body - start <= size <= end - start:
                raise Invalid("video_damaged")
            yield _Box(kind, start, body, start + size)
            start += size

    def _keep(self, parent: bytes, start: int, end: int) -> list[_Box]:
        """The boxes of a span that may stay; the others are overwritten."""
        kept = []
        for box in self._boxes(start, end, is_file=not parent):
            if box.kind in FRAGMENTS:
                raise Invalid("video_fragmented")
            if box.kind in KEPT[parent]:
                kept.append(box)
            else:
                self._blank(box)
        return kept

    def _blank(self, box: _Box) -> None:
        """Make of it a box of zeros that players pass over."""
        self._cleaned[box.start + 4 : box.start + 8] = b"free"
        self._zero(box.body, box.end)

    def _zero(self, start: int, end: int) -> None:
        self._cleaned[start:end] = bytes(end - start)

    def _read_movie(self, movie: _Box) -> list[_Track]:
        boxes = self._keep(b"moov", movie.body, movie.end)
        header = _only(boxes, b"mvhd")
        is_long = self._forget_times(header)
        scale, duration = (20, 24) if is_long else (12, 16)
        if not self._number(header.body + scale) or not self._number(
            header.body + duration, 8 if is_long else 4
        ):
            raise Invalid("video_damaged")
        tracks = [box for box in boxes if box.kind == b"trak"]
        if len(tracks) > MOST_TRACKS:
            raise Invalid("video_damaged")
        return [track for box in tracks if (track := self._read_track(box)) is not None]

    def _forget_times(self, header: _Box) -> bool:
        """Overwrite when it was made and changed; whether the header's numbers are long ones."""
        is_long = self._content[header.body] == 1
        if header.end - header.body < (32 if is_long else 20):
            raise Invalid("video_damaged")
        self._zero(header.body + 4, header.body + (20 if is_long else 12))
        return is_long

    def _read_track(self, box: _Box) -> _Track | None:
        """The track, or None for one of neither pictures nor sound, which goes."""
        boxes = self._keep(b"trak", box.body, box.end)
        header, media = _only(boxes, b"tkhd"), _only(boxes, b"mdia")
        boxes = self._keep(b"mdia", media.body, media.end)
        times, handler = _only(boxes, b"mdhd"), _only(boxes, b"hdlr")
        kind = self._content[handler.body + 8 : handler.body + 12]
        if kind not in (b"vide", b"soun") or handler.end - handler.body < 24:
            self._blank(box)
            return None
        self._forget_times(times)
        # Its name, in which players look for nothing.
        self._zero(handler.body + 24, handler.end)
        information = _only(boxes, b"minf")
        ranges = self._read_information(information, kind)
        width, height = self._read_size(header)
        if kind == b"vide" and not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
            raise Invalid("video_damaged")
        return _Track(kind, width, height, ranges)

    def _read_size(self, header: _Box) -> tuple[int, int]:
        """How large it is shown, which for a telephone held upright is turned by its matrix."""
        is_long = self._forget_times(header)
        matrix = header.body + (52 if is_long else 40)
        if header.end - matrix < 44:
            raise Invalid("video_damaged")
        across, _, _, _, down = struct.unpack_from(">5i", self._content, matrix)
        width, height = (
            each >> 16 for each in struct.unpack_from(">2I", self._content, matrix + 36)
        )
        return (height, width) if across == down == 0 else (width, height)

    def _read_information(self, box: _Box, handler: bytes) -> list[tuple[int, int]]:
        boxes = self._keep(b"minf", box.body, box.end)
        where, table = _only(boxes, b"dinf"), _only(boxes, b"stbl")
        self._require_own_data(where)
        boxes = self._keep(b"stbl", table.body, table.end)
        self._require_codec(_only(boxes, b"stsd"), handler)
        offsets = [box for box in boxes if box.kind in (b"stco", b"co64")]
        if len(offsets) != 1:
            raise Invalid("video_damaged")
        return list(
            self._find_chunks(
                self._read_numbers(offsets[0], 8 if offsets[0].kind == b"co64" else 4),
                self._read_numbers(_only(boxes, b"stsc"), 4, several=3),
                *self._read_sizes(_only(boxes, b"stsz")),
            )
        )

    def _require_own_data(self, where: _Box) -> None:
        """That the data lies in this file: a reference may also name another, or a site."""
        references = _only(self._keep(b"dinf", where.body, where.end), b"dref")
        found = list(self._boxes(references.body + 8, references.end))
        for box in found:
            if box.kind != b"url " or self._content[box.body : box.body + 4] != b"\0\0\0\1":
                raise Invalid("video_damaged")
            self._zero(box.body + 4, box.end)
        if not found:
            raise Invalid("video_damaged")

    def _require_codec(self, table: _Box, handler: bytes) -> None:
        known = VIDEO_CODECS if handler == b"vide" else AUDIO_CODECS
        entries = list(self._boxes(table.body + 8, table.end))
        if not entries:
            raise Invalid("video_damaged")
        for entry in entries:
            if entry.kind not in known:
                raise Invalid("video_codec_unsupported")
            inner = self._keep(b"stsd", self._after_header(entry, handler), entry.end)
            _only(inner, known[entry.kind])

    def _after_header(self, entry: _Box, handler: bytes) -> int:
        if handler == b"vide":
            # Who made the encoder may have written anything into its name.
            self._zero(entry.body + 42, entry.body + 74)
            length = VISUAL_HEADER
        else:
            length = AUDIO_HEADERS.get(self._number(entry.body + 8, 2), len(self._content))
        if entry.body + length > entry.end:
            raise Invalid("video_damaged")
        return entry.body + length

    def _read_sizes(self, box: _Box) -> tuple[int, int, array]:
        """How many samples, and the size of all of them or else of each."""
        size, count = self._number(box.body + 4), self._number(box.body + 8)
        if size:
            return count, size, array("I")
        return count, 0, self._read_numbers(box, 4, before=8)

    def _read_numbers(self, box: _Box, width: int, *, several: int = 1, before: int = 4) -> array:
        """The numbers that a table holds after their count."""
        count = self._number(box.body + before) * several
        start = box.body + before + 4
        if count > MOST_SAMPLES or start + count * width > box.end:
            raise Invalid("video_damaged")
        numbers = array("Q" if width == 8 else "I")
        numbers.frombytes(self._content[start : start + count * width])
        if byteorder == "little":
            numbers.byteswap()
        return numbers

    def _find_chunks(
        self, offsets: array, runs: array, count: int, size: int, sizes: array
    ) -> Iterator[tuple[int, int]]:
        """Where each chunk of samples begins and ends."""
        done = 0
        for number, samples in enumerate(_samples_of_chunks(runs, len(offsets))):
            if done + samples > count:
                raise Invalid("video_damaged")
            length = samples * size if size else sum(sizes[done : done + samples])
            done += samples
            yield offsets[number], offsets[number] + length
        if not done:
            raise Invalid("video_damaged")

    def _clean_media(self, media: list[_Box], ranges: list[tuple[int, int]]) -> None:
        """Keep of the data what the tracks refer to, all of which must be there."""
        spans = _merged(ranges)
        within = 0
        for box in media:
            here = [span for span in spans if box.body <= span[0] and span[1] <= box.end]
            within += len(here)
            edges = [(box.body, box.body), *here, (box.end, box.end)]
            for (_, start), (end, _) in pairwise(edges):
                self._zero(start, end)
        if within != len(spans):
            raise Invalid("video_damaged")

    def _number(self, place: int, width: int = 4) -> int:
        digits = self._content[place : place + width]
        if len(digits) < width:
            raise Invalid("video_damaged")
        return int.from_bytes(digits)


def _only(boxes: list[_Box], kind: bytes) -> _Box:
    """The one box of this type."""
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise Invalid("video_damaged")
    return found[0]


def _samples_of_chunks(runs: array, chunks: int) -> Iterator[int]:
    """How many samples each chunk has: a run tells it from its first chunk to the next run's."""
    firsts = [*runs[0::3], chunks + 1]
    if firsts[0] != 1 or any(one >= other for one, other in pairwise(firsts)):
        raise Invalid("video_damaged")
    for (first, following), samples in zip(pairwise(firsts), runs[1::3], strict=True):
        yield from (samples for _ in range(first, following))


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places without overlaps, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(each for each in ranges if each[0] < each[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
