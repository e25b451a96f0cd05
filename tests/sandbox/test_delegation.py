"""Where cgroups may be made is read from the machine; what nobody gave us is left alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.sandbox import delegation
from grader.sandbox.delegation import Home, enable_controllers, find_homes


@dataclass
class Machine:
    """What /proc/self and the cgroup mounts of a machine say, as files of a folder."""

    root: Path
    mounts: list[str] = field(default_factory=list)
    cgroups: list[str] = field(default_factory=list)

    @property
    def proc(self) -> Path:
        folder = self.root / "proc"
        folder.mkdir(exist_ok=True)
        other = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"
        (folder / "mountinfo").write_text("\n".join([other, *self.mounts]) + "\n")
        (folder / "cgroup").write_text("\n".join(self.cgroups) + "\n")
        return folder

    def mount_v1(self, names: str, root: str = "/") -> Path:
        return self._mount(names, f"{root} {{}} rw,nosuid shared:9 - cgroup cgroup rw,{names}")

    def mount_v2(self, root: str = "/") -> Path:
        return self._mount("unified", f"{root} {{}} rw,relatime - cgroup2 cgroup2 rw,nsdelegate")

    def _mount(self, name: str, words: str) -> Path:
        point = self.root / "cgroup" / name
        point.mkdir(parents=True)
        escaped = str(point).replace(" ", "\\040")
        self.mounts.append(f"35 31 0:32 {words.format(escaped)}")
        return point

    def is_in(self, *lines: str) -> None:
        self.cgroups += lines


def make_v2(folder: Path, controllers: str = "cpu memory pids io") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.controllers").write_text(controllers + "\n")
    for name in ("cgroup.procs", "cgroup.subtree_control", "cgroup.type"):
        (folder / name).touch()
    return folder


@pytest.fixture
def machine(tmp_path) -> Machine:
    root = tmp_path / "a machine"  # with a space, as mountinfo escapes it
    root.mkdir()
    return Machine(root)


@pytest.fixture
def marked(monkeypatch) -> set[Path]:
    """Folders that systemd has marked as delegated."""
    folders: set[Path] = set()
    monkeypatch.setattr(delegation, "_is_marked", lambda folder, _: folder in folders)
    return folders


def test_of_v1_every_hierarchy_with_a_wanted_controller_is_taken_below_our_own_cgroup(machine):
    memory = machine.mount_v1("memory")
    cpu = machine.mount_v1("cpu,cpuacct")
    machine.mount_v1("freezer")
    (memory / "ours").mkdir()
    machine.is_in("4:memory:/ours", "2:cpu,cpuacct:/", "6:freezer:/", "9:name=systemd:/")
    assert [Home(memory / "ours", 1, ("memory",)), Home(cpu, 1, ("cpu",))] == find_homes(
        machine.proc
    )


def test_in_a_container_the_cgroup_is_found_below_the_part_that_is_mounted(machine):
    pids = machine.mount_v1("pids", root="/docker/4711")
    (pids / "below").mkdir()
    machine.is_in("3:pids:/docker/4711/below")
    assert [Home(pids / "below", 1, ("pids",))] == find_homes(machine.proc)


def test_a_cgroup_outside_the_part_that_is_mounted_is_nowhere(machine):
    machine.mount_v1("pids", root="/docker/4711")
    machine.is_in("3:pids:/docker/4712")
    assert [] == find_homes(machine.proc)


def test_a_hierarchy_that_is_not_mounted_is_nowhere(machine):
    machine.is_in("3:pids:/", "0::/")
    assert [] == find_homes(machine.proc)


@pytest.mark.parametrize("kind", ["v1", "v2"])
def test_what_we_may_not_write_is_not_ours(machine, monkeypatch, kind):
    if kind == "v1":
        machine.mount_v1("memory")
        machine.is_in("4:memory:/")
    else:
        make_v2(machine.mount_v2())
        machine.is_in("0::/")
    assert 1 == len(find_homes(machine.proc))
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert [] == find_homes(machine.proc)


def test_of_v2_what_systemd_has_delegated_is_taken(machine, marked):
    scope = make_v2(machine.mount_v2() / "user.slice" / "run-1.scope")
    machine.is_in("0::/user.slice/run-1.scope")
    marked.add(scope)
    assert [Home(scope, 2, ("memory", "pids", "cpu"))] == find_homes(machine.proc)


@pytest.mark.usefixtures("marked")
def test_a_terminals_cgroup_is_not_ours_although_the_user_may_write_it(machine):
    make_v2(machine.mount_v2() / "user.slice" / "terminal.scope")
    machine.is_in("0::/user.slice/terminal.scope")
    assert [] == find_homes(machine.proc)


def test_once_we_have_moved_down_the_delegated_cgroup_is_still_found(machine, marked):
    scope = make_v2(machine.mount_v2() / "run-1.scope")
    make_v2(scope / "grader-supervisors", "")
    machine.is_in("0::/run-1.scope/grader-supervisors")
    marked.add(scope)
    assert [scope] == [home.folder for home in find_homes(machine.proc)]


def test_no_cgroup_above_the_one_that_was_delegated_is_looked_at(machine, marked):
    point = make_v2(machine.mount_v2())
    make_v2(point / "a.slice" / "b.slice" / "c.service")
    machine.is_in("0::/a.slice/b.slice/c.service")
    marked |= {point, point / "a.slice"}
    assert [] == find_homes(machine.proc)


def test_a_container_that_may_write_its_own_top_has_it(machine):
    top = make_v2(machine.mount_v2(root="/docker/4711"))
    machine.is_in("0::/docker/4711")
    assert [top] == [home.folder for home in find_homes(machine.proc)]


def test_only_the_controllers_that_are_offered_are_taken(machine, marked):
    scope = make_v2(machine.mount_v2() / "run-1.scope", "pids")
    machine.is_in("0::/run-1.scope")
    marked.add(scope)
    assert [("pids",)] == [home.controllers for home in find_homes(machine.proc)]


def test_a_machine_with_both_versions_gives_each_controller_from_where_it_is(machine, marked):
    memory = machine.mount_v1("memory")
    scope = make_v2(machine.mount_v2() / "run-1.scope", "pids cpu")
    machine.is_in("4:memory:/", "0::/run-1.scope")
    marked.add(scope)
    assert [Home(memory, 1, ("memory",)), Home(scope, 2, ("pids", "cpu"))] == find_homes(
        machine.proc
    )


def test_without_proc_there_is_none(tmp_path):
    assert [] == find_homes(tmp_path)


# No inner processes


def test_controllers_are_passed_on_by_name(tmp_path):
    scope = make_v2(tmp_path / "scope")
    enable_controllers(Home(scope, 2, ("memory", "pids")))
    assert "+memory +pids" == (scope / "cgroup.subtree_control").read_text()


def test_whoever_forks_while_we_move_down_is_moved_too(tmp_path, monkeypatch):
    scope = make_v2(tmp_path / "scope")
    make_v2(scope / "grader-supervisors")
    (scope / "cgroup.procs").write_text("10\n")
    true_write, moved = delegation.write, []

    def write(path: Path, value: str) -> None:
        if path.name == "cgroup.procs":
            moved.append(value)
            (scope / "cgroup.procs").write_text("11\n" if value == "10" else "")
        elif (scope / "cgroup.procs").read_text():
            raise OSError(errno.EBUSY, "it has processes")
        else:
            true_write(path, value)

    monkeypatch.setattr(delegation, "write", write)
    enable_controllers(Home(scope, 2, ("pids",)))
    assert ["10", "11"] == moved
    assert "+pids" == (scope / "cgroup.subtree_control").read_text()


def test_a_process_that_cannot_be_moved_leaves_the_jail_without_a_cgroup(tmp_path, monkeypatch):
    scope = make_v2(tmp_path / "scope")
    (scope / "cgroup.procs").write_text("0\n")  # of another pid namespace

    def write(path: Path, _: str) -> None:
        raise OSError(errno.EBUSY, str(path))

    monkeypatch.setattr(delegation, "write", write)
    with pytest.raises(OSError, match=r"cgroup\.procs"):
        enable_controllers(Home(scope, 2, ("pids",)))


def test_the_top_of_the_machine_may_have_processes_and_pass_controllers_on(tmp_path):
    top = make_v2(tmp_path / "top")
    (top / "cgroup.type").unlink()
    (top / "cgroup.procs").write_text("1\n")
    enable_controllers(Home(top, 2, ("pids",)))
    assert not (top / "grader-supervisors").exists()


MOVE = """
import os, sys
from pathlib import Path
from grader.sandbox.delegation import Home, _is_delegated, enable_controllers
scope = Path(sys.argv[1])
enable_controllers(Home(scope, 2, ()))
print(_is_delegated(scope, False), Path("/proc/self/cgroup").read_text().split("::")[1].strip())
"""


@pytest.fixture
def scope() -> Iterator[Path]:
    """A cgroup of the kernel's, marked as systemd marks what it delegates."""
    top = next(Path("/sys/fs/cgroup").glob("**/cgroup.subtree_control"), Path("/-/-")).parent
    folder = top / f"test-grader-{os.getpid()}"
    try:
        folder.mkdir()
        os.setxattr(folder, "user.delegate", b"1")
    except OSError as error:
        pytest.skip(f"no cgroup v2 that a test may use: {error}")
    yield folder
    for below in (folder / "grader-supervisors", folder):
        below.rmdir()


def test_the_kernel_lets_us_move_down_in_what_is_marked_as_delegated(scope):
    enter = f'echo 0 > {scope}/cgroup.procs && "$0" -c "$1" {scope}'
    finished = subprocess.run(
        ["sh", "-c", enter, sys.executable, MOVE], capture_output=True, text=True, check=False
    )
    assert "" == finished.stderr
    assert f"True /{scope.name}/grader-supervisors\n" == finished.stdout
