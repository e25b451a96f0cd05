"""What every test may use: seeds, requirements on the machine, a sample of the slow tests."""

from __future__ import annotations

import os
import random
import secrets
import time
import zlib
from collections import Counter
from collections.abc import Callable, Generator

import numpy as np
import pytest

from grader.settings import load_settings

SEED_VARIABLE = "GRADER_TEST_SEED"
_SEED = pytest.StashKey[int]()
_SAMPLE = pytest.StashKey["SlowSample"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow",
        type=float,
        metavar="SECONDS",
        help="also run tests marked slow, in random order, until SECONDS have gone into them",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SEED] = int(os.environ.get(SEED_VARIABLE) or secrets.randbits(32))
    config.stash[_SAMPLE] = SlowSample(config.getoption("--slow") or 0.0)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed of the numbers in tests: {SEED_VARIABLE}={config.stash[_SEED]}"


class SlowSample:
    """The slow tests of a run: which of them are left out, and when their time is used up."""

    def __init__(self, budget_s: float) -> None:
        self.budget_s = budget_s
        self.spent_s = 0.0
        self.left: list[str] = []

    def is_used_up(self) -> bool:
        return self.spent_s >= self.budget_s


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the slow tests last in random order, or leave them out."""
    named = any("::" in argument for argument in config.args)
    if named or "slow" in (config.option.markexpr or ""):
        config.stash[_SAMPLE].budget_s = float("inf")  # asked for by name
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if not item.get_closest_marker("slow")]
    sample = config.stash[_SAMPLE]
    if sample.budget_s > 0:
        random.Random(config.stash[_SEED]).shuffle(slow)
        items += slow
    elif slow:
        sample.left += [item.nodeid for item in slow]
        config.hook.pytest_deselected(items=slow)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Count the time that goes into slow tests."""
    del nextitem
    started = time.monotonic()
    try:
        return (yield)
    finally:
        if item.get_closest_marker("slow"):
            item.config.stash[_SAMPLE].spent_s += time.monotonic() - started


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a slow test out once the time for them is used up."""
    sample = item.config.stash[_SAMPLE]
    if item.get_closest_marker("slow") and sample.is_used_up():
        sample.left.append(item.nodeid)
        pytest.skip("the time given with --slow is used up")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a failure how to draw the same numbers again."""
    del call
    report = yield
    if report.failed and "seed" in getattr(item, "fixturenames", ()):
        seed = item.config.stash[_SEED]
        report.sections.append(("seed", f"{SEED_VARIABLE}={seed} draws the same numbers"))
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line what did not run, and why."""
    reasons = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    parts = [f"{count} x {reason}" for reason, count in sorted(reasons.items())]
    sample = config.stash[_SAMPLE]
    if sample.left and sample.budget_s == 0:
        parts.append(f"{len(sample.left)} slow (--slow SECONDS runs a sample)")
    if parts:
        terminalreporter.write_line("not run: " + "; ".join(parts))


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return "no reason given"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A number of this test's own, the same whichever tests run beside it."""
    return zlib.crc32(request.node.nodeid.encode()) ^ request.config.stash[_SEED]


@pytest.fixture
def rng(seed: int) -> np.random.Generator:
    """A generator of random numbers; a failure says how to draw the same ones again."""
    return np.random.default_rng(seed)


@pytest.fixture(scope="session")
def require() -> Callable[[object, str], None]:
    """A function that skips the test unless a condition holds, saying what the machine lacks.

    With GRADER_REQUIRE_SERVERS=1 the test fails instead.
    """
    is_strict = load_settings().require_servers

    def require(condition: object, reason: str) -> None:
        if condition:
            return
        if is_strict:
            pytest.fail(f"{reason}, and GRADER_REQUIRE_SERVERS is set", pytrace=False)
        pytest.skip(reason)

    return require
