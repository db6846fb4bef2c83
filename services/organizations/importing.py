"""Creating and changing organizations by a spreadsheet: all that it says, or nothing of it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from models import Organization
from services import audit
from services.access import Permission, is_within_reach, top_of_reach
from services.context import Context
from services.errors import Conflict, Missing
from services.imports import MOST_ROWS, ImportReport, Outcome, import_rows
from services.organizations import spreadsheet
from services.organizations.changes import (
    Change,
    add,
    change,
    lock_tree,
    record_created,
    record_edited,
    write,
)
from services.organizations.reach import fetch_open_organization
from services.organizations.views import mask, read_phone
from services.spreadsheets import Row, Sheet, Unfit, read_workbook

# To which column a refusal belongs.
BLAME = {
    "": spreadsheet.ID.title,
    "commission_fixed": spreadsheet.KIND.title,
    "edited_since_export": spreadsheet.REVISION.title,
    "kind_fixed": spreadsheet.KIND.title,
    "name_repeated": spreadsheet.NAME.title,
    "organization_field_fixed": spreadsheet.NAME.title,
    "organization_name_taken": spreadsheet.NAME.title,
    "organization_parent_unsuitable": spreadsheet.PARENT.title,
    "parent_ambiguous": spreadsheet.PARENT.title,
    "parent_differs": spreadsheet.PARENT.title,
    "parent_fixed": spreadsheet.PARENT.title,
    "parent_not_found": spreadsheet.PARENT.title,
    "parent_number_unknown": spreadsheet.PARENT_ID.title,
    "phone_masked": spreadsheet.CONTACT_PHONE.title,
    "required": spreadsheet.PARENT.title,
    "standard_only_for_institutions": spreadsheet.STANDARD.title,
}
# A tenth of a millimetre on the ground.
LEAST_DEGREES = 1e-9

Values = Mapping[str, Any]


def import_organizations(
    ctx: Context, *, content: bytes, dry_run: bool, parent_id: int | None = None
) -> ImportReport:
    """Do what the rows of an xlsx file say; with any error in them, or as a dry run, nothing.

    A row with an id changes that organization, which stays where it is; one without creates
    another, below the parent it names, which may be a row further up, or below `parent_id`. With a
    `parent_id` parents are looked for by name in its subtree only. A column that is absent leaves
    values as they are, a blank cell clears them. Raises Invalid for a file that cannot be read,
    Missing and Conflict for `parent_id`. Holds the tree's lock until the transaction ends.
    """
    sheet = read_workbook(content, spreadsheet.COLUMNS, most_rows=MOST_ROWS)
    lock_tree(ctx)
    top = None
    if parent_id is not None:
        top = fetch_open_organization(ctx, parent_id, Permission.MANAGE_ORGANIZATIONS)
    importer = _Importer(ctx, sheet, top)
    report = import_rows(
        ctx, sheet, take=importer.take, write=partial(write, ctx), blame=BLAME, dry_run=dry_run
    )
    if report.is_applied and (report.created or report.updated):
        importer.record()
        _record(ctx, report, top)
    return report


def _record(ctx: Context, report: ImportReport, top: Organization | None) -> None:
    reach = top_of_reach(ctx.session, ctx.actor, Permission.MANAGE_ORGANIZATIONS)
    audit.record(
        ctx,
        "organization.imported",
        about=("list", "organization", spreadsheet.TITLE),
        organization_id=top.id if top else reach,
        after={"rows": report.rows, "created": report.created, "updated": report.updated},
    )


class _Importer:
    """Takes rows in their order, each as one change of the tree.

    Whatever they refer to is read beforehand; the tree's lock keeps it true.
    """

    def __init__(self, ctx: Context, sheet: Sheet, top: Organization | None) -> None:
        self._ctx = ctx
        self._keys = [
            column.key
            for column in (spreadsheet.NAME, *spreadsheet.DETAILS)
            if column.key not in sheet.absent_columns
        ]
        values = [row.values for row in sheet.rows]
        self._edited = _fetch_edited(ctx, [each["id"] for each in values if each["id"]])
        self._parents = _Parents(ctx, [each for each in values if not each["id"]], top)
        self._names = _Names(ctx, self._edited.values(), self._parents.known)
        # Rows below a parent that was renamed further up may still call it as they did before.
        self._old_names = {each.id: each.name for each in self._edited.values()}
        self._row_by_id: dict[int, int] = {}
        self._done: list[tuple[Organization, Change | None]] = []

    def take(self, row: Row) -> Outcome:
        return self._create(row) if row.values["id"] is None else self._edit(row)

    def record(self) -> None:
        """Note each organization that was written."""
        for organization, changed in self._done:
            if changed is None:
                record_created(self._ctx, organization)
            else:
                record_edited(self._ctx, organization, changed)

    def _create(self, row: Row) -> Outcome:
        values = self._given(row)
        if _is_masked(values.get("contact_phone")):
            raise Unfit("phone_masked")
        parent = self._parents.find(row.values["parent_id"], row.values["parent"])
        self._names.claim(parent, values["name"], row.number)
        organization = add(self._ctx, parent, kind=row.values["kind"], **values)
        self._parents.admit(organization)
        self._done.append((organization, None))
        return "created"

    def _edit(self, row: Row) -> Outcome:
        organization = self._edited.get(row.values["id"])
        if organization is None:
            raise Missing("organization_not_found")
        self._require_once(row)
        self._require_in_place(organization, row.values)
        values = _as_stored(self._ctx, organization, self._given(row))
        name = organization.name
        if values["name"] != name:
            self._names.claim(organization.parent, values["name"], row.number)
        changed = change(self._ctx, organization, values)
        if changed is None:
            return "unchanged"
        if row.values["revision"] not in (None, organization.revision - 1):
            raise Unfit("edited_since_export")
        if organization.name != name:
            self._give_up_name(organization, name)
        self._done.append((organization, changed))
        return "updated"

    def _given(self, row: Row) -> dict[str, Any]:
        """What the row says of the organization itself."""
        values = {key: row.values[key] for key in self._keys}
        if "standard" in values:
            values["standard"] = values["standard"] or "none"
        return values

    def _require_once(self, row: Row) -> None:
        earlier = self._row_by_id.setdefault(row.values["id"], row.number)
        if earlier != row.number:
            raise Unfit("row_repeated", row=earlier)

    def _require_in_place(self, organization: Organization, values: Values) -> None:
        """Kinds are for good, and moving takes more along than a row of a table tells."""
        if values["kind"] != organization.kind:
            raise Unfit("kind_fixed")
        parent = organization.parent
        names = (parent.name, self._old_names.get(parent.id)) if parent else ()
        is_same = values["parent_id"] in (None, organization.parent_id)
        if not is_same or values["parent"] not in (None, *names):
            raise Unfit("parent_fixed")

    def _give_up_name(self, organization: Organization, name: str) -> None:
        self._names.release(organization.parent, name)
        self._parents.admit(organization)
        # A session writes new rows first, and one of them may want the name given up.
        write(self._ctx)


class _Parents:
    """The organizations below which rows may put others."""

    def __init__(self, ctx: Context, rows: Sequence[Values], top: Organization | None) -> None:
        self._top = top
        found = _fetch_parents(ctx, rows, top)
        self._by_id = {each.id: each for each in found}
        self._by_name: defaultdict[str, list[Organization]] = defaultdict(list)
        for each in found:
            if top is None or top.id in each.ancestor_ids:
                self.admit(each)
        self.known = [*found, *([top] if top else ())]

    def admit(self, organization: Organization) -> None:
        """Let it be found by the name it has now."""
        self._by_name[organization.name].append(organization)

    def find(self, number: int | None, name: str | None) -> Organization:
        """The one that a row means; raises Unfit."""
        if number is not None:
            return self._find_by_number(number, name)
        if name is not None:
            return self._find_by_name(name)
        if self._top is None:
            raise Unfit("required")
        return self._top

    def _find_by_number(self, number: int, name: str | None) -> Organization:
        parent = self._by_id.get(number)
        if parent is None:
            raise Unfit("parent_number_unknown")
        if name not in (None, parent.name):
            raise Unfit("parent_differs", name=parent.name)
        return parent

    def _find_by_name(self, name: str) -> Organization:
        found = self._by_name.get(name, [])
        if not found:
            raise Unfit("parent_not_found", name=name)
        if len(found) > 1:
            raise Unfit("parent_ambiguous", name=name)
        return found[0]


class _Names:
    """The names in use below each parent, and which row of the file took one."""

    def __init__(
        self, ctx: Context, edited: Iterable[Organization], parents: Iterable[Organization]
    ) -> None:
        above = {each.id: each for each in parents}
        above |= {each.parent_id: each.parent for each in edited if each.parent}
        rows = ctx.session.execute(
            select(Organization.parent_id, Organization.name).where(
                Organization.parent_id.in_(above), Organization.closed_at.is_(None)
            )
        )
        self._taken: dict[tuple[Organization | None, str], int | None] = {
            (above[parent_id], name): None for parent_id, name in rows
        }

    def claim(self, parent: Organization | None, name: str, row_number: int) -> None:
        """Take a name below the parent; raises Conflict and Unfit when it is in use."""
        earlier = self._taken.setdefault((parent, name), row_number)
        if earlier is None:
            raise Conflict("organization_name_taken")
        if earlier != row_number:
            raise Unfit("name_repeated", row=earlier)

    def release(self, parent: Organization | None, name: str) -> None:
        self._taken.pop((parent, name), None)


def _fetch_edited(ctx: Context, ids: Sequence[int]) -> dict[int, Organization]:
    """Those of these that the actor may edit, locked, each with the one above it."""
    found = ctx.session.scalars(
        select(Organization)
        .where(Organization.id.in_(ids), is_within_reach(ctx.actor, Permission.EDIT_ORGANIZATION))
        .options(joinedload(Organization.parent))
        .order_by(Organization.id)
        .with_for_update(of=Organization)
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in found}


def _fetch_parents(
    ctx: Context, rows: Sequence[Values], top: Organization | None
) -> Sequence[Organization]:
    """The open organizations that rows name as parents, as far as the actor manages them."""
    ids = {row["parent_id"] for row in rows} - {None}
    is_named = Organization.name.in_({row["parent"] for row in rows} - {None})
    if top is not None:
        is_named &= Organization.ancestor_ids.contains([top.id])
    return ctx.session.scalars(
        select(Organization).where(
            is_within_reach(ctx.actor, Permission.MANAGE_ORGANIZATIONS),
            Organization.closed_at.is_(None),
            or_(Organization.id.in_(ids), is_named),
        )
    ).all()


def _as_stored(ctx: Context, organization: Organization, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a row without what only its way through a spreadsheet changed.

    A masked telephone number stands for the real one, if it is that one masked; raises Unfit for
    any other.
    """
    stored = {}
    phone = read_phone(ctx, organization)
    if _is_masked(values.get("contact_phone")):
        if phone is None or values["contact_phone"] != mask(phone):
            raise Unfit("phone_masked")
        stored["contact_phone"] = phone
    for key in ("longitude", "latitude"):
        if _is_same_angle(values.get(key), getattr(organization, key)):
            stored[key] = getattr(organization, key)
    return values | stored


def _is_masked(phone: str | None) -> bool:
    return phone is not None and "*" in phone


def _is_same_angle(one: float | None, other: float | None) -> bool:
    """Whether two angles differ by no more than the digits that spreadsheets drop."""
    if one is None or other is None:
        return False
    return math.isclose(one, other, rel_tol=0, abs_tol=LEAST_DEGREES)
