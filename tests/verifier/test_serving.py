"""The site hands out the very file that checks it."""

from tests.verifier.conftest import TOOL


def test_the_program_is_there_to_be_downloaded(app):
    answer = app.test_client().get("/verify_ledger.py")
    assert answer.status_code == 200
    assert answer.data == TOOL.read_bytes()
    assert answer.headers["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "attachment; filename=verify_ledger.py"
    assert answer.headers["Cache-Control"] == "no-cache"
    tag = answer.headers["ETag"]
    answer.close()
    again = app.test_client().get("/verify_ledger.py", headers={"If-None-Match": tag})
    assert again.status_code == 304
    again.close()
