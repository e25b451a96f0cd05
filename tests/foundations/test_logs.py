from __future__ import annotations

import json
import logging

import pytest
import structlog

from grader.logs import configure_logs


@pytest.fixture(autouse=True)
def _logs_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    bound = structlog.contextvars.get_contextvars()
    structlog.contextvars.clear_contextvars()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**bound)


def test_an_event_is_one_json_object_with_the_ids_that_are_bound(capsys):
    configure_logs("json", process="worker")
    with structlog.contextvars.bound_contextvars(run_id=7, submission_id=3):
        structlog.get_logger().info("graded", score="24")
    line = json.loads(capsys.readouterr().err)
    assert {
        "event": "graded",
        "level": "info",
        "process": "worker",
        "run_id": 7,
        "score": "24",
        "submission_id": 3,
    } == {key: value for key, value in line.items() if key != "timestamp"}


def test_a_librarys_warning_takes_the_same_form(capsys):
    configure_logs("json", process="web")
    logging.getLogger("kombu").warning("connection %s", "lost")
    logging.getLogger("kombu").info("not of interest")
    (line,) = capsys.readouterr().err.splitlines()
    assert "connection lost" == json.loads(line)["event"]


def test_text_is_for_people(capsys):
    configure_logs("text", process="sweeper")
    structlog.get_logger().info("swept", runs=2)
    line = capsys.readouterr().err
    assert "swept" in line
    assert "runs" in line
    assert not line.startswith("{")


def test_an_exception_stays_within_its_event(capsys):
    configure_logs("json", process="web")
    try:
        int("a bug")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: invalid literal" in json.loads(line)["exception"]
