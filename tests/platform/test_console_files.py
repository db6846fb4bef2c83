"""The console's files as the server sends them; what the pages do is tested in tests/browser."""

import gzip
from pathlib import Path

import pytest

from tests.http import code_of
from tests.platform.builds import SCRIPT, leave_build


@pytest.fixture
def built(tmp_path: Path, app, monkeypatch) -> Path:
    leave_build(tmp_path, "console")
    (tmp_path / "theme.js").write_text("// theme")
    monkeypatch.setitem(app.config, "CONSOLE_FILES", tmp_path)
    return tmp_path


@pytest.fixture
def get(app):
    """Asks for a path and reads the whole answer."""

    def ask(path: str, **headers: str):
        with app.test_client().get(path, headers=headers) as answer:
            answer.get_data()
            return answer

    return ask


@pytest.mark.parametrize(
    "path", ["/console", "/console/", "/console/sign-in", "/console/campaigns/7", "/console/a/b/c"]
)
def test_every_page_path_gives_the_page(built, get, path):
    answer = get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "<title>console</title>" in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_has_a_strict_policy_of_its_own(built, get):
    headers = get("/console/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/gone-000000.js",
        "/console/assets/gone",
        "/console/robots.txt",
        "/console/../wsgi.py",
        "/console/..%2f..%2fwsgi.py",
        "/console/assets/..%2f..%2f..%2fwsgi.py",
    ],
)
def test_missing_files_and_foreign_ones_are_not_found(built, get, path):
    answer = get(path)
    assert answer.status_code == 404
    assert code_of(answer) == "not_found"


def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(built, get):
    kept = get("/console/assets/index-abc123.js")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.mimetype == "text/javascript"
    assert kept.text == SCRIPT
    assert get("/console/theme.js").headers["Cache-Control"] == "no-cache"
    assert get("/console/assets/font-abc123.woff2").mimetype == "font/woff2"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_files_are_sent_as_the_build_packed_them(built, get, accepted, encoding):
    answer = get("/console/assets/index-abc123.js", **{"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.mimetype == "text/javascript"
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpack = {"br": lambda _: SCRIPT.encode(), "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(answer.get_data()).decode() == SCRIPT


def test_without_a_build_the_page_says_what_to_do(app, get, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "CONSOLE_FILES", tmp_path)
    answer = get("/console/")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "make run" in answer.text
