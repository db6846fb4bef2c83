"""Demonstration staff: invited at the first start, and again at each until they have joined."""

import stat

import pytest
from sqlalchemy import func, select

from devtools import demo, demo_knowledge
from devtools.demo_staff import PEOPLE, Link, describe_links, invite_people
from models import (
    KnowledgeComment,
    KnowledgeContribution,
    KnowledgeItem,
    KnowledgePublication,
    KnowledgeReport,
    KnowledgeReview,
    KnowledgeSearchRow,
    Nomination,
    PublicityRecord,
    StaffAccount,
    SynonymGroup,
)
from models.knowledge import KNOWLEDGE_KINDS, KNOWLEDGE_STATES
from models.publicity import PUBLICITY_STATES
from server.extensions import runtime
from services.context import unit_of_work
from services.knowledge.reading.counting import find_miscounted
from tests.console import ConsoleClient
from tests.http import code_of

SITE = "http://127.0.0.1:8100"


@pytest.fixture
def start(app):
    """Does what each start does with the data; returns the links."""

    def start() -> list[Link]:
        with app.app_context():
            ctx = runtime().context()
            demo.load(ctx)
            with unit_of_work(ctx.session):
                return invite_people(ctx)

    return start


def join(app, link: Link, username: str):
    token = link.path.partition("#")[2]
    body = {"token": token, "username": username, "password": "Mugwort-and-7-herbs"}
    console = ConsoleClient(app.test_client())
    return console, console.post("/invitations/accept", body)


def test_everybody_is_invited_and_nobody_has_a_password(app, session, start, clock):
    links = start()
    assert [link.person for link in links] == list(PEOPLE)
    accounts = session.scalars(select(StaffAccount)).all()
    assert len(accounts) == len(PEOPLE)
    assert {account.password_hash for account in accounts} == {None}
    for number, link in enumerate(links):
        console, answer = join(app, link, f"person{number}")
        assert answer.status_code == 200, answer.get_json()
        console.set_up_totp(clock)
        session_now = console.get("/session").get_json()
        (grant,) = session_now["grants"]
        assert (grant["role"], grant["organization"]["name"]) == (
            link.person.role,
            link.person.organization,
        )
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0


def test_links_are_fresh_at_each_start_and_vanish_once_claimed(app, session, start):
    first, second, *others = start()
    _, answer = join(app, first, "wulan")
    assert answer.status_code == 200
    again = start()
    assert [link.person for link in again] == list(PEOPLE[1:])
    assert again[0].path != second.path
    assert code_of(join(app, second, "suhe")[1]) == "invitation_not_found"
    assert join(app, again[0], "suhe")[1].status_code == 200
    account = session.scalars(
        select(StaffAccount).where(StaffAccount.name == others[0].person.name)
    ).one()
    account.disabled_at = account.created_at
    session.commit()
    assert [link.person for link in start()] == list(PEOPLE[3:])


def test_nominations_wait_in_a_draft(start, session):
    start()
    start()
    nominations = session.scalars(select(Nomination).order_by(Nomination.id)).all()
    assert [each.state for each in nominations] == ["submitted", "returned", "draft"]


def test_the_first_administrators_link_stands_out():
    links = [Link(person, f"/console/invitation#{n}") for n, person in enumerate(PEOPLE)]
    lines = describe_links(links, SITE).splitlines()
    assert lines[:6] == [
        "第一次使用：打开这个链接，创建系统管理员",
        f"  {SITE}/console/invitation#0",
        "",
        "其他示例人员，每个链接只能用一次：",
        "  安全管理员（内蒙古自治区卫生健康委员会）",
        f"    {SITE}/console/invitation#1",
    ]
    assert len(lines) == 4 + 2 * (len(PEOPLE) - 1)
    assert describe_links(links[1:], SITE).splitlines() == lines[3:]
    assert describe_links(links[:1], SITE).splitlines() == lines[:3]
    assert describe_links([], SITE) == ""


def test_the_file_of_links_is_private_and_made_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for text in ("旧\n", "新\n"):
        demo.write_links(text)
    path = tmp_path / "links.txt"
    assert path.read_text(encoding="utf-8") == "新\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.delenv("VAR_DIR")
    demo.write_links("链接\n")
    assert capsys.readouterr().out == "链接\n"


def test_health_knowledge_is_on_every_step_of_its_way(app, start, session, http, clock):
    start()
    with app.app_context():
        ctx = runtime().context()
        assert demo_knowledge.load(ctx).startswith("已载入示例：")
        assert demo_knowledge.load(ctx) == "示例健康知识已在，保持不变。"
        assert list(find_miscounted(ctx)) == []
    items = session.scalars(select(KnowledgeItem)).all()
    assert {item.state for item in items} == set(KNOWLEDGE_STATES)
    assert {(item.is_sample, item.is_demonstration) for item in items} == {(True, True)}
    assert len({item.organization_id for item in items}) == 3
    returned = session.scalars(
        select(KnowledgeReview).where(KnowledgeReview.verdict == "returned")
    ).all()
    assert all(review.comments for review in returned)

    published = session.scalars(select(KnowledgePublication)).all()
    assert {each.item_id for each in published} == {
        item.id for item in items if item.state == "published"
    }
    assert {each.kind for each in published} == set(KNOWLEDGE_KINDS)
    assert [each.name_mn for each in published if each.is_translation_stale] == ["ᠠᠨᠳᠠᠢ ᠪᠦᠵᠢᠭ"]
    overdue = [each for each in published if each.review_again_on < clock.now().date()]
    assert len(overdue) == len(demo_knowledge.OVERDUE)
    found = select(func.count()).select_from(KnowledgeSearchRow)
    assert session.scalar(found) == len(published)
    assert session.scalar(select(func.count()).select_from(SynonymGroup)) >= 25
    records = session.scalars(select(PublicityRecord)).all()
    assert {record.state for record in records} == set(PUBLICITY_STATES)
    assert len({record.organization_id for record in records}) == 2

    waiting = {
        KnowledgeComment: ("pending", 3),
        KnowledgeReport: ("open", 2),
        KnowledgeContribution: ("received", 2),
    }
    for table, (state, count) in waiting.items():
        found = select(func.count()).select_from(table).where(table.state == state)
        assert session.scalar(found) == count

    page = http.get("/knowledge/search", q="黄芪").get_json()
    assert page["items"][0]["name"] == "黄芪"
    assert page["items"][0]["is_sample"]
    words = http.get("/knowledge/hot-words").get_json()["items"]
    assert words[0] == {"text": "黄芪"}
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
