"""Words that mean the same in a search."""

from server.endpoint import Routes
from server.schemas.knowledge_search import (
    SynonymsBody,
    SynonymsPage,
    SynonymsQuery,
    SynonymsView,
)
from services import knowledge
from services.access import Permission

routes = Routes("staff_synonyms", __name__, description="Words that mean the same in a search")

WORDS = ("synonyms_too_few", "synonyms_repeated", "synonym_taken")


@routes.endpoint(
    "GET",
    "/knowledge/synonyms",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Groups of synonyms",
    query=SynonymsQuery(),
    returns=SynonymsPage,
    refusals=("cursor_invalid",),
)
def list_synonyms(ctx, **query):
    """The latest first."""
    return knowledge.list_synonyms(ctx, **query)


@routes.endpoint(
    "POST",
    "/knowledge/synonyms",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Add a group",
    body=SynonymsBody(),
    returns=SynonymsView(),
    status=201,
    refusals=WORDS,
)
def create_synonyms(ctx, **body):
    """Two to twenty words, none of which is in another group. Searches heed it at once."""
    return knowledge.create_synonyms(ctx, **body)


@routes.endpoint(
    "PATCH",
    "/knowledge/synonyms/<id:group_id>",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Change a group",
    needs_revision=True,
    body=SynonymsBody(),
    returns=SynonymsView(),
    refusals=("synonyms_not_found", *WORDS),
)
def change_synonyms(ctx, group_id, **body):
    """`words` are all it is to have."""
    return knowledge.change_synonyms(ctx, group_id=group_id, **body)


@routes.endpoint(
    "DELETE",
    "/knowledge/synonyms/<id:group_id>",
    access="staff",
    requires=Permission.MANAGE_KNOWLEDGE,
    rate="staff",
    summary="Delete a group",
    needs_revision=True,
    status=204,
    refusals=("synonyms_not_found",),
)
def delete_synonyms(ctx, group_id, revision):
    """Its words are then found each for itself."""
    knowledge.delete_synonyms(ctx, group_id=group_id, revision=revision)
