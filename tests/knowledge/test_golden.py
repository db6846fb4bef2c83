"""The search finds what people look for: all golden queries over one library."""

from sqlalchemy import insert

from models import SynonymGroup, SynonymWord
from services.knowledge.searching.terms import key_of
from tests.factories import Factory
from tests.knowledge.corpus import entries
from tests.knowledge.golden import QUERIES, SYNONYMS, judge
from tests.knowledge.publications import publish


class InOneGo(Factory):
    """Commits a whole item at once instead of each of its rows."""

    def _add(self, row):
        self.session.add(row)
        self.session.flush()
        return row


def publish_library(make: Factory) -> None:
    make = InOneGo(make.session, make.app, make.clock)
    author, reviewer = make.staff("district_officer"), make.staff("medical_reviewer")
    for entry in entries():
        publish(make, author=author, reviewer=reviewer, **entry)
    for words in SYNONYMS:
        group = make._add(SynonymGroup())
        make.session.execute(
            insert(SynonymWord),
            [
                {"key": key_of(word), "group_id": group.id, "position": place, "word": word}
                for place, word in enumerate(words)
            ],
        )
    make.session.commit()


def test_there_are_enough_queries_of_every_class():
    assert len({each["query"] for each in QUERIES}) == len(QUERIES) >= 140
    names = {entry["name"] for entry in entries()}
    assert {each["expected"] for each in QUERIES} <= names


def test_golden_queries(make, http):
    publish_library(make)

    def search(query: str) -> list[str]:
        answer = http.get("/knowledge/search", q=query, limit=10)
        assert answer.status_code == 200, query
        return [item["name"] for item in answer.get_json()["items"]]

    verdict = judge(search)
    print("\n".join([*verdict.lines(), *verdict.misses]))
    assert verdict.reciprocal_rank >= 0.9
    assert verdict.recall >= 0.95
