"""Administrative divisions, and the tree of organizations that hangs on them."""

from models.organizations import INSTITUTIONS, ORGANIZATION_KINDS, PARENT_KINDS, STANDARDS
from services.organizations.changes import (
    close_organization,
    create_organization,
    edit_organization,
    move_organization,
    preview_closing,
)
from services.organizations.divisions import list_divisions
from services.organizations.importing import import_organizations
from services.organizations.spreadsheet import export_organizations, import_template
from services.organizations.views import SORTS as ORGANIZATION_SORTS
from services.organizations.views import get_organization, list_organizations, list_tree

PLACEABLE_KINDS = tuple(PARENT_KINDS)

__all__ = [
    "INSTITUTIONS",
    "ORGANIZATION_KINDS",
    "ORGANIZATION_SORTS",
    "PLACEABLE_KINDS",
    "STANDARDS",
    "close_organization",
    "create_organization",
    "edit_organization",
    "export_organizations",
    "get_organization",
    "import_organizations",
    "import_template",
    "list_divisions",
    "list_organizations",
    "list_tree",
    "move_organization",
    "preview_closing",
]
