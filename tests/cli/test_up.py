"""`grader up` as an operator meets it: one address, one line for every refusal, nothing left."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.service.processes import find_descendants, is_running, wait_until

ADDRESS = re.compile(r"grader is at (http://127\.0\.0\.1:\d+)\n")


@dataclass
class Up:
    """A running `grader up`."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def url(self) -> str:
        found = ADDRESS.search(self.out.read_text())
        return found[1] if found else ""

    def wait_ready(self) -> None:
        wait_until(lambda: self.url or self.process.poll() is not None, 90)
        assert self.url, self.err.read_text()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def up(command, environment, tmp_path, tier_or_reason, require) -> Iterator[Callable[[], Up]]:
    """A function that starts the service; all are killed when the test ends."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    environment.pop("PYTHONUNBUFFERED", None)  # as an operator has it
    environment |= {"GRADER_DATA_DIR": str(tmp_path / "data"), "GRADER_SLOTS": "1"}
    started: list[subprocess.Popen[bytes]] = []

    def start() -> Up:
        out, err = (tmp_path / f"{name}-{len(started)}" for name in ("out", "err"))
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [*command, "up", "--port", "0"], env=environment, stdout=stdout, stderr=stderr
            )
        started.append(process)
        return Up(process, out, err)

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_from_an_empty_folder_to_a_score_and_to_the_end(up, run, small, refused, tmp_path):
    data = {"GRADER_DATA_DIR": str(tmp_path / "data")}
    service = up()
    service.wait_ready()
    hint = "Nobody can sign in yet. Run: grader user add NAME --admin\n"
    wait_until(lambda: hint in service.out.read_text(), 10)
    refused(run("up", "--port", 0, **data), f"process {service.process.pid}, {service.url}")

    assert 0 == run("user", "add", "ada", **data).returncode
    assert 0 == run("course", "add", "ml-2026", **data).returncode
    assert 0 == run("course", "enrol", "ml-2026", "ada", **data).returncode
    published = run("assignment", "publish", small, "--course", "ml-2026", **data)
    assert 0 == published.returncode, published.stderr
    token = run("token", "new", "ada", "--label", "test", **data).stdout.strip()
    submitted = run(
        "submit", "small", small / "solution.py", GRADER_TOKEN=token, GRADER_SERVER_URL=service.url
    )
    assert 0 == submitted.returncode, submitted.stderr
    assert "1 of 1 visible passed, 1 hidden. Score 2 of 2.\n" in submitted.stdout
    exported = json.loads(run("export", "ml-2026", "small", "--format", "json", **data).stdout)
    assert [("ada", 3)] == [(line["user"], line["final"]) for line in exported]

    pids = find_descendants([service.process.pid])
    assert 0 == service.end(signal.SIGTERM)
    wait_until(lambda: not any(map(is_running, pids)), 10)
    assert "Traceback" not in service.err.read_text()


def test_after_kill_9_nothing_runs_and_the_folder_can_be_used_again(up):
    service = up()
    service.wait_ready()
    pids = find_descendants([service.process.pid])
    assert len(pids) >= 4
    assert -signal.SIGKILL == service.end(signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, pids)), 10)
    again = up()
    again.wait_ready()
    with urllib.request.urlopen(f"{again.url}/readyz", timeout=30) as answer:
        assert 200 == answer.status
    assert 0 == again.end(signal.SIGINT)


def test_a_port_in_use_is_one_line_that_names_a_free_one(run, refused, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        completed = run("up", "--port", port, GRADER_DATA_DIR=str(tmp_path / "data"))
        refused(completed, f"port {port} on 127.0.0.1 is in use", "--port")
