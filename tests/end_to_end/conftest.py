"""The whole service, its processes included, on SQLite alone and on PostgreSQL with Redis."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from grader.credentials import digest_token, make_token
from grader.errors import GraderError
from grader.queue.slots import choose_tier
from grader.service import Service
from grader.settings import Settings, load_settings
from grader.store import people
from tests import servers
from tests.end_to_end.site import COURSE, Site
from tests.queue.scene import now, opened

LEASE_S = 2.0


@pytest.fixture(scope="module", params=["embedded", "servers"])
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    require: Callable[[object, str], None],
) -> Iterator[Site]:
    """A running service with one published assignment and a student who has a token.

    One for all tests of a module: it has to get over every kill anyway.
    """
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as stack:
        database_url = f"sqlite:///{folder / 'grader.db'}"
        broker_url = ""
        if request.param == "servers":
            postgresql = request.getfixturevalue("postgresql")
            redis_server = request.getfixturevalue("redis_server")
            database_url = stack.enter_context(servers.own_database(postgresql))
            broker_url = stack.enter_context(servers.own_redis_database(redis_server))
        yield stack.enter_context(running_site(folder, database_url, broker_url, require))


@contextmanager
def running_site(
    folder: Path, database_url: str, broker_url: str, require: Callable[[object, str], None]
) -> Iterator[Site]:
    """Yield a service on this database and this queue; nothing of it runs after the block."""
    settings = _settings(folder, database_url, broker_url)
    try:
        choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    token = make_token()
    with opened(settings, folder / "scene") as scene:
        with scene.database.begin() as session:
            people.add_token(
                session, scene.student_id, digest=digest_token(token), label="test", now=now()
            )
        with (
            Service(settings, log_dir=folder / "logs") as service,
            httpx.Client(
                base_url=f"{service.url}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
            ) as client,
        ):
            service.wait_ready(60)
            yield Site(scene, service, client, f"/courses/{COURSE}/assignments/doubling")


def _settings(folder: Path, database_url: str, broker_url: str) -> Settings:
    return dataclasses.replace(
        load_settings(), data_dir=folder / "data", database_url=database_url,
        broker_url=broker_url, port=0, slots=2, lease_s=LEASE_S, log_format="json",
        max_waiting=100, max_hourly=10_000, base_url="",
    )  # fmt: skip
