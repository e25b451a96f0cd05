"""What a numpy student may reasonably do works in the box, or is refused in a plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.calls import Evaluation, Raised
from grader.sandbox.guest.refusals import (
    KEYBOARD,
    LINKS,
    METADATA,
    NETWORK,
    PROCESSES,
    THREADS,
)
from grader.sandbox.pool import Slot
from grader.sandbox.program import Limits
from grader.sandbox.tiers import Side, Tier

STUDENT = '''
import asyncio, concurrent.futures, contextlib, doctest, getpass, inspect, io, logging, mmap
import multiprocessing, os, pathlib, pickle, platform, queue, shutil, signal, socket, sqlite3
import subprocess, sys, tempfile, threading, timeit, unittest, urllib.request, uuid, warnings
import _thread
import numpy as np

def double(x):
    """
    >>> double(2)
    4
    """
    return 2 * x

class TestDouble(unittest.TestCase):
    def test_two(self):
        self.assertEqual(4, double(2))

def write(path, text="text"):
    pathlib.Path(path).write_text(text)
    return path

def read(path):
    return pathlib.Path(path).read_text()

async def wake(value):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon_threadsafe(future.set_result, value)
    return await asyncio.wait_for(future, 4)

async def gather():
    values = await asyncio.gather(asyncio.sleep(0.001, 1), asyncio.sleep(0, 2), wake(3))
    return sum(values)

async def leave_to_a_thread():
    return await asyncio.to_thread(double, 1)

async def start_a_program():
    return await asyncio.create_subprocess_exec("ls")

def spread(kind):
    with kind(2) as pool:
        return list(pool.map(double, [1]))

def start_process(way):
    multiprocessing.get_context(way).Process(target=double, args=(1,)).start()

def log():
    logging.basicConfig(filename="log.txt", force=True)
    logging.warning("careful")
    return read("log.txt")

def count_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("careful")
        np.log(np.zeros(1))
    return len(caught)

def answer_oneself():
    sys.stdin = io.StringIO("typed")
    return input("what? ")

if __name__ == "__main__":
    unittest.main()
'''

WORKS = {
    "temporary file": ("with tempfile.TemporaryFile() as file: r = file.write(b'ab')", 2),
    "named temporary file": (
        "with tempfile.NamedTemporaryFile() as file: r = os.path.exists(file.name)",
        True,
    ),
    "temporary folder": (
        "with tempfile.TemporaryDirectory() as folder: r = read(write(folder + '/a'))",
        "text",
    ),
    "file beside": ("r = read(write('a.txt'))", "text"),
    "file touched again": ("pathlib.Path(write('a')).touch(); r = read('a')", "text"),
    "file renamed": ("r = read(pathlib.Path(write('a')).rename('b'))", "text"),
    "file shared with memory": (
        "file = open(write('a'), 'r+b'); m = mmap.mmap(file.fileno(), 0); m[:1] = b'n'\n"
        "m.flush(); r = read('a')",
        "next",
    ),
    "memory mapped": ("m = mmap.mmap(-1, 4096); m[0] = 1; m.flush(); r = m[0]", 1),
    "copy": ("r = read(shutil.copy(write('a'), 'b'))", "text"),
    "copy2": ("r = read(shutil.copy2(write('a'), 'b'))", "text"),
    "copyfile": ("r = read(shutil.copyfile(write('a'), 'b'))", "text"),
    "copymode": ("r = shutil.copymode(write('a'), write('b'))", None),
    "copystat": ("r = shutil.copystat(src=write('a'), dst=write('b'))", None),
    "copytree": (
        "os.mkdir('from'); write('from/a'); shutil.copytree('from', 'to'); r = read('to/a')",
        "text",
    ),
    "move": ("r = read(shutil.move(write('a'), 'b'))", "text"),
    "rmtree": (
        "os.mkdir('a'); write('a/b'); shutil.rmtree('a'); r = os.path.exists('a')",
        False,
    ),
    "pickle": ("r = pickle.loads(pickle.dumps('text'))", "text"),
    "np.save": ("np.save('a.npy', np.ones(3)); r = np.load('a.npy').sum()", 3.0),
    "np.savez": ("np.savez('a.npz', x=np.ones(3)); r = np.load('a.npz')['x'].sum()", 3.0),
    "np.savetxt": ("np.savetxt('a.csv', np.eye(2)); r = np.loadtxt('a.csv').sum()", 2.0),
    "np.memmap": (
        "m = np.memmap('a', 'f8', 'w+', shape=(4,)); m[:] = 2; m.flush()\n"
        "r = np.memmap('a', 'f8', 'r').sum()",
        8.0,
    ),
    "np.testing": ("r = np.testing.assert_allclose(double(np.eye(2)), 2 * np.eye(2))", None),
    "np.random": ("r = np.random.default_rng(0).normal(size=3).shape[0]", 3),
    "np.linalg": ("r = round(np.linalg.det(np.linalg.inv(np.eye(200) / 2) / 2))", 1),
    "getsource": ("r = inspect.getsource(double).splitlines()[0]", "def double(x):"),
    "getuser": ("r = getpass.getuser()", "student"),
    "sqlite3 in memory": (
        "c = sqlite3.connect(':memory:'); c.execute('create table t(x)')\n"
        "c.execute('insert into t values (1)'); r = c.execute('select x from t').fetchone()[0]",
        1,
    ),
    "asyncio": ("r = asyncio.run(gather())", 6),
    "asyncio again": ("r = [asyncio.run(gather()) for _ in range(40)][-1]", 6),
    "lock": ("lock = threading.Lock()\nwith lock: r = lock.locked()", True),
    "thread local": ("mine = threading.local(); mine.x = 1; r = mine.x", 1),
    "current thread": ("r = threading.current_thread().name", "MainThread"),
    "queue": ("q = queue.Queue(); q.put(1); r = q.get()", 1),
    "thread not started": ("r = threading.Thread(target=double).is_alive()", False),
    "error of a command": ("r = subprocess.CalledProcessError(2, 'ls').returncode", 2),
    "platform": ("r = platform.platform().startswith('Linux')", True),
    "uuid": ("r = len(str(uuid.uuid1()))", 36),
    "alarm off": ("r = signal.alarm(0)", 0),
    "timeit": ("r = timeit.timeit('1', number=10) >= 0", True),
    "logging": ("r = log()", "WARNING:root:careful\n"),
    "warnings": ("r = count_warnings()", 2),
    "doctest": ("r = doctest.testmod(sys.modules[double.__module__]).attempted", 1),
    "unittest": (
        "r = unittest.main(double.__module__, argv=[''], exit=False).result.testsRun",
        1,
    ),
    "main block": ("r = double(2)", 4),
    "stdin replaced": ("r = answer_oneself()", "typed"),
    "rest of stdin": ("r = sys.stdin.read()", ""),
}

REFUSED = {
    "thread": ("threading.Thread(target=double).start()", "RuntimeError", THREADS),
    "timer": ("threading.Timer(1, double).start()", "RuntimeError", THREADS),
    "bare thread": ("_thread.start_new_thread(double, (1,))", "RuntimeError", THREADS),
    "pool of threads": (
        "spread(concurrent.futures.ThreadPoolExecutor)",
        "RuntimeError",
        THREADS,
    ),
    "thread of an event loop": ("asyncio.run(leave_to_a_thread())", "RuntimeError", THREADS),
    "fork": ("os.fork()", "BlockingIOError", PROCESSES),
    "system": ("os.system('ls')", "BlockingIOError", PROCESSES),
    "popen": ("os.popen('ls')", "BlockingIOError", PROCESSES),
    "spawn": ("os.spawnlp(os.P_WAIT, 'ls', 'ls')", "BlockingIOError", PROCESSES),
    "posix_spawn": ("os.posix_spawn('/bin/ls', ['ls'], {})", "BlockingIOError", PROCESSES),
    "exec": ("os.execv('/bin/ls', ['ls'])", "PermissionError", PROCESSES),
    "exec on PATH": ("os.execlp('ls', 'ls')", "PermissionError", PROCESSES),
    "command": ("subprocess.run(['ls'])", "BlockingIOError", PROCESSES),
    "shell": (
        "subprocess.check_output('ls', shell=True)",
        "BlockingIOError",
        PROCESSES,
    ),
    "command of an event loop": (
        "asyncio.run(start_a_program())",
        "BlockingIOError",
        PROCESSES,
    ),
    "pool of processes": ("spread(multiprocessing.Pool)", "PermissionError", PROCESSES),
    "executor of processes": (
        "spread(concurrent.futures.ProcessPoolExecutor)",
        "PermissionError",
        PROCESSES,
    ),
    "process forked": ("start_process('fork')", "BlockingIOError", PROCESSES),
    "process spawned": ("start_process('spawn')", "BlockingIOError", PROCESSES),
    "process from a server": ("start_process('forkserver')", "BlockingIOError", PROCESSES),
    "lock between processes": ("multiprocessing.Lock()", "PermissionError", PROCESSES),
    "queue between processes": ("multiprocessing.Queue()", "PermissionError", PROCESSES),
    "socket": ("socket.socket()", "PermissionError", NETWORK),
    "pair of sockets": ("socket.socketpair()", "PermissionError", NETWORK),
    "connection": (
        "socket.create_connection(('127.0.0.1', 80))",
        "PermissionError",
        NETWORK,
    ),
    "name of a machine": (
        "socket.getaddrinfo('example.org', 80)",
        "PermissionError",
        NETWORK,
    ),
    "page": (
        "urllib.request.urlopen('http://example.org')",
        "URLError",
        f"<urlopen error {NETWORK}>",
    ),
    "symbolic link": ("os.symlink('a', 'b')", "PermissionError", LINKS),
    "link": ("os.link(write('a'), 'b')", "PermissionError", LINKS),
    "mode": ("os.chmod(write('a'), 0o600)", "PermissionError", METADATA),
    "mode of a path": ("pathlib.Path(write('a')).chmod(0o600)", "PermissionError", METADATA),
    "times": ("os.utime(write('a'))", "PermissionError", METADATA),
    "input": ("input()", "EOFError", KEYBOARD),
}


def rows(table: dict[str, tuple[Any, ...]]) -> Any:
    return [pytest.param(*row, id=name) for name, row in table.items()]


@pytest.mark.parametrize(("code", "value"), rows(WORKS))
def test_it_works(result, code, value):
    assert value == result(STUDENT, code)


@pytest.mark.parametrize(("code", "kind", "sentence"), rows(REFUSED))
def test_it_is_refused_in_a_plain_sentence(result, code, kind, sentence):
    raised = result(STUDENT, code)
    assert (kind, sentence) == (raised.kind, raised.message)


def test_the_reference_jail_says_the_same(result):
    raised = result(STUDENT, "threading.Thread(target=double).start()", side=Side.REFERENCE)
    assert THREADS == raised.message
    assert 6 == result(STUDENT, "r = asyncio.run(gather())", side=Side.REFERENCE)


def test_plots_that_an_assignment_lets_pass_draw_nothing(result):
    text = "import matplotlib.pyplot as plt\nplt.figure(); plt.plot([1]); plt.show()\nx = 1"
    assert 1 == result(text, "r = x", shims=("matplotlib",))


def test_libraries_find_the_number_of_the_error_that_the_kernel_gives(result):
    code = "try: {}\nexcept OSError as error: r = errno.errorcode[error.errno]"
    text = "import errno, os, socket"
    assert "EAGAIN" == result(text, code.format("os.fork()"))
    assert "EPERM" == result(text, code.format("socket.socket()"))


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("os.fork.__wrapped__()", "BlockingIOError"),
        ("os.execv.__wrapped__('/bin/ls', ['ls'])", "PermissionError"),
        ("_thread.start_new_thread.__wrapped__(print, ())", "RuntimeError"),
        (
            "socket.socket.__init__.__wrapped__(socket.socket.__new__(socket.socket))",
            "PermissionError",
        ),
        ("socket.socketpair.__wrapped__.__wrapped__()", "PermissionError"),
        ("os.symlink.__wrapped__('a', 'b')", "PermissionError"),
        ("os.chmod.__wrapped__('.', 0o777)", "PermissionError"),
    ],
)
def test_whoever_goes_round_a_sentence_meets_the_filter(result, attempt, refusal):
    raised = result(STUDENT, attempt)
    assert refusal == raised.kind
    assert "not allowed here" not in raised.message


def test_a_pair_of_pipes_is_all_that_is_got_by_passing_for_an_event_loop(result):
    text = "import socket\n__name__ = 'asyncio.selector_events'\nends = socket.socketpair()"
    assert ["_PipeEnd"] * 2 == result(text, "r = [type(end).__name__ for end in ends]")


def test_a_program_that_breaks_the_sentences_still_answers(result):
    text = """
import os, socket, sys
refusals = next(m for name, m in sys.modules.items() if name.endswith("refusals"))
for name in list(vars(refusals)):
    setattr(refusals, name, None)
os.fork = socket.socket = os.pipe = os.system = None
"""
    assert 3 == result(text, "r = 1 + 2")


@pytest.fixture(scope="module")
def unconfined() -> Iterator[Slot]:
    with Slot(Tier.NONE) as slot:
        yield slot


@pytest.fixture
def result_without_walls(unconfined: Slot, program) -> Callable[[str], Any]:
    def run(code: str) -> Any:
        with unconfined.open(Side.STUDENT, program(STUDENT)) as session:
            [answer] = session.run([Evaluation(code, {}, ("r",))], Limits()).answers
        return answer.message if isinstance(answer, Raised) else answer.values["r"]

    return run


@pytest.mark.parametrize(("code", "_kind", "sentence"), rows(REFUSED))
def test_an_author_without_a_sandbox_is_told_the_same(result_without_walls, code, _kind, sentence):
    assert sentence == result_without_walls(code)


@pytest.mark.parametrize("habit", ["asyncio", "copy2", "copytree", "move", "temporary folder"])
def test_what_works_in_the_box_works_without_one(result_without_walls, habit):
    code, value = WORKS[habit]
    assert value == result_without_walls(code)
