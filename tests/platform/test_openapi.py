"""The API's description of itself, and the pages that show it."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.api import BLUEPRINTS, all_endpoints
from server.messages import TITLES, translate
from server.problems import EXAMPLE_DETAILS, STATUS_BY_CODE, describe_problems
from tests.platform.test_routes import ACCESS

# A part of a path that Flask reads: <id:item_id>
CONVERTED = re.compile("<(?:[a-z]+:)?([a-z_]+)>")


@pytest.fixture(scope="module")
def description(app) -> dict:
    return app.test_client().get("/api/v1/openapi.json").get_json()


def operations(description: dict):
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield f"{method.upper()} {path}", operation


def test_it_is_valid_openapi_3_1(description):
    assert description["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(description).validate()


def test_every_operation_documents_success_problems_and_examples(description):
    for name, operation in operations(description):
        responses = operation["responses"]
        assert operation["summary"], name
        assert operation["description"], name
        assert any(status.startswith("2") for status in responses), name
        assert {"429", "500", "503"} <= set(responses), name
        for status, response in responses.items():
            if status.startswith("2"):
                continue
            (content,) = response["content"].items()
            assert content[0] == "application/problem+json", (name, status)
            for code, example in content[1]["examples"].items():
                assert example["value"]["code"] == code
                assert example["value"]["status"] == int(status), (name, code)


def test_operations_that_need_a_token_say_so(description):
    needing = {
        name
        for name, operation in operations(description)
        if operation["security"] == [{"accessToken": []}]
    }
    assert needing == {
        method + " " + CONVERTED.sub(r"{\1}", rule)
        for (method, rule), caller in ACCESS.items()
        if caller == "citizen"
    }


def test_staff_operations_need_the_session_and_writes_its_csrf_token(description):
    for name, operation in operations(description):
        method, path = name.split()
        if not path.startswith("/api/v1/staff/") or not operation["security"]:
            continue
        assert operation["security"] == [{"staffSession": []}], name
        headers = {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"
        }
        assert ("X-CSRF-Token" in headers) == (method != "GET"), name


def test_every_parameter_is_described(description):
    for rule, endpoint in all_endpoints():
        path = re.sub("<(?:id:)?(.*?)>", r"{\1}", rule)
        parameters = description["paths"][path][endpoint.method.lower()].get("parameters", ())
        named = {each["name"] for each in parameters if each["in"] == "query"}
        expected = set() if endpoint.query is None else set(endpoint.query.load_fields)
        assert named == expected, rule


def test_every_code_has_a_status_a_title_and_words_in_chinese(app):
    for code, status in STATUS_BY_CODE.items():
        assert translate(code, "zh-Hans", **EXAMPLE_DETAILS), code
        assert TITLES["zh-Hans"][str(status)], code


def test_every_refusal_of_a_route_is_a_known_code(app):
    for blueprint in BLUEPRINTS:
        for endpoint in blueprint.endpoints:
            assert list(describe_problems(endpoint))


def test_the_documents_come_from_our_own_files_under_a_strict_policy(app):
    client = app.test_client()
    with client.get("/docs/") as page:
        html = page.get_data(as_text=True)
        policy = page.headers["Content-Security-Policy"]
    assert "http://" not in html
    assert "https://" not in html
    assert "script-src 'self';" in policy
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js", "page.css"):
        with client.get(f"/docs/{name}") as file:
            assert file.status_code == 200, name


def test_documents_can_be_switched_off(another_client):
    assert another_client(has_docs=False).get("/docs/").status_code == 404
