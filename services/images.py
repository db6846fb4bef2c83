"""Pictures people send: checked, decoded and encoded anew, so that only pixels get through.

Whatever else a file held (places, scripts, a second file behind the first) stays behind. What a
picture may cost is known from its header before anything is decoded.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from services.errors import Invalid

LARGEST_MEBIBYTES = 8
LARGEST_BYTES = LARGEST_MEBIBYTES * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# JPEG decodes at a fraction of its size. The others need all their pixels in memory, some several
# times over: at this number that was 190 MB and a second and a half at worst.
MOST_PIXELS_OF_JPEG = 40_000_000
MOST_PIXELS = 16_000_000
# A progressive JPEG has about ten scans. Each costs a pass over the whole picture but needs only
# some 60 bytes, so that a few megabytes of them would take an hour.
MOST_SCANS = 30
PICTURE_SIDE = 2048
THUMBNAIL_SIDE = 480
QUALITY = 85

JPEG_MARKER = re.compile(rb"\xff+([\x01-\xfe])")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# Markers that stand alone: all others are followed by the length of their segment.
LONE_MARKERS = {0x01, *range(0xD0, 0xD9)}

# Some decoders reserve memory before we see the size; twice this number stops them.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A picture of ours; the thumbnail has the same type. Sizes are in pixels."""

    media_type: str
    extension: str
    content: bytes
    width: int
    height: int
    thumbnail: bytes


def prepare_image(content: bytes) -> PreparedImage:
    """The picture upright in sRGB, its long side at most 2048, of an animation the first frame.

    A JPEG, or a WebP where something is transparent. Raises Invalid.
    """
    _require_size(content)
    with _recognizing():
        source = Image.open(BytesIO(content), formats=FORMATS)
    _require_bounded_cost(source, content)
    with _decoding():
        # Decodes a JPEG at a half, a quarter or an eighth as long as that is enough.
        source.draft(None, (PICTURE_SIDE, PICTURE_SIDE))
        source.load()
        picture = _without_metadata(_in_srgb(_upright(_shrunk(source))))
    return _encode(picture)


def to_png(content: bytes) -> bytes | None:
    """A whole JPEG or PNG from a source we trust with its size, as a PNG; None for all else."""
    encoded = BytesIO()
    try:
        Image.open(BytesIO(content), formats=("JPEG", "PNG")).save(encoded, "PNG")
    except Exception:
        # Decoders answer what is no picture, or half of one, with any kind of error.
        return None
    return encoded.getvalue()


def _require_size(content: bytes) -> None:
    if not content:
        raise Invalid("image_empty")
    if len(content) > LARGEST_BYTES:
        raise Invalid("image_too_large", limit=LARGEST_MEBIBYTES)


@contextmanager
def _recognizing() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError:
        raise _too_many_pixels(MOST_PIXELS) from None
    except Exception:
        # Decoders answer a file that is none of theirs with any kind of error.
        raise Invalid("image_not_recognized") from None


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except Exception:
        # Likewise a file that begins well and goes on badly.
        raise Invalid("image_damaged") from None


def _require_bounded_cost(image: Image.Image, content: bytes) -> None:
    # A JPEG with further pictures behind the first, as some phones write, is an MPO to Pillow.
    is_jpeg = image.format in ("JPEG", "MPO")
    most_pixels = MOST_PIXELS_OF_JPEG if is_jpeg else MOST_PIXELS
    if image.width * image.height > most_pixels:
        raise _too_many_pixels(most_pixels)
    if is_jpeg and _count_scans(content) > MOST_SCANS:
        raise Invalid("image_damaged")


def _too_many_pixels(limit: int) -> Invalid:
    """The refusal in units of ten thousand, in which Chinese counts pixels."""
    return Invalid("image_too_many_pixels", limit=limit // 10_000)


def _count_scans(content: bytes) -> int:
    """How often a JPEG decoder would go over the picture."""
    count = position = 0
    while found := JPEG_MARKER.search(content, position):
        position, marker = found.end(), found[1][0]
        if marker == END_OF_IMAGE:
            break
        if marker not in LONE_MARKERS:
            position += int.from_bytes(content[position : position + 2])
        count += marker == START_OF_SCAN
    return count


def _shrunk(image: Image.Image) -> Image.Image:
    """The picture at its final size, in a mode that can be resized smoothly."""
    if image.mode == "I;16":
        # 16 bits of grey, of which Pillow's own conversion cuts off the upper half.
        image = Image.frombytes("L", image.size, image.tobytes()[1::2])
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "CMYK"):
        image = image.convert("RGB")
    image.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    return image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Metadata that cannot be read is no reason to refuse the picture it belongs to.
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture as screens show it, which assume sRGB where no profile is named."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    profile = image.info.get("icc_profile")
    if profile:
        try:
            named = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, named, srgb, outputMode=mode)
        except (OSError, ImageCms.PyCMSError):
            # A broken profile, or one for another kind of colours: the numbers have to do.
            pass
    return image.convert(mode)


def _without_metadata(image: Image.Image) -> Image.Image:
    """The bare pixels: encoders write some of what else a picture carries without being asked."""
    is_opaque = image.mode == "RGB" or image.getchannel("A").getextrema()[0] == 255
    bare = Image.new("RGB" if is_opaque else "RGBA", image.size)
    bare.paste(image)
    return bare


def _encode(picture: Image.Image) -> PreparedImage:
    media_type, extension, encode = (
        ("image/jpeg", "jpg", _encode_jpeg)
        if picture.mode == "RGB"
        else ("image/webp", "webp", _encode_webp)
    )
    thumbnail = picture.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return PreparedImage(
        media_type, extension, encode(picture), *picture.size, thumbnail=encode(thumbnail)
    )


def _encode_jpeg(picture: Image.Image) -> bytes:
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return encoded.getvalue()


def _encode_webp(picture: Image.Image) -> bytes:
    encoded = BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY)
    return encoded.getvalue()
