"""Rows of the links that a content holds."""

from models import KnowledgeLink


def links_of(item_id: int, content: dict) -> list[KnowledgeLink]:
    """The links of a normalized content in their order, and the components that are items.

    A herb is linked with the formulas it is part of, whether or not anybody wrote that down as a
    link.
    """
    targets = [
        (link["target"], link.get("id"), link.get("organization_id"), link.get("name"))
        for link in content["links"]
    ]
    components = content["facts"].get("composition", [])
    targets += [("item", each["item_id"], None, None) for each in components if "item_id" in each]
    return [
        KnowledgeLink(
            item_id=item_id,
            position=position,
            target=target,
            target_id=target_id,
            organization_id=organization_id,
            name=name,
        )
        for position, (target, target_id, organization_id, name) in enumerate(
            dict.fromkeys(targets)
        )
    ]
