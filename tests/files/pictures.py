"""Pictures as people and attackers send them, made in code."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"=1;alert(document.domain)//"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def photo(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A picture whose four quarters are red, green, blue and white."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    image.paste("white", (width // 2, height // 2, width, height))
    return image.convert(mode)


def jpeg(width: int = 300, height: int = 200, **options: object) -> bytes:
    return encoded(photo(width, height), "JPEG", **options)


def quarters(image: Image.Image) -> list[str]:
    """The names of the colours in the middle of each quarter, by rows."""
    shades = image.convert("RGB")
    places = [(x * image.width // 4, y * image.height // 4) for y in (1, 3) for x in (1, 3)]
    return [_colour(shades.getpixel(place)) for place in places]


def _colour(pixel: tuple[int, ...]) -> str:
    bits = tuple(channel > 127 for channel in pixel)
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white"}
    return names.get(tuple(map(int, bits)), str(pixel))


def exif(orientation: int = 1) -> bytes:
    """Where and with what a photo was taken."""
    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010F] = "SECRET-CAMERA"
    facts.get_ifd(0x8825).update({1: "N", 2: (39.0, 48.0, 30.0), 3: "E", 4: (110.0, 0.0, 0.0)})
    return facts.tobytes()


def swapping_profile() -> bytes:
    """A colour profile in which the numbers for red mean green, and those for green mean red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for entry in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12):
        name = bytes(profile[entry : entry + 4])
        if name in (b"rXYZ", b"gXYZ"):
            profile[entry : entry + 4] = b"gXYZ" if name == b"rXYZ" else b"rXYZ"
    return bytes(profile)


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)


def png_chunk(name: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)


def png_bomb(side: int = 30_000) -> bytes:
    """A black square of 900 million pixels in some 109 KB."""
    squeezer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    pixels = b"".join(squeezer.compress(row) for _ in range(side)) + squeezer.flush()
    return png_header(side, side) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def gif_with_script() -> bytes:
    """Valid as a GIF and as JavaScript: its first bytes open a comment that the end closes."""
    gif = bytearray(encoded(photo(mode="P"), "GIF"))
    gif[6:8] = b"/*"
    return bytes(gif) + b"*/" + SCRIPT


def pdf_with_zip() -> bytes:
    empty_zip = b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n" + empty_zip


def jpeg_of_many_scans(repeats: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again; each costs a whole pass."""
    picture = encoded(photo(), "JPEG", progressive=True)
    last_scan = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + repeats * last_scan + picture[-2:]
