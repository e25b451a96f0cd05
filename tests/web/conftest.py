from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from grader import credentials
from tests.web import world as worlds
from tests.web.world import World


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Hash as elsewhere, but cheaply: what a password costs to guess is not asked here."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "_hasher", hasher)
        patch.setattr(credentials, "_DECOY", hasher.hash("decoy"))
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, quick_hashes: None) -> World:
    """A site that no test changes: its database is copied."""
    del quick_hashes
    return worlds.make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def make_world(tmp_path: Path, template: World) -> Iterator[Callable[..., World]]:
    """A function that makes a site with these settings, people and work in it."""
    made: list[World] = []

    def make(**chosen: Any) -> World:
        world = worlds.copy(template, tmp_path / f"site-{len(made)}", **chosen)
        made.append(world)
        return world

    yield make
    for world in made:
        world.database.dispose()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A site with people of every role, and their work."""
    return make_world()
