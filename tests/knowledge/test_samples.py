"""The samples shipped with the software, and what loading them does."""

import json
import re

import pytest
from sqlalchemy import delete, func, select

from models import (
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeRevision,
    KnowledgeTopic,
    SynonymWord,
)
from models.knowledge import KNOWLEDGE_KINDS
from services.knowledge.exchange import samples_loading as samples
from services.knowledge.kinds import KINDS
from services.knowledge.searching.terms import key_of
from services.knowledge.writing.content import gaps, normalize

LEAST = {
    "herb": 40,
    "formula": 20,
    "technique": 15,
    "exercise": 5,
    "wellness_product": 3,
    "culture": 3,
    "article": 5,
    "collected": 2,
}
ENTRIES = [entry for kind in KNOWLEDGE_KINDS for entry in samples.read_samples(kind)]
BY_CODE = {entry["code"]: entry for entry in ENTRIES}
MONGOLIAN = {chr(code) for code in (*range(0x1800, 0x18B0), 0x202F)}


def content_of(entry: dict) -> dict:
    topics = {name: place for place, name in enumerate(samples.read_topics(), 1)}
    items = {code: place for place, code in enumerate(BY_CODE, 1)}
    return samples.resolve(entry, topics, items)


def components_of(entry: dict) -> list[dict]:
    return entry["facts"].get("composition", [])


@pytest.mark.parametrize("kind", KNOWLEDGE_KINDS)
def test_there_are_enough_of_each_kind(kind):
    found = samples.read_samples(kind)
    assert len(found) >= LEAST[kind]
    assert {entry["kind"] for entry in found} == {kind}


def test_codes_and_names_are_given_once():
    assert len(BY_CODE) == len(ENTRIES)
    names = [(entry["kind"], entry["zh"]["name"]) for entry in ENTRIES]
    assert len(set(names)) == len(names)


def test_samples_are_complete_and_kept_as_they_are_written():
    """Also their HTML: what cleaning would change was not written by us."""
    for entry in ENTRIES:
        content = content_of(entry)
        assert normalize(entry["kind"], content) == content, entry["code"]
        assert gaps(entry["kind"], content) == [], entry["code"]


def test_samples_say_whom_they_may_harm():
    for entry in ENTRIES:
        known = {field.name for field in KINDS[entry["kind"]].facts}
        assert {"pregnancy", "toxicity"} & known <= set(entry["facts"]), entry["code"]
        if entry["facts"].get("toxicity") in ("toxic", "very"):
            assert "毒" in entry["zh"]["cautions"], entry["code"]


def test_samples_are_about_known_topics():
    for entry in ENTRIES:
        assert entry["facts"]["topics"], entry["code"]
        assert set(entry["facts"]["topics"]) <= set(samples.read_topics()), entry["code"]


def test_what_samples_refer_to_are_samples():
    for entry in ENTRIES:
        codes = {link["code"] for link in entry["links"]}
        codes |= {each["item"] for each in components_of(entry) if "item" in each}
        assert codes <= set(BY_CODE) - {entry["code"]}, entry["code"]


def test_formulas_are_no_safer_than_their_herbs():
    for formula in samples.read_samples("formula"):
        facts = formula["facts"]
        herbs = [
            BY_CODE[each["item"]]["facts"] for each in components_of(formula) if "item" in each
        ]
        is_harmless = all(herb["toxicity"] == "none" for herb in herbs)
        pregnancies = {herb["pregnancy"] for herb in herbs}
        assert herbs, formula["code"]
        # Processing takes much of a poison away, as the cautions say, but never all.
        assert is_harmless or facts["toxicity"] != "none", formula["code"]
        assert pregnancies == {"allowed"} or facts["pregnancy"] != "allowed", formula["code"]
        assert "forbidden" not in pregnancies or facts["pregnancy"] == "forbidden", formula["code"]


def test_mongolian_is_written_in_mongolian_script():
    for entry in ENTRIES:
        written = json.dumps(entry["mn"], ensure_ascii=False) if entry["mn"] else ""
        assert set(re.findall(r"[^\x00-\x7f]", written)) <= MONGOLIAN, entry["code"]


def test_a_word_is_in_one_group_of_synonyms():
    groups = samples.read_synonyms()
    keys = [key_of(word) for group in groups for word in group]
    assert len(groups) >= 25
    assert len(set(keys)) == len(keys)
    assert min(map(len, groups)) >= 2


@pytest.fixture
def load(app, make):
    author = make.staff("district_officer", username="nars")

    def load(*more: str, organization: str = "150602", author: str = author.username):
        arguments = ["--organization", organization, "--author", author, *more]
        return app.test_cli_runner().invoke(args=["knowledge", "load-samples", *arguments])

    return load


def test_samples_become_drafts_that_nobody_sees(load, session):
    printed = load()
    assert printed.exit_code == 0, printed.output
    assert f"新建示例草稿 {len(ENTRIES)} 条，已有 0 条" in printed.output
    items = session.scalars(select(KnowledgeItem)).all()
    assert {item.code for item in items} == set(BY_CODE)
    assert {(item.state, item.is_sample, item.is_demonstration) for item in items} == {
        ("draft", True, False)
    }
    assert session.scalar(select(func.count()).select_from(KnowledgePublication)) == 0
    topics = select(KnowledgeTopic.name).order_by(KnowledgeTopic.position)
    assert session.scalars(topics).all() == samples.read_topics()


def test_what_samples_refer_to_becomes_ids(load, session):
    load()
    ids = dict(session.execute(select(KnowledgeItem.code, KnowledgeItem.id)).all())
    contents = dict(
        session.execute(select(KnowledgeRevision.item_id, KnowledgeRevision.content)).all()
    )
    formula = contents[ids["formula-yupingfeng"]]
    assert [each["item_id"] for each in formula["facts"]["composition"]] == [
        ids["herb-fangfeng"],
        ids["herb-huangqi"],
        ids["herb-baizhu"],
    ]
    linked = contents[ids["herb-aiye"]]["links"]
    assert linked == [{"target": "item", "id": ids["technique-aijiu"]}]


def test_loading_again_changes_nothing_that_staff_wrote(load, session):
    load("--kind", "herb")
    item = session.scalars(select(KnowledgeItem).where(KnowledgeItem.code == "herb-huangqi")).one()
    revision = session.scalars(
        select(KnowledgeRevision).where(KnowledgeRevision.item_id == item.id)
    ).one()
    revision.content = revision.content | {"zh": revision.content["zh"] | {"summary": "改过了。"}}
    session.commit()
    again = load()
    herbs = len(samples.read_samples("herb"))
    assert f"新建示例草稿 {len(ENTRIES) - herbs} 条，已有 {herbs} 条" in again.output
    assert f"新建示例草稿 0 条，已有 {len(ENTRIES)} 条" in load().output
    session.refresh(revision)
    assert revision.content["zh"]["summary"] == "改过了。"
    # What is loaded later still finds what is there.
    formula = session.scalars(
        select(KnowledgeRevision.content)
        .join(KnowledgeItem, KnowledgeItem.id == KnowledgeRevision.item_id)
        .where(KnowledgeItem.code == "formula-yupingfeng")
    ).one()
    assert item.id in [each["item_id"] for each in formula["facts"]["composition"]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"organization": "999999"}, "没有这个机构"),
        ({"organization": "东胜区"}, "没有这个机构"),
        ({"author": "nobody"}, "没有这个人员账号"),
    ],
)
def test_who_and_where_must_be_known(load, session, wrong, words):
    printed = load(**wrong)
    assert printed.exit_code == 1
    assert words in printed.output
    assert session.scalar(select(func.count()).select_from(KnowledgeItem)) == 0


def test_an_institution_may_have_its_own(load, make, session):
    hospital = make.institution()
    load("--kind", "technique", organization=str(hospital.id))
    organizations = session.scalars(select(KnowledgeItem.organization_id).distinct()).all()
    assert organizations == [hospital.id]


def test_synonyms_are_added_once_and_left_to_staff(app, session):
    def load() -> str:
        return app.test_cli_runner().invoke(args=["knowledge", "load-synonyms"]).output

    assert f"新增同义词 {len(samples.read_synonyms())} 组" in load()
    session.execute(delete(SynonymWord).where(SynonymWord.word == "双花"))
    session.commit()
    assert "新增同义词 0 组" in load()
    words = session.scalars(select(SynonymWord.word)).all()
    assert "金银花" in words
    assert "双花" not in words
