"""What reading a spreadsheet gives."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be used; `row` is its number as Excel shows it.

    `server.messages.translate_row_error` puts `code` and `details` into words.
    """

    row: int
    column_title: str
    code: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> tuple[str, dict[str, Any]]:
        """What is put into words."""
        return self.code, self.details


@dataclass(frozen=True, slots=True)
class Row:
    """A row without errors: `values` has every column but pictures by key, None where blank.

    `pictures` has the raw bytes, as uploaded by strangers, of the pictures that are there.
    """

    number: int
    values: dict[str, Any]
    pictures: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that can be used and why the others cannot.

    `ignored_columns` are titles in the file that nobody asked for, `absent_columns` the keys of
    those asked for that are not in the file.
    """

    rows: list[Row]
    errors: list[RowError]
    ignored_columns: list[str]
    absent_columns: frozenset[str] = frozenset()


class Unfit(Exception):
    """What a cell holds does not fit its column."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
