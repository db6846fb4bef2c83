"""What a column of a spreadsheet holds, said once for writing and for reading it."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

Kind = Literal["text", "line", "whole", "decimal", "moment", "day", "yes_no", "choice", "picture"]
# What one cell of Excel can hold, in UTF-16 units; nobody can type more.
MOST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it in code, `title` is what its readers see.

    `kind` decides how a value is written and read: "moment" is an aware datetime, shown and typed
    in Asia/Shanghai; "day" a date; "line" a text without line breaks; "whole" a number without
    fraction, "decimal" one with; "choice" a code of `choices`, shown by its Chinese; "picture" the
    bytes of a picture when read, a file's name when written. `width` is in characters. `get` takes
    the value from a row that has no such key or attribute. `required`, `max_length` (characters),
    `least` and `most` (of a number, both or none) and `choices` are checked when reading; `note`
    and `example`, a value as `write_workbook` takes it, are for those who fill in a template.
    """

    key: str
    title: str
    _: KW_ONLY
    width: int | None = None
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    required: bool = False
    max_length: int = MOST_TEXT
    least: float = -math.inf
    most: float = math.inf
    example: Any = None
    get: Callable[[Any], Any] | None = None

    def value_in(self, row: Any) -> Any:
        if self.get is not None:
            return self.get(row)
        return row[self.key] if isinstance(row, Mapping) else getattr(row, self.key)


def title_key(title: str) -> str:
    """The form in which two titles are compared: people add blanks, line breaks and asterisks."""
    return re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", title)).casefold()
