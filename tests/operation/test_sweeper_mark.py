"""The mark from which the health of a sweeper is read."""

import dataclasses
import threading
import time

import pytest

from grader.queue.sweeper import MARK_FILE, run_sweeper
from grader.settings import Settings

NOBODY_LISTENS = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data", database_url=NOBODY_LISTENS)


def sweep_once(settings):
    stop = threading.Event()
    stop.set()
    run_sweeper(settings, stop)


def test_each_sweep_leaves_its_mark_even_while_the_database_is_gone(settings):
    started = time.time()
    sweep_once(settings)
    mark = settings.data_dir / MARK_FILE
    assert mark.stat().st_mtime >= started - 1
    assert 0o600 == mark.stat().st_mode & 0o777


def test_a_sweeper_without_a_folder_sweeps_all_the_same(settings):
    sweep_once(dataclasses.replace(settings, data_dir=None))
