"""Who writes, reviews and publishes in tests of health knowledge."""

import pytest

from tests.knowledge.writing import HERB, Written, begin


@pytest.fixture
def hospital(make):
    return make.institution("东胜区蒙医医院")


@pytest.fixture
def nurse(make, hospital):
    return make.console("institution_staff", hospital, name="乌云")


@pytest.fixture
def doctor(make):
    return make.console("medical_reviewer", name="巴特尔")


@pytest.fixture
def officer(make):
    return make.console("district_officer", name="王敏")


@pytest.fixture
def herb(nurse, hospital) -> Written:
    """A complete draft of a herb, revision 2."""
    item = begin(nurse, hospital)
    answer = item.save(HERB)
    assert answer.status_code == 200, answer.get_json()
    return item
