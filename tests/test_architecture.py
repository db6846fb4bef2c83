"""House rules that a machine can check; the import contracts are in pyproject.toml."""

import ast
import re
import tomllib
from pathlib import Path

from server.problems import STATUS_BY_CODE
from services import errors
from services.organizations.importing import BLAME

ROOT = Path(__file__).parent.parent
PRODUCTION = ("models", "services", "server")
REFUSALS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.ServiceError)
}


def modules(*folders: str):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_only_the_unit_of_work_commits():
    committing = {
        str(path)
        for path, tree in modules(*PRODUCTION)
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    }
    assert committing == {"services/context.py"}


def test_services_read_no_clock_and_no_environment():
    forbidden = re.compile(r"datetime\.now|utcnow|date\.today|os\.environ|getenv")
    reading = [
        str(path) for path, _ in modules("services") if forbidden.search((ROOT / path).read_text())
    ]
    assert reading == []


def test_every_code_a_service_raises_has_a_status():
    raised = {
        call.args[0].value
        for _, tree in modules("services", "server")
        for call in calls(tree)
        if isinstance(call.func, ast.Name)
        and call.func.id in REFUSALS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert raised <= set(STATUS_BY_CODE)
    assert len(raised) > 20


def test_every_code_of_a_rows_error_has_words():
    codes = {
        call.args[0].value
        for _, tree in modules("services")
        for call in calls(tree)
        if isinstance(call.func, ast.Name)
        and call.func.id == "Unfit"
        and isinstance(call.args[0], ast.Constant)
    }
    texts = tomllib.loads((ROOT / "server/messages/zh-Hans.toml").read_text(encoding="utf-8"))
    rows = set(texts["rows"])
    assert codes <= rows
    assert set(BLAME) - {""} <= rows | set(STATUS_BY_CODE)


def test_handlers_of_routes_are_at_most_six_lines():
    long = [
        f"{path}:{node.name}"
        for path, tree in modules("server/api", "server/staff")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(each, ast.Call) for each in node.decorator_list)
        and node.end_lineno - node.lineno + 1 > 6
    ]
    assert long == []


def test_no_python_file_is_longer_than_450_lines():
    folders = (*PRODUCTION, "devtools", "bench", "tests")
    long = [
        str(path)
        for path, _ in modules(*folders)
        if len((ROOT / path).read_text().splitlines()) > 450
    ]
    assert long == []


def test_there_is_one_head_of_migrations_and_they_are_numbered():
    names = sorted(path.name for path in (ROOT / "models/migrations/versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]


def test_the_migrations_make_exactly_the_tables_of_the_models(app):
    """A column added to a model without a migration fails here and not in production."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from models import db

    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
