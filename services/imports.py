"""Spreadsheets as changes: every row is taken and every error found, then all are kept or none."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.context import Context
from services.errors import ServiceError
from services.spreadsheets import Row, RowError, Sheet, Unfit
from services.turns import in_turns

MOST_ROWS = 5000
MOST_ERRORS_SHOWN = 500

Outcome = Literal["created", "updated", "unchanged"]


class Flaws(Exception):
    """All that is wrong with a row: for each a column's title, a code and its details."""

    def __init__(self, flaws: Sequence[tuple[str, str, dict]]) -> None:
        super().__init__(flaws)
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import, or would have if not `is_applied`: rows counted by outcome.

    `errors` are the first of `error_count`, in the order of the sheet; `ignored_columns` are titles
    in the file that mean nothing here.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    is_applied: bool
    error_count: int
    errors: Sequence[RowError]
    ignored_columns: Sequence[str]


def import_rows(
    ctx: Context,
    sheet: Sheet,
    *,
    take: Callable[[Row], Outcome],
    write: Callable[[], None],
    blame: Mapping[str, str],
    dry_run: bool,
) -> ImportReport:
    """Give every row to `take`, then `write`; keep it only without any error and no dry run.

    `take` changes objects of the session and refuses a row by any refusal, by Unfit, or by Flaws,
    which say themselves where they are; of the others `blame`
    tells from the code to which column, by its title, the error belongs, under "" to which one
    those of all others. `write` is called when no row was refused, so that the database judges too.
    What is undone includes no audit records: the caller writes them once `is_applied`.
    """
    outcomes: Counter[Outcome] = Counter()
    errors = list(sheet.errors)
    with ctx.session.begin_nested() as savepoint:
        for row in in_turns(sheet.rows):
            try:
                outcomes[take(row)] += 1
            except Flaws as found:
                errors += [RowError(row.number, *flaw) for flaw in found.flaws]
            except (Unfit, ServiceError) as refusal:
                column = blame.get(refusal.code, blame[""])
                errors.append(RowError(row.number, column, refusal.code, refusal.details))
        if not errors:
            write()
        is_applied = not errors and not dry_run
        if not is_applied:
            savepoint.rollback()
    return ImportReport(
        rows=len(sheet.rows) + len({error.row for error in sheet.errors}),
        created=outcomes["created"],
        updated=outcomes["updated"],
        unchanged=outcomes["unchanged"],
        is_applied=is_applied,
        error_count=len(errors),
        errors=sorted(errors, key=lambda error: error.row)[:MOST_ERRORS_SHOWN],
        ignored_columns=sheet.ignored_columns,
    )
