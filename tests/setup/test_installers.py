"""Which installer is used, in which order, and what its failure means to a person."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.bootstrap import installers
from grader.bootstrap.environment import Environment
from grader.bootstrap.failures import SetupFailed, explain_installer, explain_os_error
from grader.bootstrap.setup import bench_requirements


@pytest.fixture
def environment(tmp_path):
    environment = Environment(str(tmp_path))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    return environment


@pytest.fixture
def tools(monkeypatch):
    """Plays every tool: `tools.fail` maps a phrase of a command to what it prints on failing."""
    return Tools(monkeypatch)


class Tools:
    def __init__(self, monkeypatch):
        self.fail = {}
        self.commands = []
        self.on_path = None
        monkeypatch.setattr(shutil, "which", lambda _: self.on_path)
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command, *, stdout, **_):
        self.commands.append(" ".join(command))
        for phrase, says in self.fail.items():
            if phrase in self.commands[-1]:
                stdout.write(says.encode())
                stdout.flush()
                return subprocess.CompletedProcess(command, 1)
        if "requirements-uv.lock" in self.commands[-1]:
            Path(command[0]).with_name("uv").touch(mode=0o755)
        return subprocess.CompletedProcess(command, 0)

    def install(self, environment, lock="requirements.lock"):
        installers.Installer(environment, lock_descriptor=0).install_locked(lock)

    def used(self, phrase):
        return [command for command in self.commands if phrase in command]


def test_uv_on_path_is_used_alone(environment, tools):
    tools.on_path = "/opt/uv"
    tools.install(environment)
    *installs, compiled = tools.commands
    assert 2 == len(installs)
    assert installs == tools.used("/opt/uv pip install --python")
    assert "-m compileall" in compiled


def test_without_uv_it_is_installed_with_hashes_inside_the_environment(environment, tools):
    tools.install(environment)
    (fetched,) = tools.used("requirements-uv.lock")
    assert "-m pip" in fetched
    assert "--require-hashes" in fetched
    assert 2 == len(tools.used(f"{environment.scripts}/uv pip install"))


def test_pip_takes_over_where_uv_cannot_be_installed(environment, tools):
    tools.fail = {"requirements-uv.lock": "no wheel for this platform"}
    tools.install(environment)
    assert [] == tools.used("/uv pip")
    assert tools.used("-m pip --no-input")[-2].endswith("requirements.lock")


def test_pip_takes_over_where_uv_fails(environment, tools):
    tools.on_path = "/opt/uv"
    tools.fail = {"/opt/uv": "error: dns error"}
    tools.install(environment)
    assert "--no-deps --no-build-isolation -e" in tools.commands[-2]
    assert "-m pip" in tools.commands[-2]


def test_without_ensurepip_the_interpreters_own_pip_installs_into_the_environment(
    environment, tools
):
    tools.fail = {
        f"{environment.python} -m pip": "No module named pip",
        "-m ensurepip": "No module named ensurepip",
        "requirements-uv.lock": "no",
    }
    tools.install(environment)
    assert tools.commands[-2].startswith(f"{sys.executable} -m pip --python {environment.python}")


def test_without_any_installer_the_apt_line_is_named(environment, tools):
    tools.fail = {"-m pip": "No module named pip", "-m ensurepip": "No module named ensurepip"}
    with pytest.raises(SetupFailed, match="sudo apt install python3-venv"):
        tools.install(environment)


def test_a_full_disk_ends_it_without_another_attempt(environment, tools):
    tools.on_path = "/opt/uv"
    tools.fail = {"/opt/uv": "error: No space left on device (os error 28)"}
    with pytest.raises(SetupFailed, match="the disk is full"):
        tools.install(environment)
    assert 1 == len(tools.commands)


def test_benchmarks_are_installed_with_pip_even_where_there_is_uv(environment, tools):
    tools.on_path = "/opt/uv"
    installer = installers.Installer(environment, lock_descriptor=0)
    installer.install_unlocked(["torch==2.13.0"], "pins.txt")
    assert tools.commands[-1].endswith("install -c pins.txt torch==2.13.0")
    assert [] == tools.used("/opt/uv")


def test_benchmarks_ask_for_the_exact_torch(repository):
    assert "torch==2.13.0" in bench_requirements(str(repository))


def test_installers_get_no_variables_that_send_packages_elsewhere(monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    variables = installers.shell_environment()
    assert (None, "kept") == (variables.get("PIP_TARGET"), variables.get("PIP_INDEX_URL"))


def test_without_a_home_nothing_is_cached(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    variables = installers.shell_environment()
    assert ("1", "1") == (variables["UV_NO_CACHE"], variables["PIP_NO_CACHE_DIR"])


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("error: Failed to fetch\n  Caused by: dns error", "the package index cannot be reached"),
        (
            "Retrying ... Temporary failure in name resolution\nERROR: No matching distribution",
            "the package index cannot be reached",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES: these do not match the hashes",
            "a downloaded package is not the one the lock file names",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("error: something new\nhint: look", "the packages could not be installed (error: some"),
        ("", "the packages could not be installed (it said nothing)"),
    ],
)
def test_what_an_installer_prints_becomes_one_line(output, line):
    said = explain_installer(output, "/clone/.venv", "/clone/.venv/log")
    assert said.startswith(line)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(30, "Read-only file system", "/c/.venv"), "/c/.venv is on a read-only file"),
        (PermissionError(13, "Permission denied", "/c/.venv"), "/c/.venv cannot be written by"),
        (OSError(28, "No space left on device"), "the disk is full"),
        (NotADirectoryError(20, "Not a directory", "/c/.venv"), "/c/.venv: Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_written_becomes_one_line(error, line):
    assert explain_os_error(error, "/c/.venv").startswith(line)
