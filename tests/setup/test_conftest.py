"""The fixtures and options that every test relies on do what they promise."""

import os
import shutil
import subprocess
import sys

import pytest

PASSING_SLOWLY = """
import time

import pytest

@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
def test_slow(number):
    time.sleep(0.2)

def test_quick():
    assert True
"""


@pytest.fixture
def run_pytest(repository, tmp_path):
    """A function that runs pytest on one module under this repository's conftest."""
    shutil.copy(repository / "tests" / "conftest.py", tmp_path)
    markers = "slow: takes long\n    server: needs a server"
    (tmp_path / "pytest.ini").write_text(f"[pytest]\nmarkers =\n    {markers}\n")

    def run_pytest(module, *arguments, **variables):
        (tmp_path / "test_it.py").write_text(module)
        finished = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(repository), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        return finished.stdout

    return run_pytest


def test_slow_tests_are_left_out_and_counted(run_pytest):
    said = run_pytest(PASSING_SLOWLY)
    assert "not run: 5 slow (--slow SECONDS runs a sample)" in said
    assert "1 passed, 5 deselected" in said


def test_slow_seconds_runs_a_sample_and_counts_what_was_left(run_pytest):
    said = run_pytest(PASSING_SLOWLY, "--slow", "0.3")
    assert "not run: 3 x the time given with --slow is used up" in said
    assert "3 passed, 3 skipped" in said


def test_a_slow_test_that_is_named_runs(run_pytest):
    assert "1 passed" in run_pytest(PASSING_SLOWLY, "test_it.py::test_slow[3]")
    assert "5 passed, 1 deselected" in run_pytest(PASSING_SLOWLY, "-m", "slow")


REQUIRING = """
def test_needs(require):
    require(False, "no redis here")
"""


def test_a_missing_server_skips_with_its_reason(run_pytest):
    said = run_pytest(REQUIRING, GRADER_REQUIRE_SERVERS="")
    assert "not run: 1 x no redis here" in said
    assert "1 skipped" in said


def test_a_missing_server_fails_where_servers_are_required(run_pytest):
    said = run_pytest(REQUIRING, GRADER_REQUIRE_SERVERS="1")
    assert "no redis here, and GRADER_REQUIRE_SERVERS is set" in said
    assert "1 failed" in said


ON_SERVERS = """
import pytest

def test_asks(redis_url): pass

def test_kills(private_postgresql): pass

def test_stores(database_url): pass

@pytest.mark.parametrize("numbers", [[1, 2]])
def test_needs_none(numbers): pass
"""


def test_what_needs_a_server_can_be_left_out(run_pytest):
    assert "2 passed, 3 deselected" in run_pytest(ON_SERVERS, "-m", "not server")


DRAWING = """
def test_draws(rng):
    number = rng.integers(2**62)
    assert number == 0
"""


def test_a_failure_prints_the_seed_and_the_seed_brings_the_numbers_back(run_pytest):
    def drawn(said):
        return [line for line in said.splitlines() if line.startswith("E ")]

    first = run_pytest(DRAWING, GRADER_TEST_SEED="17")
    assert "GRADER_TEST_SEED=17 draws the same numbers" in first
    assert drawn(first)
    assert drawn(first) == drawn(run_pytest(DRAWING, GRADER_TEST_SEED="17"))
    assert drawn(first) != drawn(run_pytest(DRAWING, GRADER_TEST_SEED="18"))
