"""Web, worker and sweeper together: ready, killed, started again, stopped."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import time
import urllib.request

import pytest

from grader.errors import Conflict, OperationError, UsageError
from grader.service import Service
from grader.service.lock import hold
from grader.service.ports import listen
from grader.service.service import STOP_TIMEOUT_S
from tests.service.processes import find_descendants, is_running, wait_until

PARTS = {"web", "worker", "sweeper"}


def read_ready(service: Service) -> dict[str, str]:
    with urllib.request.urlopen(f"{service.url}/readyz", timeout=30) as answer:
        return dict(json.load(answer))


def await_worker(service: Service) -> None:
    assert service.settings.data_dir is not None
    log = service.settings.data_dir / "logs" / "worker.log"
    wait_until(lambda: "worker ready" in log.read_text())


def test_a_killed_web_process_is_started_again_and_nobody_is_turned_away(service, said):
    assert "ok" == read_ready(service)["status"]
    before = {name: child.pid for name, child in service.processes.items()}
    assert PARTS == set(before)
    os.kill(before["web"], signal.SIGKILL)
    # The supervisor holds the socket: a request made now waits for the next process.
    assert "ok" == read_ready(service)["status"]
    after = {name: child.pid for name, child in service.processes.items()}
    assert before["web"] != after["web"]
    assert before["worker"] == after["worker"]
    assert ["web killed by SIGKILL; starting it again now"] == said


def test_a_stopped_service_leaves_no_process_behind_and_its_folder_is_free(settings):
    said: list[str] = []
    with Service(settings, log_dir=settings.data_dir / "logs", say=said.append) as service:
        await_worker(service)
        pids = find_descendants(child.pid for child in service.processes.values())
        assert len(pids) > len(PARTS), "a worker has processes of its own"
        began_s = time.monotonic()
        service.stop()
        assert time.monotonic() - began_s < STOP_TIMEOUT_S, "all ended when they were asked to"
        wait_until(lambda: not any(map(is_running, pids)), 10)
        assert [] == said
        assert {} == service.processes
    with hold(settings.data_dir), listen("127.0.0.1", service.settings.port):
        pass


def test_a_killed_worker_takes_all_that_it_started_with_it(service):
    await_worker(service)
    worker = service.processes["worker"].pid
    pids = find_descendants([worker])
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not any(map(is_running, pids)), 10)
    wait_until(lambda: "worker" in service.processes and service.processes["worker"].pid != worker)


def test_a_second_service_on_the_same_folder_is_refused_and_the_first_stays(service):
    with pytest.raises(Conflict) as refusal:
        Service(dataclasses.replace(service.settings, port=0)).__enter__()
    assert f"process {os.getpid()}, {service.url}" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert service.is_ready()


def test_a_port_in_use_is_one_line_and_the_folder_is_free_again(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = dataclasses.replace(settings, port=server.getsockname()[1])
        for _ in range(2):  # were the folder still held, the second refusal were another
            with pytest.raises(UsageError, match=r"is in use; .*--port \d+$"):
                Service(taken).__enter__()


def test_a_web_process_that_cannot_start_ends_the_wait_and_its_log_is_named(settings):
    said: list[str] = []
    folder = settings.data_dir
    broken = dataclasses.replace(settings, secret_key="short")
    with (
        Service(broken, log_dir=folder / "logs", say=said.append) as service,
        pytest.raises(OperationError, match=r"again and again; see .*web\.log$"),
    ):
        service.wait_ready()
    assert any("GRADER_SECRET_KEY has fewer than 16 characters" in line for line in said)
    assert "Traceback" not in (folder / "logs" / "web.log").read_text()
