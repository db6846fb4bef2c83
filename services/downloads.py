"""Files that services make for people to take with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Download:
    """A file's name, as its receiver reads it, and its bytes."""

    name: str
    content: bytes
