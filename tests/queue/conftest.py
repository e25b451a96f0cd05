"""Scenes of the queue: with the embedded queue and SQLite, and with Redis where there is one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.queue.slots import choose_tier
from grader.settings import Settings, load_settings
from tests.queue.scene import Scene, opened

LEASE_S = 3.0


@pytest.fixture(scope="session")
def tier_or_reason() -> tuple[bool, str]:
    try:
        choose_tier(load_settings())
    except GraderError as error:
        return False, str(error)
    return True, ""


def settings_in(folder: Path) -> Settings:
    """Settings of a service of its own: SQLite, the embedded queue, one slot, a short lease."""
    return dataclasses.replace(
        load_settings(), data_dir=folder / "data", database_url="", broker_url="", slots=1,
        lease_s=LEASE_S, log_format="json",
    )  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def scene(
    settings: Settings,
    tmp_path: Path,
    tier_or_reason: tuple[bool, str],
    require: Callable[[object, str], None],
) -> Iterator[Scene]:
    """A course with one assignment, on SQLite and the embedded queue."""
    require(*tier_or_reason)
    with opened(settings, tmp_path / "scene") as scene:
        yield scene


@pytest.fixture
def any_scene(
    settings: Settings,
    broker_url: str,
    tmp_path: Path,
    tier_or_reason: tuple[bool, str],
    require: Callable[[object, str], None],
) -> Iterator[Scene]:
    """The same, once on the embedded queue and once on Redis."""
    require(*tier_or_reason)
    settings = dataclasses.replace(settings, broker_url=broker_url)
    with opened(settings, tmp_path / "scene") as scene:
        yield scene


@pytest.fixture(scope="module")
def working_scene(
    tmp_path_factory: pytest.TempPathFactory,
    tier_or_reason: tuple[bool, str],
    require: Callable[[object, str], None],
) -> Iterator[Scene]:
    """A scene whose worker serves all tests of a module, none of which harms it."""
    require(*tier_or_reason)
    folder = tmp_path_factory.mktemp("working")
    with opened(settings_in(folder), folder / "scene") as scene:
        scene.start_worker()
        yield scene
