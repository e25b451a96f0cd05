"""The walls as the kernel shows them from outside, and as a program meets them inside."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import runtime
from grader.sandbox.guest.confine import WorkerLimits
from grader.sandbox.program import MIB
from grader.sandbox.tiers import Side, Tier

# A folder to write in is what this tier has and the other has not.
in_namespaces = pytest.mark.parametrize("tier", [Tier.NAMESPACES], indirect=True)

TRIES = """
import os

def tries(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"

def reads(path):
    with open(path, "rb") as file:
        return file.read(10)
"""


@pytest.fixture
def worker(slot):
    """A worker that is confined and waits for its first request."""
    jail = slot.start(Side.STUDENT)
    worker = jail.take(WorkerLimits(512 * MIB, 60))
    assert select.select([worker.results], [], [], 10)[0], "it did not say READY"
    yield worker
    jail.give_back(worker)


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_a_worker_runs_as_the_service_user_where_we_are_root_and_as_us_elsewhere(worker):
    expected = runtime.DEFAULT_SERVICE_UID if os.geteuid() == 0 else os.geteuid()
    status = status_of(worker.pid)
    assert [str(expected)] * 4 == status["Uid"].split()
    if os.geteuid() == 0:
        assert [str(expected)] * 4 == status["Gid"].split()
        assert "" == status["Groups"]


def test_a_worker_has_no_capability_and_cannot_gain_one(worker):
    status = status_of(worker.pid)
    sets = {name: int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")}
    assert dict.fromkeys(sets, 0) == sets
    assert "1" == status["NoNewPrivs"]


def test_a_worker_stands_under_a_seccomp_filter_and_has_one_thread(worker):
    status = status_of(worker.pid)
    assert "2" == status["Seccomp"]
    assert "1" == status["Threads"]


def test_a_worker_is_the_first_process_of_its_own_namespace(tier, worker):
    numbers = status_of(worker.pid)["NSpid"].split()
    assert "1" == numbers[-1] if tier is Tier.NAMESPACES else str(worker.pid) == numbers[-1]


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces of hidden processes show to root alone")
def test_a_worker_shares_no_namespace_with_us_in_the_better_tier(tier, worker):
    for name in ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup"):
        ours = Path(f"/proc/self/ns/{name}").readlink()
        theirs = Path(f"/proc/{worker.pid}/ns/{name}").readlink()
        assert (name, tier is Tier.LANDLOCK) == (name, ours == theirs)


def test_the_limits_of_the_kernel_are_set_hard_and_soft(worker):
    lines = Path(f"/proc/{worker.pid}/limits").read_text().splitlines()[1:]
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    expected = {
        "Max cpu time": 60,
        "Max file size": MIB,
        "Max open files": 32,
        "Max address space": 512 * MIB,
        "Max stack size": 8 * MIB,
        "Max core file size": 0,
        "Max locked memory": 0,
        "Max processes": 1,
    }
    assert {name: [str(value)] * 2 for name, value in expected.items()} == {
        name: limits[name] for name in expected
    }


def test_a_worker_holds_only_the_descriptors_that_it_was_given(result):
    code = "r = [n for n in range(64) if tries(os.fstat, n) == 'done']"
    assert [0, 1, 2, 3, 4] == result(TRIES, code).tolist()


def test_the_environment_says_nothing_of_ours(result, monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "hidden")
    assert ["HOME", "LANG", "PATH", "TMPDIR", "USER"] == result(TRIES, "r = sorted(os.environ)")
    fixed = result(TRIES, "r = [os.environ[name] for name in ('LANG', 'PATH', 'USER')]")
    assert ["C.UTF-8", "/usr/bin", "student"] == fixed
    assert result(TRIES, "r = os.environ['HOME'] == os.environ['TMPDIR'] == os.getcwd()")


def test_numpy_can_be_read_and_what_lies_beside_it_cannot(result, tier):
    package = runtime.find_runtime().numpy[0]
    beside = sorted(
        path
        for path in package.parent.glob("*/__init__.py")
        if path.parent.name not in ("numpy", "numpy.libs")
    )
    assert beside, "the packages of the tests lie beside numpy"
    assert np.__version__ == result("", "r = np.__version__")
    shown = package if tier is Tier.LANDLOCK else Path("/rt/site/numpy")
    if runtime.is_reachable_by_others(package / "version.py") or os.geteuid() != 0:
        assert "done" == result(TRIES, f"r = tries(reads, {str(shown / 'version.py')!r})")
    for path in beside[:5]:
        assert "done" != result(TRIES, f"r = tries(reads, {str(path)!r})")
    assert "done" != result(TRIES, f"r = tries(os.listdir, {str(package.parent)!r})")


def test_the_site_packages_below_the_standard_library_are_hidden(result, tier):
    found = runtime.find_runtime()
    library = found.standard_library
    if tier is Tier.NAMESPACES and not found.is_of_the_system:
        library = Path("/rt/lib") / library.name
    for name in ("site-packages", "dist-packages"):
        code = f"try: r = os.listdir({str(library / name)!r})\nexcept OSError: r = []"
        left = result(TRIES, code)
        assert [] == left
    if tier is Tier.NAMESPACES or os.geteuid() != 0 or runtime.is_reachable_by_others(library):
        assert "done" == result(TRIES, f"r = tries(reads, {str(library / 'os.py')!r})")


WRITEABLE = [
    folder
    for folder in runtime.hidden_folders(runtime.find_runtime())
    if os.access(folder, os.W_OK)
]


@pytest.mark.skipif(not WRITEABLE, reason="no folder of installed packages is this user's to write")
def test_a_file_put_into_a_hidden_folder_cannot_be_read(result):
    secret = WRITEABLE[0] / f"grader_test_{os.getpid()}.py"
    secret.write_text("answer = 42\n")
    secret.chmod(0o644)
    try:
        assert "done" != result(TRIES, f"r = tries(reads, {str(secret)!r})")
    finally:
        secret.unlink()


FILES = (
    "/etc/passwd /etc/hostname /proc/self/maps /proc/1/cmdline /sys/kernel/notes /root/.bashrc"
    " /dev/mem"
)
PLACES = "/home /root /tmp /var/log /dev /dev/shm /proc /sys"


@pytest.mark.parametrize(
    ("attempt", "path"),
    [
        *(("reads", path) for path in FILES.split()),
        *(("os.listdir", path) for path in PLACES.split()),
    ],
)
def test_the_files_of_the_machine_cannot_be_read(result, tier, attempt, path):
    if tier is Tier.NAMESPACES and path == "/tmp":
        assert [] == result(TRIES, "r = os.listdir('/tmp')")
    else:
        assert "done" != result(TRIES, f"r = tries({attempt}, {path!r})")


def test_our_own_code_and_the_assignments_cannot_be_read(result):
    root = Path(runtime.__file__).parents[2]
    for path in (root / "grader" / "grading.py", root / "assignments", root / "README.md"):
        attempt = "os.listdir" if path.is_dir() else "reads"
        assert "done" != result(TRIES, f"r = tries({attempt}, {str(path)!r})")


def test_only_the_reference_jail_can_import_the_reference(result):
    code = "try: import reference; r = True\nexcept ImportError: r = False"
    assert result("", code, side=Side.STUDENT) is False
    assert result("", code, side=Side.REFERENCE) is True


def test_nothing_of_the_grader_is_imported_in_the_box(result):
    code = "r = sorted(n for n in sys.modules if n.split('.')[0] in ('grader', 'pydantic', 'rich'))"
    assert [] == list(result("import sys", code))


def test_a_socket_a_process_and_a_thread_are_refused(result):
    text = TRIES + "import socket, threading\n"
    assert "PermissionError" == result(text, "r = tries(socket.socket)")
    assert "PermissionError" == result(text, "r = tries(socket.socketpair)")
    assert "BlockingIOError" == result(text, "r = tries(os.fork)")
    assert "PermissionError" == result(text, "r = tries(os.execv, '/usr/bin/true', ['true'])")
    started = (
        "try: threading.Thread(target=print).start(); r = True\nexcept RuntimeError: r = False"
    )
    assert result(text, started) is False


def test_what_one_worker_writes_into_tmp_the_next_one_does_not_see(result, tier):
    written = result(TRIES, "r = tries(lambda: open('/tmp/left', 'w').close())")
    assert "done" == written if tier is Tier.NAMESPACES else "done" != written
    assert "done" != result(TRIES, "r = tries(reads, '/tmp/left')")


def test_the_interpreter_of_the_box_is_isolated(result):
    facts = (
        "r = [sys.flags.no_site, sys.flags.no_user_site, sys.flags.utf8_mode,"
        " int(sys.flags.safe_path), sys.flags.hash_randomization]"
    )
    assert [1, 1, 1, 1, 0] == result("import sys", facts).tolist()
    assert np.array_equal(
        sys.version_info[:3], result("import sys", "r = list(sys.version_info[:3])")
    )


def test_sums_of_products_use_one_thread(worker, result):
    code = "r = len(np.linalg.inv(np.eye(300) * 2) @ np.eye(300))"
    assert 300 == result("", code)
    assert "1" == status_of(worker.pid)["Threads"]
