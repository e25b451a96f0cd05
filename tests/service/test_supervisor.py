"""Child processes are started, started again, and ended; none outlives its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.service.children import Plan
from grader.service.supervisor import Supervisor
from tests.service.processes import is_running, wait_until

SLEEP = "import time; time.sleep(60)"
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('deaf', flush=True)
time.sleep(60)
"""


def plan(code: str, log: Path | None = None, name: str = "child") -> Plan:
    return Plan(name, [sys.executable, "-c", code], dict(os.environ), log=log)


@pytest.fixture
def supervise() -> Iterator[Callable[..., tuple[Supervisor, list[str]]]]:
    """A function that starts a supervisor; all are stopped when the test ends."""
    started = []

    def start(*plans: Plan) -> tuple[Supervisor, list[str]]:
        said: list[str] = []
        supervisor = Supervisor(said.append)
        supervisor.start(plans)
        started.append(supervisor)
        return supervisor, said

    yield start
    for supervisor in started:
        supervisor.stop(0.0)


def test_a_killed_child_is_started_again_and_that_is_said(supervise):
    supervisor, said = supervise(plan(SLEEP))
    first = supervisor.children["child"].pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: said and "child" in supervisor.children)
    assert first != supervisor.children["child"].pid
    assert ["child killed by SIGKILL; starting it again now"] == said


def test_a_child_that_keeps_failing_waits_longer_each_time_and_its_last_line_is_told(
    supervise, tmp_path
):
    log = tmp_path / "log"
    supervisor, said = supervise(plan("import sys; sys.exit('no such key')", log))
    wait_until(lambda: len(said) >= 3)
    assert "child ended with status 1; starting it again now (no such key)" == said[0]
    assert "starting it again in 0.5 s" in said[1]
    assert "starting it again in 1 s" in said[2]
    assert 3 == supervisor.count_failures("child")
    assert 0o600 == log.stat().st_mode & 0o777


def test_a_stopped_child_may_finish_what_is_at_hand(supervise, tmp_path):
    finished = tmp_path / "finished"
    code = f"""
        import pathlib, signal, sys, time
        def end(*_):
            time.sleep(0.3)
            pathlib.Path({str(finished)!r}).touch()
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        print("ready", flush=True)
        time.sleep(60)
    """
    log = tmp_path / "log"
    supervisor, said = supervise(plan(textwrap.dedent(code), log))
    wait_until(lambda: log.read_text() == "ready\n")
    supervisor.stop(10.0)
    assert finished.exists()
    assert [] == said


def test_a_child_that_does_not_listen_is_killed_with_all_that_it_started(supervise, tmp_path):
    log = tmp_path / "log"
    code = f"""
        import subprocess, sys
        process = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
        print(process.pid, flush=True)
    """
    supervisor, said = supervise(plan(textwrap.dedent(code) + DEAF, log))
    wait_until(lambda: log.read_text().count("\n") == 2)
    pid, grandchild = supervisor.children["child"].pid, int(log.read_text().split()[0])
    supervisor.stop(0.2)
    assert not is_running(pid)
    wait_until(lambda: not is_running(grandchild))
    assert ["child did not end in time and was killed"] == said


def test_force_cuts_the_wait_for_a_deaf_child_short(supervise, tmp_path):
    log = tmp_path / "log"
    supervisor, _ = supervise(plan(DEAF, log))
    wait_until(lambda: log.read_text() == "deaf\n")
    supervisor.force()
    began_s = time.monotonic()
    supervisor.stop(30.0)
    assert time.monotonic() - began_s < 10


def test_children_end_with_a_supervisor_that_is_killed():
    code = f"""
        import sys, threading
        from grader.service.children import Plan
        from grader.service.supervisor import Supervisor
        import os
        plan = Plan("child", [sys.executable, "-c", {DEAF!r}], dict(os.environ))
        supervisor = Supervisor(print)
        supervisor.start([plan])
        print(supervisor.children["child"].pid, flush=True)
        threading.Event().wait()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        child = int(process.stdout.readline())
        assert "deaf\n" == process.stderr.readline()
        assert is_running(child)
        process.kill()
    wait_until(lambda: not is_running(child))


def test_a_program_that_is_not_there_stops_the_start(supervise):
    supervisor, said = supervise(Plan("child", ["/nowhere/program"], dict(os.environ)))
    wait_until(lambda: said)
    assert "child ended with status 1" in said[0]
    assert supervisor.count_failures("child") >= 1
