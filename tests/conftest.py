"""What every test may use: seeds, servers, requirements on the machine, a sample of slow tests."""

from __future__ import annotations

import os
import random
import secrets
import time
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from grader.settings import load_settings
from tests import servers

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
    parser.addoption(
        "--oracle",
        action="store_true",
        help="run tests/oracles alone, which need PyTorch, JAX, SciPy and scikit-learn",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect the oracles or all else: they make threads, beside which no test may fork."""
    oracles = Path(__file__).with_name("oracles")
    if collection_path in oracles.parents:
        return None
    is_oracle = oracles in (collection_path, *collection_path.parents)
    return None if is_oracle == config.getoption("--oracle") else True


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SEED] = int(os.environ.get(SEED_VARIABLE) or secrets.randbits(32))
    config.stash[_SAMPLE] = SlowSample(config.getoption("--slow") or 0.0)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs PostgreSQL or Redis, so that `-m "not server"` leaves it out."""
    fixtures = set(getattr(item, "fixturenames", ()))
    chosen = getattr(getattr(item, "callspec", None), "params", {})
    if fixtures & _SERVER_FIXTURES or any(
        chosen.get(fixture) == choice for fixture, choice in _SERVER_CHOICES.items()
    ):
        item.add_marker("server")


_SERVER_FIXTURES = {"postgresql", "private_postgresql", "private_redis", "redis_server"}
_SERVER_CHOICES = {
    "database_url": "postgresql",
    "broker_url": "redis",
    "backing": "servers",
    "site": "servers",
}


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
    if report.failed and "session_seed" in getattr(item, "fixturenames", ()):
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


@pytest.fixture(scope="session")
def session_seed(request: pytest.FixtureRequest) -> int:
    """The number of which all numbers in this run of the tests are made."""
    return request.config.stash[_SEED]


@pytest.fixture
def seed(request: pytest.FixtureRequest, session_seed: int) -> int:
    """A number of this test's own, the same whichever tests run beside it."""
    return zlib.crc32(request.node.nodeid.encode()) ^ session_seed


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


@pytest.fixture(scope="session")
def postgresql(require: Callable[[object, str], None]) -> Iterator[str]:
    """Address of a PostgreSQL server, found or started for this session."""
    with ExitStack() as stack:
        try:
            url = servers.find_postgresql(
                lambda: stack.enter_context(servers.started(servers.make_private_postgresql())).url
            )
        except servers.ServerMissing as missing:
            require(False, f"no PostgreSQL ({missing})")
        yield url


@pytest.fixture(scope="session")
def redis_server(require: Callable[[object, str], None]) -> Iterator[str]:
    """Address of a Redis server, found or started for this session."""
    with ExitStack() as stack:
        try:
            url = servers.find_redis(
                lambda: stack.enter_context(servers.started(servers.make_private_redis())).url
            )
        except servers.ServerMissing as missing:
            require(False, f"no Redis ({missing})")
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy's address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'grader.db'}"


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """SQLAlchemy's address of an empty PostgreSQL database; dropped afterwards."""
    with servers.own_database(postgresql) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> Iterator[str]:
    """Address of an empty Redis database that nobody else uses; emptied afterwards."""
    with servers.own_redis_database(redis_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database, once of SQLite and once of PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["embedded", "redis"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """GRADER_BROKER_URL of a queue of the test's own: empty (the one in `data_dir`), and Redis."""
    return "" if request.param == "embedded" else str(request.getfixturevalue("redis_url"))


@pytest.fixture(params=["embedded", "servers"])
def backing(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Database and broker address: SQLite with the embedded queue, and PostgreSQL with Redis."""
    if request.param == "embedded":
        return str(request.getfixturevalue("sqlite_url")), ""
    fixtures = ("postgresql_url", "redis_url")
    database, broker = (str(request.getfixturevalue(name)) for name in fixtures)
    return database, broker


@pytest.fixture
def private_redis(require: Callable[[object, str], None]) -> Iterator[servers.PrivateServer]:
    """A Redis with the append-only file that the test may kill and start again."""
    yield from _private(servers.make_private_redis, require)


@pytest.fixture
def private_postgresql(require: Callable[[object, str], None]) -> Iterator[servers.PrivateServer]:
    """A PostgreSQL that the test may kill and start again; its url is the database `postgres`."""
    yield from _private(servers.make_private_postgresql, require)


def _private(
    make: Callable[[], servers.PrivateServer], require: Callable[[object, str], None]
) -> Iterator[servers.PrivateServer]:
    try:
        server = make()
        with servers.started(server):
            yield server
    except servers.ServerMissing as missing:
        require(False, str(missing))
