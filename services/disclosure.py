"""What is held about a person, as each domain tells it to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.spreadsheets import Column


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind: a sheet of a spreadsheet, a list in JSON.

    `key` and the columns' keys name things for programs, the titles for people. Rows are mappings
    or objects, taken one by one, so that they may come straight from the database.
    """

    key: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]
