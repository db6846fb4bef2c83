"""Files that services make for people to take with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Download:
    """A file's name, as its receiver reads it, its bytes, and its type where there is a choice."""

    name: str
    content: bytes
    media_type: str | None = None
