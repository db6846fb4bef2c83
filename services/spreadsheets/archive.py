"""Zip files sent by strangers, read within limits and never onto the disk."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO

from services.errors import Invalid
from services.turns import in_turns

MEBIBYTE = 1024 * 1024
MOST_BYTES = 64 * MEBIBYTE
MOST_UNPACKED_BYTES = 192 * MEBIBYTE
MOST_MEMBERS = 10_000
# Sheets of blank, formatted cells shrink to a thirtieth; what shrinks further was made to.
MOST_SHRINKAGE = 200
SHRINKAGE_IS_CHECKED_FROM = MEBIBYTE
_CHUNK_BYTES = 64 * 1024
_ENTRY_OF_DIRECTORY = b"PK\x01\x02"
_IS_UTF8 = 0x800
# All that zipfile raises when a file is damaged, encrypted or packed in ways it does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class Archive:
    """The files in a zip by name.

    Raises Invalid, also from its methods, for what is no zip or is too large. The sizes are those
    the zip itself declares: zipfile gives no more than it declares, and refuses what differs.
    """

    def __init__(self, content: bytes) -> None:
        _check_size(content)
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except _UNREADABLE:
            raise Invalid("spreadsheet_not_recognized") from None
        self._members = self._zip.infolist()
        _check_members(self._members)
        self._by_key = {key_of(name_of(member)): member for member in self._members}
        self._read: dict[str, bytes] = {}

    def names(self) -> list[str]:
        """The names of all files, decoded, with / between folders."""
        return [name_of(member) for member in self._members if not member.is_dir()]

    def has(self, name: str) -> bool:
        return key_of(name) in self._by_key

    def size(self, name: str) -> int:
        """The file's size in bytes, without reading it."""
        return self._by_key[key_of(name)].file_size

    def read(self, name: str) -> bytes:
        """The whole file; read once, however many cells show it."""
        key = key_of(name)
        if key not in self._read:
            self._read[key] = b"".join(self.chunks(name))
        return self._read[key]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The file piece by piece; raises Invalid when there is none."""
        member = self._by_key.get(key_of(name))
        if member is None:
            raise Invalid("spreadsheet_not_recognized")
        try:
            with self._zip.open(member) as file:
                yield from in_turns(iter(partial(file.read, _CHUNK_BYTES), b""), length=1)
        except _UNREADABLE:
            raise Invalid("spreadsheet_not_recognized") from None


def key_of(name: str) -> str:
    """The form in which names of files are compared: without case, . and .."""
    return posixpath.normpath(name).lstrip("/").casefold()


def name_of(member: zipfile.ZipInfo) -> str:
    """The member's name as its maker meant it.

    Windows in Chinese writes names in GBK without saying so, macOS in UTF-8 without saying so.
    zipfile takes either for code page 437, from which the bytes can be had back.
    """
    name = member.orig_filename
    if not member.flag_bits & _IS_UTF8:
        name = _decode(name.encode("cp437"))
    return name.replace("\\", "/")


def _decode(packed: bytes) -> str:
    try:
        return packed.decode()
    except UnicodeDecodeError:
        return packed.decode("gb18030", "replace")


def _check_size(content: bytes) -> None:
    """Before zipfile makes an object for each entry, count them the cheap way."""
    if len(content) > MOST_BYTES or content.count(_ENTRY_OF_DIRECTORY) > MOST_MEMBERS:
        raise too_large()


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise too_large()
    if any(map(_shrinks_too_much, members)):
        raise too_large()
    # Others have their own bombs, and neither Excel nor WPS writes them.
    if {member.compress_type for member in members} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Invalid("spreadsheet_not_recognized")


def _shrinks_too_much(member: zipfile.ZipInfo) -> bool:
    return (
        member.file_size > SHRINKAGE_IS_CHECKED_FROM
        and member.file_size > member.compress_size * MOST_SHRINKAGE
    )


def too_large() -> Invalid:
    return Invalid("spreadsheet_too_large", limit=MOST_BYTES // MEBIBYTE)
