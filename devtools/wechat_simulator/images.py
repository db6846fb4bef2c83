"""Real, decodable pictures without an imaging library: what they show does not matter."""

import struct
import zlib

# A quantization table of ones, and two Huffman tables with one code of one bit each: "no
# difference" for the mean of a block and "end of block" for its details.
_QUANTIZATION = b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
_HUFFMAN_MEAN = b"\xff\xc4\x00\x14\x00\x01" + b"\x00" * 15 + b"\x00"
_HUFFMAN_DETAIL = b"\xff\xc4\x00\x14\x10\x01" + b"\x00" * 15 + b"\x00"
_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def grey_jpeg(side: int) -> bytes:
    """A square baseline JPEG; every 8x8 block of it is the two bits `00`."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, side, side, 1) + b"\x01\x11\x00"
    bits = 2 * ((side + 7) // 8) ** 2
    data = bytes(bits // 8)
    if bits % 8:
        data += bytes([0xFF >> bits % 8])
    head = b"\xff\xd8" + _JFIF + _QUANTIZATION + frame + _HUFFMAN_MEAN + _HUFFMAN_DETAIL
    return head + _SCAN + data + b"\xff\xd9"


def transparent_png(side: int) -> bytes:
    """A square PNG in grey with alpha, all of it transparent."""
    header = struct.pack(">IIBBBBB", side, side, 8, 4, 0, 0, 0)
    rows = zlib.compress(bytes(side * (1 + 2 * side)))
    parts = (b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, data) for name, data in parts)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check
