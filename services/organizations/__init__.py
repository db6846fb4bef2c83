"""Administrative divisions, and the tree of organizations that hangs on them."""

from models.organizations import INSTITUTIONS, ORGANIZATION_KINDS, STANDARDS
from services.organizations.divisions import list_divisions

__all__ = ["INSTITUTIONS", "ORGANIZATION_KINDS", "STANDARDS", "list_divisions"]
