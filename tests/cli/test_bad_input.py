"""Every mistake is one line that says what, where and what to do, and never a traceback."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.intake import IntakeLimits

GOOD = "def double(x): return 2 * x\ndef shift(x): return x + 1\n"


def zipped(*members: tuple[str | zipfile.ZipInfo, str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return archive.getvalue()


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("solution.py")
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def tarred(name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as packed:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        member.size = len(GOOD) if kind == tarfile.REGTYPE else 0
        packed.addfile(member, io.BytesIO(GOOD.encode()))
    return archive.getvalue()


LARGEST = IntakeLimits().source_bytes
SUBMISSIONS: dict[str, tuple[str, bytes, str]] = {
    "too large": ("solution.py", b"#" * (LARGEST + 1), "262,144 bytes"),
    "empty": ("solution.py", b"", "empty"),
    "NUL": ("solution.py", b"x = 1\n\x00", "NUL"),
    "encoding": ("solution.py", b"# caf\xe9\n", "UTF-8"),
    "declared encoding": ("solution.py", b"# coding: ascii\n# \xe9\n", "ascii"),
    "traversal": ("work.zip", zipped(("../solution.py", GOOD)), "leave"),
    "absolute": ("work.zip", zipped(("/solution.py", GOOD)), "solution.py"),
    "link": ("work.zip", zipped((link(), "/etc/passwd")), "link"),
    "bomb": (
        "work.zip",
        zipped(("solution.py", GOOD), ("big.py", "0" * (30 << 20))),
        "20,971,520 bytes",
    ),
    "10,000 members": (
        "work.zip",
        zipped(*((f"{n}.py", "") for n in range(10_000)), ("solution.py", GOOD)),
        "200",
    ),
    "duplicates": ("work.zip", zipped(("solution.py", GOOD), ("Solution.py", GOOD)), "twice"),
    "not an archive": ("work.zip", b"PK nonsense", "zip"),
    "nothing of use": ("work.zip", zipped(("readme.txt", "hello")), "solution.py"),
    "tar traversal": ("work.tar.gz", tarred("../solution.py"), "leave"),
    "tar link": ("work.tar.gz", tarred("solution.py", tarfile.SYMTYPE), "link"),
    "tar device": ("work.tar.gz", tarred("solution.py", tarfile.CHRTYPE), "solution.py"),
}


@pytest.mark.parametrize("case", sorted(SUBMISSIONS))
def test_a_submission_that_cannot_be_taken(run, small, write, refused, case):
    name, content, part = SUBMISSIONS[case]
    refused(run("check", small, write(content, name), "--json"), part)


def test_a_file_that_is_not_there(run, small, refused):
    refused(run("check", small, "nowhere.py"), "nowhere.py")


def test_a_folder_in_the_place_of_a_file(run, small, refused):
    refused(run("check", small, small))


def test_a_required_file_that_is_missing(run, small, write, refused):
    toml = small / "assignment.toml"
    toml.write_text(toml.read_text().replace('["solution.py"]', '["solution.py", "extra.py"]'))
    (small / "extra.py").write_text("x = 1\n")
    refused(run("check", small, write(GOOD)), "extra.py")


def test_an_unknown_assignment_names_the_nearest(run, write, refused):
    refused(run("check", "mlp-backpropp", write(GOOD)), "mlp-backpropp", "mlp-backprop")


SPECS: dict[str, tuple[str, str, str]] = {
    "unknown key": ("points = 2", "pionts = 2", "points"),
    "wrong type": ("points = 2", 'points = "two"', "points"),
    "boolean points": ("points = 2", "points = true", "points"),
    "no points": ("points = 2", "points = 0", "points"),
    "negative points": ("points = 2", "points = -1", "points"),
    "unknown input": ('inputs = "batch"', 'inputs = "bach"', "batch"),
    "circle": ("points = 2", 'points = 2\nneeds = ["shift"]', "circle"),
    "needs nobody": ("points = 2", 'needs = ["shfit"]', "shift"),
    "unknown kind": ('kind = "output"', 'kind = "outputs"', "output"),
    "not TOML": ("points = 2", "points = = 2", "line"),
    "unknown unit": ('wall_time = "2s"', 'wall_time = "2 fortnights"', "wall_time"),
}


@pytest.mark.parametrize("case", sorted(SPECS))
def test_an_assignment_that_is_wrong(run, small, write, refused, case):
    old, new, part = SPECS[case]
    toml = small / "assignment.toml"
    text = toml.read_text().replace(old, new, 1)
    if case == "circle":
        text = text.replace('visible = "never"', 'needs = ["double"]')
    toml.write_text(text)
    refused(run("check", small, write(GOOD)), part, "assignment.toml")


def test_a_snippet_that_does_not_parse(run, small, write, refused):
    toml = small / "assignment.toml"
    toml.write_text(toml.read_text().replace('double(x)"', 'double(x"', 1))
    refused(run("check", small, write(GOOD)), "double", "does not parse", "never closed")


@pytest.mark.parametrize(
    ("solution", "part"),
    [
        ("def double(x): return 1 / 0\ndef shift(x): return x\n", "ZeroDivisionError"),
        ("import os\ndef double(x): return os.urandom(3).hex()\ndef shift(x): pass\n", "twice"),
        ("def double(x:\n", "SyntaxError"),
    ],
    ids=["raises", "random", "does not parse"],
)
def test_a_solution_that_is_wrong(run, small, write, refused, solution, part):
    (small / "solution.py").write_text(solution)
    refused(run("check", small, write(GOOD), "--json"), part, "solution.py")


def test_a_folder_without_a_solution(run, small, write, refused):
    (small / "solution.py").unlink()
    refused(run("check", small, write(GOOD)), "solution.py")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--check", "dubble"), "double"),
        (("--tier", "nsjail"), "namespaces, landlock"),
        (("--seed", "x"), "seed"),
        (("--seed", "-1"), "seed"),
        (("--jsn",), "--json"),
    ],
)
def test_an_option_that_is_wrong(run, small, write, refused, arguments, part):
    refused(run("check", small, write(GOOD), *arguments), part)


def test_an_argument_that_is_missing(run, small, refused):
    refused(run("check", small), "PATH")
    refused(run("chekc"), "chekc")


# The machine


def test_a_tier_that_needs_bubblewrap_where_there_is_none(run, small, write, refused, tmp_path):
    told = run("check", small, write(GOOD), "--tier", "namespaces", PATH=str(tmp_path))
    refused(told, "bwrap", "sudo apt install bubblewrap", status=3)


@pytest.mark.parametrize(
    ("variables", "part"),
    [
        ({"GRADER_CACHE_DIR": "/proc/cache"}, "/proc/cache"),
        ({"GRADER_SANDBOX_TIER": "none"}, "namespaces"),
        ({"GRADER_SANDBOX_UID": "root"}, "user id"),
    ],
    ids=["cache", "tier", "uid"],
)
def test_a_setting_that_is_wrong(run, small, write, refused, variables, part):
    refused(run("check", small, write(GOOD), **variables), part, status=3)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_cache_that_another_user_could_have_filled_is_refused(
    run, small, write, refused, tmp_path
):
    folder = tmp_path / "planted"
    folder.mkdir()
    os.chown(folder, 12_345, 12_345)
    refused(run("check", small, write(GOOD), GRADER_CACHE_DIR=str(folder)), "planted", status=3)


@pytest.mark.parametrize("option", ["--json", "--visible"])
def test_a_full_disk_under_stdout(command, environment, small, option, tier_or_reason, require):
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [*command, "check", small, small / "solution.py", option],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert 3 == told.returncode
    assert 1 == told.stderr.count("\n"), told.stderr
    assert "No space left on device" in told.stderr


def test_a_reader_who_has_gone_gets_no_complaint(
    command, environment, small, tier_or_reason, require
):
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    reader, writer = os.pipe()
    os.close(reader)
    told = subprocess.run(
        [*command, "check", small, small / "solution.py", "--json"],
        env=environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert "" == told.stderr
    assert 1 == told.returncode
