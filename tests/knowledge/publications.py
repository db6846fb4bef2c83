"""Published items for tests, with everything the database demands behind them."""

from datetime import timedelta

from models import (
    KnowledgeCount,
    KnowledgeItem,
    KnowledgeLink,
    KnowledgePublication,
    KnowledgeReview,
    KnowledgeRevision,
    KnowledgeTopic,
    Organization,
    StaffAccount,
)
from services.context import Context
from services.knowledge import index_publication
from tests.factories import Factory


def make_topic(make: Factory, name: str = "四季养生", **values) -> KnowledgeTopic:
    """A topic; those made later come later."""
    position = values.pop("position", make.session.query(KnowledgeTopic).count())
    return make._add(KnowledgeTopic(name=name, position=position, **values))


def publish(
    make: Factory,
    kind: str = "article",
    *,
    name: str | None = "黄芪",
    name_mn: str | None = None,
    zh: dict | None = None,
    mn: dict | None = None,
    facts: dict | None = None,
    links: list[dict] | None = None,
    at: Organization | None = None,
    author: StaffAccount | None = None,
    reviewer: StaffAccount | None = None,
    **values,
) -> KnowledgePublication:
    """An item that was written, reviewed by another and published; `values` are the publication's.

    `zh`, `mn`, `facts` and `links` add to a small content with these names.
    """
    now = values.setdefault("published_at", make.clock.now())
    at = at or make.commission()
    author = author or make.staff("district_officer", make.commission())
    reviewer = reviewer or make.staff("medical_reviewer", make.commission())
    content = {
        "zh": None if name is None else {"name": name} | (zh or {}),
        "mn": None if name_mn is None else {"name": name_mn} | (mn or {}),
        "facts": {"evidence_level": "classic", "source": "《神农本草经》"} | (facts or {}),
        "links": links or [],
    }
    flags = {key: values[key] for key in ("is_sample", "is_demonstration") if key in values}
    item = make._add(
        KnowledgeItem(
            kind=kind,
            organization_id=at.id,
            author_id=author.id,
            state="published",
            title=name or name_mn,
            created_at=now,
            changed_at=now,
            review_again_on=values.get("review_again_on"),
            are_comments_open=values.get("are_comments_open", False),
            **flags,
        )
    )
    make._add(
        KnowledgeRevision(
            item_id=item.id,
            number=1,
            author_id=author.id,
            content=content,
            created_at=now,
            saved_at=now,
            is_open=False,
        )
    )
    make._add(
        KnowledgeReview(
            item_id=item.id,
            revision_number=1,
            author_id=author.id,
            reviewer_id=reviewer.id,
            verdict="approved",
            reviewed_at=now,
            review_again_on=values.get("review_again_on"),
        )
    )
    defaults = {
        "kind": kind,
        "organization_id": at.id,
        "name": name,
        "name_mn": name_mn,
        "summary": (zh or {}).get("summary"),
        "summary_mn": (mn or {}).get("summary"),
        "topic_ids": content["facts"].get("topic_ids", []),
        "content": content,
        "original_language": "mn" if name is None else "zh",
        "first_published_at": now,
        "reviewed_at": now - timedelta(hours=1),
    }
    publication = make._add(
        KnowledgePublication(item_id=item.id, revision_number=1, **(defaults | values))
    )
    make._add(KnowledgeCount(item_id=item.id))
    for position, link in enumerate(content["links"]):
        make._add(
            KnowledgeLink(
                item_id=item.id,
                position=position,
                target=link["target"],
                target_id=link.get("id"),
                organization_id=link.get("organization_id"),
                name=link.get("name"),
            )
        )
    index(make, publication)
    return publication


def index(make: Factory, publication: KnowledgePublication) -> None:
    """Let it be found, as publishing does."""
    index_publication(Context(make.session, services=None, now=make.clock.now()), publication)
    make.session.commit()


def take_down(make: Factory, publication: KnowledgePublication) -> None:
    """The item is not public any more."""
    item = make.session.get(KnowledgeItem, publication.item_id)
    item.state, item.reason = "withdrawn", "需要核实"
    make.session.delete(publication)
    make.session.commit()
