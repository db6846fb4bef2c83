"""Two database roles: one owns the tables, the other is the application's and may not rewrite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from flask_migrate import downgrade, upgrade
from psycopg import sql
from sqlalchemy import make_url

from devtools.embedded.postgres import OWNER
from server import create_app
from tests.conftest import close_connections
from tests.http import code_of

# With a column of each.
APPEND_ONLY = {
    "audit_records": "number",
    "ballots": "number",
    "consents": "version",
    "knowledge_reviews": "verdict",
    "ledger_checkpoints": "note",
    "ledger_records": "data",
}


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))


@pytest.fixture
def application(app, config) -> Iterator[psycopg.Connection]:
    """A connection as the application makes it."""
    with connect(config.database_url) as connection:
        yield connection


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "TRUNCATE {table} CASCADE",
        "SELECT FROM {table} FOR UPDATE",
        "ALTER TABLE {table} ADD COLUMN more text",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "DROP TABLE {table}",
        "CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION keep_ancestors()",
        "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
    ],
)
def test_what_is_written_stays_as_it_is(application, note, table, statement):
    note()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement.format(table=table, column=APPEND_ONLY[table]))


def test_the_application_does_not_become_another_role(application):
    for role in (OWNER, "postgres"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(f"SET ROLE {role}")
        application.rollback()


def test_the_application_does_not_give_itself_rights(application):
    # No error to PostgreSQL, as there are rights to grant: none.
    application.execute("GRANT ALL ON audit_records TO sain")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("DELETE FROM audit_records")


def test_everything_else_it_may_do(application):
    tables = application.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall()
    assert len(tables) > 20
    for (table,) in tables:
        rights = ["SELECT", "INSERT"]
        if table not in APPEND_ONLY:
            rights += ["UPDATE", "DELETE"]
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            (has,) = application.execute(
                "SELECT has_table_privilege(%s, %s)", (table, right)
            ).fetchone()
            assert has == (right in rights), (table, right)


def test_verifying_says_nothing_of_roles_when_they_are_two(app, verify):
    assert verify().stderr == ""


@contextmanager
def database(real_engines, owner: str) -> Iterator[str]:
    """The name of an empty database."""
    superuser = real_engines.postgres.url_for("postgres", role="postgres")
    with connect(superuser) as connection:
        connection.autocommit = True
        connection.execute(sql.SQL("CREATE DATABASE trial OWNER {}").format(sql.Identifier(owner)))
        try:
            yield "trial"
        finally:
            connection.execute("DROP DATABASE trial WITH (FORCE)")


@contextmanager
def application_on(config, **changes):
    app = create_app(replace(config, **changes))
    try:
        with app.app_context():
            yield app
    finally:
        close_connections(app)


def rights_on(url: str, table: str) -> set[str]:
    with connect(url) as connection:
        return {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if connection.execute("SELECT has_table_privilege(%s, %s)", (table, right)).fetchone()[
                0
            ]
        }


def test_migrating_step_by_step_gives_rights_to_what_is_there(real_engines, config):
    with database(real_engines, OWNER) as name:
        urls = {
            "database_url": real_engines.postgres.url_for(name),
            "database_owner_url": real_engines.postgres.url_for(name, role=OWNER),
        }
        with application_on(config, **urls):
            upgrade(revision="0001")
            assert rights_on(urls["database_url"], "ballots") == {"SELECT", "INSERT"}
            upgrade()
            upgrade()
            for table in APPEND_ONLY:
                assert rights_on(urls["database_url"], table) == {"SELECT", "INSERT"}
            assert "TRUNCATE" not in rights_on(urls["database_url"], "citizens")
            assert "DELETE" in rights_on(urls["database_url"], "citizens")
            downgrade(revision="base")


def test_rights_given_by_hand_are_taken_back(real_engines, config):
    with database(real_engines, OWNER) as name:
        urls = {
            "database_url": real_engines.postgres.url_for(name),
            "database_owner_url": real_engines.postgres.url_for(name, role=OWNER),
        }
        with application_on(config, **urls):
            upgrade()
            with connect(urls["database_owner_url"]) as owner:
                owner.execute("GRANT ALL ON audit_records TO sain")
            upgrade()
            assert rights_on(urls["database_url"], "audit_records") == {"SELECT", "INSERT"}


@pytest.mark.parametrize("owner_url", [None, "the same role"])
def test_one_role_for_both_works_and_verifying_warns(real_engines, config, owner_url):
    with database(real_engines, "sain") as name:
        url = real_engines.postgres.url_for(name)
        changes = {"database_url": url, "database_owner_url": owner_url and url}
        with application_on(config, **changes) as app:
            upgrade()
            assert "DELETE" in rights_on(url, "audit_records")
            result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, "DATABASE_OWNER_URL" in result.stderr) == (0, True)


def test_voting_and_working_at_the_console_need_no_more_rights(http, make):
    campaign = make.campaign()
    entry = make.entries(campaign)[0]
    assert http.vote(campaign.id, entry, token=make.citizen().token).status_code == 201
    manager = make.console("district_manager")
    body = {"name": "某人", "organization_id": make.institution().id}
    answer = manager.post("/accounts", body)
    assert answer.status_code == 201, code_of(answer)
