"""A lock file names packages, versions and hashes; whatever else it holds is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.environments import read_lock
from grader.errors import SpecError

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
FILE = Path("requirements.lock")
LOCK = f"""\
# This file was made by a tool.
numpy==2.4.6 \\
    --hash={A} \\
    --hash={B}
    # via scipy
scipy[extra]==1.17.1 ; python_version >= '3.11' \\
    --hash={B}
"""


def read(text: str):
    return read_lock(text.encode(), FILE)


def test_what_the_usual_tools_write_is_read():
    assert (
        f"numpy==2.4.6 --hash={A} --hash={B}",
        f"scipy[extra]==1.17.1 ; python_version >= '3.11' --hash={B}",
    ) == read(LOCK).lines


@pytest.mark.parametrize(
    "text",
    [
        LOCK.replace("#", "# another"),
        LOCK.replace("\n", "\r\n"),
        f"scipy[extra]==1.17.1 ; python_version >= '3.11' --hash={B}\n\n"
        f"NumPy==2.4.6 --hash={B} --hash={A}  # reordered",
    ],
    ids=["comments", "line ends", "order and layout"],
)
def test_layout_makes_no_other_environment(text):
    assert read(LOCK).digest == read(text).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [("2.4.6", "2.4.5"), (A, "sha256:" + "c" * 64), ("3.11", "3.12"), ("[extra]", "")],
)
def test_what_is_installed_makes_another_environment(old, new):
    assert read(LOCK).digest != read(LOCK.replace(old, new)).digest


def test_another_interpreter_makes_another_environment(monkeypatch):
    before = read(LOCK).digest
    monkeypatch.setattr("sysconfig.get_config_var", lambda _: "cpython-399-riscv64-linux-gnu")
    assert before != read(LOCK).digest


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("--no-binary :all:", "is an option"),
        ("--index-url https://elsewhere.example/simple", "is an option"),
        ("-r other.lock", "is an option"),
        ("-e .", "is an option"),
        ("--only-binary=:none:", "is an option"),
        (f"tidy @ https://elsewhere.example/tidy.whl --hash={A}", "not a package in one version"),
        (f"./tidy-1.0-py3-none-any.whl --hash={A}", "not a package in one version"),
        (f"git+https://elsewhere.example/tidy --hash={A}", "not a package in one version"),
        (f"tidy>=1.0 --hash={A}", "not a package in one version"),
        (f"tidy==1.* --hash={A}", "neither a hash nor a marker"),
        (f"tidy==1.0,<2 --hash={A}", "neither a hash nor a marker"),
        (f"tidy==${{VERSION}} --hash={A}", "not a package in one version"),
        ("tidy==1.0", "tidy has no hash"),
        ("tidy==1.0 --hash=md5:" + "a" * 64, "neither a hash nor a marker"),
        (f"tidy==1.0 --config-settings=x=y --hash={A}", "neither a hash nor a marker"),
        (f"tidy==1.0 ; os_name == 'nt' --global-option=x --hash={A}", "neither a hash"),
        (f"tidy==1.0 ; os_name == '${{HOME}}' --hash={A}", "neither a hash nor a marker"),
        (f"tidy==1.0 \\\n --no-binary=:all: --hash={A}", "neither a hash nor a marker"),
        (f"tidy==1.0 --hash={A}\f--no-binary=:all:", "is an option"),
    ],
)  # fmt: skip
def test_whatever_else_it_holds_is_refused_with_its_line(line, problem):
    with pytest.raises(SpecError) as told:
        read(f"# first\nnumpy==2.4.6 --hash={A}\n{line}\n")
    assert problem in told.value.problem
    assert told.value.line in (3, 4)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", ["", "# nothing\n", "\\\n\\\n"])
def test_a_file_that_names_nothing_is_refused(text):
    with pytest.raises(SpecError, match="names no package"):
        read(text)


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(SpecError, match="not UTF-8"):
        read_lock(b"numpy==2.4.6\xff", FILE)
