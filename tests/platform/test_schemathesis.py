"""Schemathesis over the whole OpenAPI description: no 5xx, nothing undocumented.

The ids it tries first are small, and the campaign below has id 1, so it also gets past "not found".
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from server.api import all_endpoints
from services.access import ROLES
from tests.factories import Factory, SignedIn

ENDPOINTS = {
    (re.sub("<(?:id:)?(.*?)>", r"{\1}", rule), endpoint.method): endpoint
    for rule, endpoint in all_endpoints()
}
OPERATIONS = sorted(ENDPOINTS)
OF_STAFF = [key for key in OPERATIONS if "/staff/" in key[0]]
OF_CITIZENS = sorted(set(OPERATIONS) - set(OF_STAFF))
# That the console is closed to strangers tests/staff/test_permissions.py tries on every route.
FOR_STRANGERS = [key for key in OPERATIONS if not ENDPOINTS[key].is_staff]
# Whoever of these comes first may call a route that demands a permission.
ROLES_TRIED = (
    "district_manager",
    "institution_manager",
    "medical_reviewer",
    "system_administrator",
    "security_administrator",
    "auditor",
)


@pytest.fixture(scope="module")
def description(app):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.fixture
def voter(make: Factory) -> SignedIn:
    make.campaign(ballots_per_day=1000, ballots_per_entry_per_day=1000)
    return make.citizen()


def try_cases(
    operation, examples: int, ids: Mapping[str, int] = MappingProxyType({}), **credentials
) -> None:
    """Call the operation with made-up values, under ids that exist where `ids` has them."""

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
        for part in (case.path_parameters, case.body):
            if isinstance(part, dict):
                part |= {name: ids[name] for name in part if name in ids}
        # Well-formed is not yet true: a code may be unknown to WeChat, an entry to the campaign.
        case.call_and_validate(excluded_checks=[positive_data_acceptance], **credentials)

    try_case()


def test_no_operation_is_left_out(description):
    described = {
        (operation.ok().path, operation.ok().method.upper())
        for operation in description.get_all_operations()
    }
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(("path", "method"), OF_CITIZENS)
def test_a_citizen_may_send_anything(description, voter, path, method):
    headers = {"Authorization": f"Bearer {voter.token}"}
    try_cases(description[path][method], 40, headers=headers)


@pytest.mark.parametrize(("path", "method"), OF_STAFF)
def test_staff_may_send_anything(description, make, path, method):
    demanded = ENDPOINTS[path, method].requires
    role = next(
        role
        for role in ROLES_TRIED
        if not demanded or not ROLES[role].permissions.isdisjoint(demanded)
    )
    hospital = make.institution()
    ids = {
        "organization_id": hospital.id,
        "parent_id": hospital.parent_id,
        "account_id": make.staff(at=hospital).id,
    }
    console = make.console(role)
    try_cases(
        description[path][method],
        10,
        ids,
        headers={"X-CSRF-Token": console.csrf_token, "If-Match": '"1"'},
        cookies={"sain_staff": console.client.get_cookie("sain_staff").value},
    )


@pytest.mark.parametrize(("path", "method"), FOR_STRANGERS)
def test_a_stranger_may_send_anything(description, voter, path, method):
    try_cases(description[path][method], 10)
