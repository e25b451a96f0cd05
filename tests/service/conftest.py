"""A whole service on a data folder of its own and a port that is free."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.service import Service
from grader.settings import Settings, load_settings
from tests.service.processes import wait_until

READY_WITHIN_S = 60.0
N_PROCESSES = 3


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory, require) -> Path:
    """One cache for all services: the first worker attacks the tiers, the others need not."""
    folder = Path(tmp_path_factory.mktemp("cache"))
    try:
        select_tier(CONFINING, folder)
    except GraderError as error:
        require(False, f"no tier: {error}")
    return folder


@pytest.fixture
def settings(tmp_path, cache_dir) -> Settings:
    return make_settings(tmp_path / "data", cache_dir)


def make_settings(data_dir: Path, cache_dir: Path) -> Settings:
    return Settings(
        data_dir=data_dir,
        cache_dir=cache_dir,
        sandbox_uid=load_settings().sandbox_uid,
        port=0,
        slots=1,
        lease_s=3.0,
        web_threads=8,
    )


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the service said of its processes since the test began."""
    return []


@pytest.fixture(scope="module")
def running(tmp_path_factory, cache_dir, said) -> Iterator[Service]:
    settings = make_settings(tmp_path_factory.mktemp("service"), cache_dir)
    assert settings.data_dir is not None
    with Service(settings, log_dir=settings.data_dir / "logs", say=said.append) as service:
        service.wait_ready(READY_WITHIN_S)
        yield service


@pytest.fixture
def service(running: Service, said: list[str]) -> Service:
    """A service whose web process answers; the tests of a module share it, and leave it so."""
    wait_until(lambda: len(running.processes) == N_PROCESSES and running.is_ready())
    said.clear()
    return running
