"""Wire formats of bringing items of health knowledge along and taking them away."""

from server.schemas.common import LARGEST_ID, Choice, Whole, Wire
from server.schemas.imports import ImportQuery
from services import knowledge


def _organization(**kwargs) -> Whole:
    return Whole(least=1, most=LARGEST_ID, **kwargs)


class ArchiveQuery(Wire):
    """Which items."""

    kind = Choice(*knowledge.ITEM_KINDS)
    organization_id = _organization(metadata={"description": "A subtree."})
    state = Choice(*knowledge.ITEM_STATES)


class SheetQuery(ArchiveQuery):
    """Which items of one kind."""

    kind = Choice(*knowledge.ITEM_KINDS, required=True)


class TemplateQuery(Wire):
    """For which kind."""

    kind = Choice(*knowledge.ITEM_KINDS, required=True)


class ArchiveImportQuery(ImportQuery):
    """Whose drafts they become."""

    organization_id = _organization(required=True)


class SheetImportQuery(ArchiveImportQuery):
    """Of which kind they are."""

    kind = Choice(*knowledge.ITEM_KINDS, required=True)
