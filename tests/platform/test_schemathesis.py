"""Schemathesis over the whole OpenAPI description: no 5xx, nothing undocumented.

The ids it tries first are small, and the campaign below has id 1, so it also gets past "not found".
"""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from server.api import all_endpoints
from tests.factories import Factory, SignedIn

OPERATIONS = sorted(
    (re.sub("<(?:id:)?(.*?)>", r"{\1}", rule), endpoint.method)
    for rule, endpoint in all_endpoints()
)


@pytest.fixture(scope="module")
def description(app):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.fixture
def voter(make: Factory) -> SignedIn:
    make.campaign(ballots_per_day=1000, ballots_per_entry_per_day=1000)
    return make.citizen()


def try_cases(operation, headers: dict[str, str], examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def try_case(case) -> None:
        # Well-formed is not yet true: a code may be unknown to WeChat, an entry to the campaign.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    try_case()


def test_no_operation_is_left_out(description):
    described = {
        (operation.ok().path, operation.ok().method.upper())
        for operation in description.get_all_operations()
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_citizen_may_send_anything(description, voter, path, method):
    headers = {"Authorization": f"Bearer {voter.token}"}
    try_cases(description[path][method], headers, examples=40)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_stranger_may_send_anything(description, voter, path, method):
    try_cases(description[path][method], {}, examples=10)
