import pytest

# So that what axe-core finds is shown when it fails a test.
pytest.register_assert_rewrite("tests.browser.watching")
