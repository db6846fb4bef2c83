"""A right ledger is found right, and what is said of it is true."""

import ast
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.verifier.conftest import HIDDEN, PUBLISHED, RUNNING, TOOL, codes
from tests.verifier.writer import Log, tree_hash

ALLOWED = {"cryptography"}


def test_it_imports_only_the_standard_library_and_cryptography():
    tree = ast.parse(TOOL.read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    assert imported - set(sys.stdlib_module_names) == ALLOWED


def test_its_grammar_is_that_of_python_3_9():
    ast.parse(TOOL.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_every_finding_has_words_in_both_languages(tool):
    tree = ast.parse(TOOL.read_text(encoding="utf-8"))
    named = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in SPOKEN
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
    assert named <= set(tool.WORDS)
    assert len(named) > 60
    assert all(len(texts) == 2 and all(texts) for texts in tool.WORDS.values())


SPOKEN = {"add", "note", "wrong", "CannotCheck", "say", "_require_two_persons"}


def test_a_right_ledger_is_right(check, world, site):
    world.publish(site)
    result = check()
    assert result.report.findings == []
    assert result.exit_code == 0
    campaigns = result.replay.campaigns
    assert campaigns[PUBLISHED].by_state == [302, 0, 2]
    assert dict(campaigns[PUBLISHED].standings()) == world.published_votes
    assert campaigns[HIDDEN].standings() == [(50, 100), (51, 100)]
    assert campaigns[RUNNING].standings() == [(60, 50), (61, 50)]


def test_the_first_time_it_says_that_the_key_is_the_sites_own(check, world, site):
    world.publish(site)
    assert codes(check().report.notes) == ["key_from_site", "first_time"]
    assert check().report.notes == []


def test_a_given_key_is_not_taken_from_the_site(check, world, site):
    world.publish(site)
    notes = check("--key", world.log.signer.verifier_key).report.notes
    assert codes(notes) == ["first_time"]


def test_what_a_program_is_told(tool, world, site, tmp_path, capsys):
    world.publish(site)
    code = tool.main([site.url, "--state", str(tmp_path / "state"), "--json", "--patience", "0"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["verdict"], told["findings"]) == (0, "right", [])
    assert told["checkpoint"]["size"] == len(world.log.records)
    assert [each["verdict"] for each in told["campaigns"]] == [
        "campaign_equal",
        "campaign_equal_unpublished",
        "campaign_running",
    ]
    assert told["campaigns"][0]["standings"][0] == {"entry": 42, "number": 1, "votes": 102}


def test_as_a_program_of_its_own_in_chinese_and_english(world, site, tmp_path):
    world.publish(site)
    folder = tmp_path / "copy"
    chinese = run_tool(site.url, "--folder", str(folder), cwd=tmp_path)
    assert chinese.returncode == 0, chinese.stdout + chinese.stderr
    assert "结论：全部核对无误。" in chinese.stdout
    assert "账本里共 304 票：计入 302，待核 0，作废 2。" in chinese.stdout
    assert '第 2 名　3 号 引号"与\\斜线　101 票' in chinese.stdout
    english = run_tool("--folder", str(folder), "--english", cwd=tmp_path)
    assert english.returncode == 0, english.stdout + english.stderr
    assert "Verdict: all is right." in english.stdout
    assert (tmp_path / "sain-ledger.state.json").exists()


def test_as_a_program_of_its_own_when_something_is_wrong(world, site, tmp_path):
    world.log.ballot(RUNNING, 60, voter=0)
    world.publish(site)
    wrong = run_tool(site.url, "--patience", "0", cwd=tmp_path)
    assert wrong.returncode == 1
    assert "给参评对象 60 投了 2 票，限 1 票" in wrong.stdout
    assert "[too_many_for_an_entry]" in wrong.stdout
    assert not (tmp_path / "sain-ledger.state.json").exists()


def test_as_a_program_of_its_own_when_there_is_nothing_to_check(tmp_path):
    nothing = run_tool(cwd=tmp_path)
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "没能完成核对" in nothing.stderr
    assert run_tool("--campaign", "seven", cwd=tmp_path).returncode == 2


def run_tool(*arguments: str, cwd) -> subprocess.CompletedProcess:
    command = [sys.executable, "-X", "utf8", str(TOOL), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=60)


def test_one_campaign_alone(check, world, site):
    world.publish(site)
    assert list(check("--campaign", str(HIDDEN)).replay.campaigns) == [HIDDEN]


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 300, 512])
def test_ledgers_of_every_size(check, site, size):
    log = Log()
    for _ in range(size):
        log.rules(1)
    site.files = log.publish()
    result = check("--key", log.signer.verifier_key)
    assert (result.exit_code, result.report.findings) == (0, [])


def test_the_tree_over_more_than_two_levels_of_tiles(tool):
    leaves = [number.to_bytes(32, "big") for number in range(256 * 257 + 3)]
    tree, full = tool.Tree(), []
    for number in range(257):
        full += tree.add_full_bundle(tool.root_of(leaves[number * 256 : number * 256 + 256]))
    assert tree.root(leaves[-3:]) == tree_hash(leaves)
    assert tree.root([]) == tree_hash(leaves[: 256 * 257])
    assert [(level, number) for level, number, _ in full] == [(1, 0)]
    assert [(level, number, len(each)) for level, number, each in tree.partial_tiles()] == [
        (1, 1, 1),
        (2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_names_of_tiles(tool, number, name):
    assert tool.tile_name(number) == name


def test_a_downloaded_copy_is_checked_without_the_site(check, world, site, tmp_path):
    world.publish(site)
    site.save(tmp_path / "copy")
    asked = len(site.asked)
    arguments = ("--folder", str(tmp_path / "copy"), "--key", world.log.signer.verifier_key)
    result = check(*arguments, url=None)
    assert (result.exit_code, len(site.asked)) == (0, asked)
    assert "api_absent" in codes(result.report.notes)
    tile = tmp_path / "copy" / "tile" / "0" / "000"
    tile.write_bytes(b"\xff" + tile.read_bytes()[1:])
    assert codes(check(*arguments, url=None).report.findings) == ["tile_wrong"]


def test_what_was_downloaded_is_not_downloaded_again(check, world, site, tmp_path):
    world.publish(site)
    folder = ("--folder", str(tmp_path / "kept"))
    check(*folder)
    world.log.ballot(RUNNING, 60, voter=500)
    world.publish(site)
    site.asked.clear()
    assert check(*folder).exit_code == 0
    tiles = [path for path in site.asked if "/tile/" in path]
    assert tiles
    assert all(".p/" in path for path in tiles)


def test_what_was_spoilt_on_the_way_is_fetched_again(check, world, site, tmp_path):
    world.publish(site)
    folder = ("--folder", str(tmp_path / "kept"))
    check(*folder)
    for name in ("entries/000", "0/001"):
        (tmp_path / "kept" / "tile" / name).write_bytes(b"cut short")
    assert check(*folder).exit_code == 0


def test_a_partial_tile_that_has_grown_meanwhile_is_there_in_full(check, world, site):
    world.publish(site)
    signed = site.files["/ledger/checkpoint"]
    for voter in range(1000, 1300):
        world.log.ballot(RUNNING, 60, voter)
    world.publish(site)
    site.files = {path: data for path, data in site.files.items() if ".p/" not in path}
    site.files["/ledger/checkpoint"] = signed
    partial = [f"/ledger/tile/1/000.p/{len(world.log.records[:-300]) // 256}"]
    grown = tree_tiles(world.log.leaves)
    site.files |= {path: grown for path in partial}
    assert check().exit_code == 0


def tree_tiles(leaves: list[bytes]) -> bytes:
    whole = (len(leaves) - 300) // 256
    return b"".join(tree_hash(leaves[256 * i : 256 * i + 256]) for i in range(whole))


def test_a_busy_site_is_waited_for(check, tool, world, site, monkeypatch):
    waited = []
    monkeypatch.setattr(tool, "time", SimpleNamespace(**vars(tool.time) | {"sleep": waited.append}))
    world.publish(site)
    site.refusals = [(429, {"Retry-After": "7"}), (503, {})]
    assert check().exit_code == 0
    assert waited == [7, 0]


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        (None, 0, 0),
        ("3", 3, 3),
        ("999999999", 120, 120),
        ("soon", 0, 0),
        ("-5", 0, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 120, 120),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0, 0),
    ],
)
def test_how_long_a_site_may_make_one_wait(tool, value, least, most):
    assert least <= tool._retry_after(value) <= most


def test_a_site_at_work_between_two_requests_is_looked_at_again(
    check, tool, world, site, monkeypatch
):
    world.publish(site)
    site.show(PUBLISHED, world.names[PUBLISHED], {"items": [], "total_votes": 0, "is_final": True})
    monkeypatch.setattr(
        tool,
        "time",
        SimpleNamespace(**vars(tool.time) | {"sleep": lambda seconds: world.publish(site)}),
    )
    assert check("--patience", "60").exit_code == 0
