"""What comes out of prepare_image, whatever goes in."""

import random
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from services import images
from services.errors import Invalid
from services.images import prepare_image
from tests.files import pictures
from tests.files.pictures import decoded, encoded, jpeg, photo, quarters

UPRIGHT = ["red", "lime", "blue", "white"]


def refusal(content: bytes) -> Invalid:
    with pytest.raises(Invalid) as refused:
        prepare_image(content)
    return refused.value


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_every_accepted_kind_becomes_a_jpeg(kind, mode):
    picture = prepare_image(encoded(photo(mode=mode), kind))
    assert (picture.media_type, picture.extension) == ("image/jpeg", "jpg")
    assert (picture.width, picture.height) == (300, 200)
    result = decoded(picture.content)
    assert (result.format, result.mode, result.size) == ("JPEG", "RGB", (300, 200))
    assert quarters(result) == UPRIGHT


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "L"), ("PNG", "L"), ("PNG", "1")])
def test_grey_stays_grey(kind, mode):
    shades = Image.linear_gradient("L").convert(mode)
    result = decoded(prepare_image(encoded(shades, kind)).content)
    assert result.mode == "RGB"
    before, after = (each.convert("L").resize((4, 4)).tobytes() for each in (shades, result))
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 12


def test_16_bit_grey_keeps_its_shades():
    row = b"".join(bytes((77, shade)) for shade in range(256))
    image = Image.frombytes("I;16", (256, 16), row * 16)
    result = decoded(prepare_image(encoded(image, "PNG")).content).convert("L")
    assert all(abs(result.getpixel((x, 8)) - x) < 6 for x in range(256))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
def test_what_is_transparent_stays_so(mode):
    image = photo(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 150, 100))
    options = {}
    if mode == "RGB":
        image, options = photo(), {"transparency": (255, 0, 0)}
    elif mode == "P":
        image = image.quantize(8)
    elif mode == "LA":
        image = image.convert("LA")
    picture = prepare_image(encoded(image, "PNG", **options))
    assert (picture.media_type, picture.extension) == ("image/webp", "webp")
    for content in (picture.content, picture.thumbnail):
        alpha = decoded(content).getchannel("A")
        assert (alpha.getpixel((20, 20)), alpha.getpixel((280, 180))) == (0, 255)


def test_large_pictures_shrink_and_small_ones_do_not_grow():
    large = prepare_image(jpeg(3000, 4000))
    assert (large.width, large.height) == decoded(large.content).size == (1536, 2048)
    assert decoded(large.thumbnail).size == (360, 480)
    assert quarters(decoded(large.content)) == quarters(decoded(large.thumbnail)) == UPRIGHT
    small = prepare_image(jpeg(30, 40))
    assert decoded(small.content).size == decoded(small.thumbnail).size == (30, 40)


def test_a_strip_keeps_at_least_a_line():
    picture = prepare_image(encoded(Image.new("RGB", (30_000, 2)), "PNG"))
    assert (picture.width, picture.height) == (2048, 1)
    assert decoded(picture.thumbnail).size == (480, 1)


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        # The camera was turned, so the pixels are turned the other way.
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_come_out_upright(kind, orientation, turned):
    image = photo() if turned is None else photo().transpose(turned)
    picture = prepare_image(encoded(image, kind, exif=pictures.exif(orientation)))
    assert (picture.width, picture.height) == (300, 200)
    assert quarters(decoded(picture.content)) == quarters(decoded(picture.thumbnail)) == UPRIGHT


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGB"), ("WEBP", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGBA")],
)
def test_no_metadata_gets_through(kind, mode):
    image = photo(mode=mode)
    if mode == "RGBA":
        image.putalpha(200)
    content = encoded(
        image,
        kind,
        exif=pictures.exif(),
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-XMP</x:xmpmeta>",
        comment=b"SECRET-COMMENT",
    )
    assert b"SECRET" in content
    picture = prepare_image(content)
    for clean in (picture.content, picture.thumbnail):
        result = decoded(clean)
        assert not result.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(result.info)
        assert b"SECRET" not in clean


def test_colours_are_those_that_the_profile_means():
    image = Image.new("RGB", (64, 64), "red")
    content = encoded(image, "PNG", icc_profile=pictures.swapping_profile())
    assert quarters(decoded(prepare_image(content).content)) == ["lime"] * 4


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_that_is_broken_or_for_other_colours_is_left_aside(mode):
    rgb, lab = (
        ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes() for name in ("sRGB", "LAB")
    )
    for profile in (b"nonsense", rgb[:300], lab):
        content = encoded(photo(mode=mode), "JPEG", icc_profile=profile)
        assert prepare_image(content).width == 300


# Pillow also warns of it, which outside tests is but a line in the log.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_unreadable_exif_is_left_aside():
    for broken in (b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", pictures.exif(6)[:20]):
        picture = prepare_image(encoded(photo(), "JPEG", exif=broken))
        assert quarters(decoded(picture.content)) == UPRIGHT


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("blue", "red", "lime")]
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    assert decoded(content).is_animated
    result = decoded(prepare_image(content).content)
    assert (result.format, quarters(result)) == ("JPEG", ["blue"] * 4)


def test_of_the_pictures_a_phone_packs_into_one_the_first_is_kept():
    further = [Image.new("RGB", (50, 50))]
    content = encoded(photo(), "MPO", save_all=True, append_images=further)
    assert decoded(content).format == "MPO"
    assert quarters(decoded(prepare_image(content).content)) == UPRIGHT


@pytest.mark.parametrize(
    "content",
    [
        pictures.gif_with_script(),
        jpeg() + b"<script>alert(1)</script>" + pictures.EICAR,
        jpeg(comment=b"<?php system($_GET[0]); ?>" + pictures.EICAR),
        jpeg() + pictures.pdf_with_zip(),
        encoded(photo(), "PNG") + pictures.EICAR,
        encoded(photo(), "PNG")[:33]
        + pictures.png_chunk(b"tEXt", b"Comment\0<script>alert(1)</script>" + pictures.EICAR)
        + encoded(photo(), "PNG")[33:],
    ],
    ids=["gif+js", "jpeg+html", "jpeg+php", "jpeg+zip", "png+eicar", "png+text"],
)
def test_of_a_file_with_two_meanings_only_the_picture_remains(content):
    picture = prepare_image(content)
    assert decoded(picture.content).format == "JPEG"
    for clean in (picture.content, picture.thumbnail):
        assert clean.startswith(b"\xff\xd8\xff")
        for foreign in (b"alert", b"<script", b"<?php", b"EICAR", b"PK\x03\x04", b"%PDF", b"/*"):
            assert foreign not in clean


@pytest.mark.parametrize(
    "content",
    [
        b"\0",
        pictures.EICAR,
        pictures.pdf_with_zip(),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"<?php system($_GET[0]); ?>",
        b"PK\x03\x04" + bytes(100),
        b"\xff\xd8\xff",
        b"GIF89a" + pictures.SCRIPT,
        b"RIFF\0\0\0\0WEBPVP8 ",
        pictures.png_header(0, 0),
        encoded(photo(), "BMP"),
        encoded(photo(), "TIFF"),
        encoded(photo(), "ICO"),
        encoded(photo(), "PPM"),
        encoded(photo(), "PDF"),
    ],
    ids=lambda content: content[:12].decode("latin-1").encode("unicode_escape").decode(),
)
def test_what_is_none_of_the_accepted_kinds(content):
    assert refusal(content).code == "image_not_recognized"


def test_nothing_and_too_much():
    assert refusal(b"").code == "image_empty"
    limit = images.LARGEST_MEBIBYTES * 1024 * 1024
    padded = jpeg() + bytes(limit)
    assert prepare_image(padded[:limit]).width == 300
    refused = refusal(padded[: limit + 1])
    assert (refused.code, refused.details) == ("image_too_large", {"limit": 8})


@pytest.fixture
def undecoded(monkeypatch):
    """Fails the test when any pixel is decoded."""

    def load(*_arguments: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", load)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)


def large_gif(width: int, height: int) -> bytes:
    """A GIF whose only frame is larger than its own header says."""
    gif = bytearray(encoded(Image.new("P", (1, 1)), "GIF"))
    frame = gif.index(b",", 13)
    gif[frame + 5 : frame + 9] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(gif)


def large_webp(width: int, height: int) -> bytes:
    webp = bytearray(encoded(photo(mode="RGBA"), "WEBP", exif=pictures.exif()))
    assert webp[12:16] == b"VP8X"
    webp[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(webp)


def large_jpeg(width: int, height: int) -> bytes:
    content = bytearray(jpeg())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = height.to_bytes(2) + width.to_bytes(2)
    return bytes(content)


# Outside tests the warning is but a line in the log, and what counts is our own check.
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (pictures.png_bomb(), 1600),
        (pictures.png_header(4001, 4000) + pictures.png_chunk(b"IDAT", b""), 1600),
        (pictures.png_header(10_000, 6_000) + pictures.png_chunk(b"IDAT", b""), 1600),
        (large_gif(60_000, 60_000), 1600),
        (large_gif(4001, 4000), 1600),
        (large_webp(16_383, 16_383), 1600),
        (large_jpeg(8001, 5000), 4000),
        (large_jpeg(65_000, 65_000), 1600),
    ],
)
def test_too_many_pixels_are_refused_before_any_is_decoded(undecoded, content, limit):
    assert len(content) < 120_000
    refused = refusal(content)
    assert (refused.code, refused.details) == ("image_too_many_pixels", {"limit": limit})


def test_too_many_scans_are_refused_before_any_is_decoded():
    assert prepare_image(pictures.jpeg_of_many_scans(10)).width == 300
    assert refusal(pictures.jpeg_of_many_scans(30)).code == "image_damaged"
    # A second picture behind the first is not decoded, so its scans do not count.
    assert prepare_image(jpeg() + pictures.jpeg_of_many_scans(1000)).width == 300


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_file_cut_short_is_refused(kind):
    noise = Image.effect_noise((200, 150), 80).convert("RGB")
    content = encoded(noise, kind)
    for part in (0.3, 0.6, 0.95):
        assert refusal(content[: int(len(content) * part)]).code in {
            "image_damaged",
            "image_not_recognized",
        }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_damaged_files_are_refused_or_shown_but_never_crash(kind):
    dice = random.Random(20261121)
    content = encoded(photo(40, 30), kind)
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            picture = prepare_image(bytes(damaged))
        except Invalid:
            continue
        Image.open(BytesIO(picture.content)).verify()
