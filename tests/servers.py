"""PostgreSQL and Redis for tests: those that run on this machine, or private ones.

Looked for in this order: the server that GRADER_TEST_DATABASE_URL or GRADER_TEST_REDIS_URL names;
one that listens on this machine's usual port and lets us in without a password; a private one from
the binaries that are installed. On a server that was not started here a test gets a database, or
a numbered Redis database, of its own, and nothing else is touched. Only private servers are
stopped or killed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis
from sqlalchemy import URL, make_url

DATABASE_VARIABLE = "GRADER_TEST_DATABASE_URL"
REDIS_VARIABLE = "GRADER_TEST_REDIS_URL"
START_TIMEOUT_S = 30.0
Answer = TypeVar("Answer")
CLAIM_S = 3600
"""So long after it began, a test that never ended has lost its Redis database."""


class ServerMissing(Exception):
    """There is no such server and none can be started; the text says why."""


@dataclass
class PrivateServer:
    """A server of the test's own, which may be killed and started again on the same data."""

    url: str
    folder: Path
    command: tuple[str, ...]
    ping: Callable[[], object]
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start, and come back once it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd=self.folder, **_as_user(self.user)
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                self.ping()
            except (psycopg.OperationalError, redis.ConnectionError) as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    said = (self.folder / "log").read_text(errors="replace").strip()
                    last = said.splitlines()[-1:] or [str(error)]
                    raise ServerMissing(f"{self.command[0]}: {last[0]}") from error
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End it in order: SIGINT is a fast shutdown of PostgreSQL and a saving one of Redis."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a power cut would: kill -9."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """End it and delete what it kept."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(START_TIMEOUT_S)
            self.process = None


def make_private_redis() -> PrivateServer:
    """A Redis on a free port, with the append-only file and the policy of production."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerMissing("redis-server is not installed")
    port = _free_port()
    folder = Path(tempfile.mkdtemp(prefix="grader-redis-"))
    options = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    url = f"redis://127.0.0.1:{port}/0"
    return PrivateServer(url, folder, (program, *words), lambda: _with_redis(url, redis.Redis.ping))


def make_private_postgresql() -> PrivateServer:
    """A PostgreSQL on a socket in a folder of its own; its url names the database `postgres`."""
    programs = _postgresql_programs()
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="grader-pg-"))
    data = folder / "data"
    if user is not None:
        shutil.chown(folder, user)
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "grader", "-A", "trust", "-E", "UTF8", "-N"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **_as_user(user),
    )
    if made.returncode != 0:
        shutil.rmtree(folder)
        raise ServerMissing(f"initdb: {(made.stderr.strip() or '?').splitlines()[-1]}")
    url = f"postgresql+psycopg://grader@/postgres?host={folder}"
    # Without fsync nothing survives a power cut, but all of it a kill; synchronous_commit is what
    # brings a commit out of the killed process.
    settings = ("fsync=off", "full_page_writes=off", "max_connections=60")
    command = (
        *(str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-h", ""),
        *(word for setting in settings for word in ("-c", setting)),
    )
    return PrivateServer(url, folder, command, lambda: _with_postgresql(url, "SELECT 1"), user)


@contextlib.contextmanager
def started(server: PrivateServer) -> Iterator[PrivateServer]:
    """Start a private server; end it and delete what it kept afterwards."""
    try:
        server.start()
        yield server
    finally:
        server.remove()


def find_postgresql(start: Callable[[], str]) -> str:
    """Address of a database on a server where databases may be made; `start` starts a server."""
    if given := os.environ.get(DATABASE_VARIABLE):
        _with_postgresql(given, "SELECT 1")
        return given
    for user, name in (("postgres", "postgres"), ("root", "test"), ("postgres", "test")):
        url = f"postgresql+psycopg://{user}@127.0.0.1:5432/{name}"
        with contextlib.suppress(psycopg.OperationalError):
            if _with_postgresql(
                url,
                "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user",
            ):
                return url
    return start()


def find_redis(start: Callable[[], str]) -> str:
    """Address of a Redis server; `start` starts one."""
    if given := os.environ.get(REDIS_VARIABLE):
        _with_redis(given, redis.Redis.ping)
        return given
    usual = "redis://127.0.0.1:6379/0"
    with contextlib.suppress(redis.RedisError):
        _with_redis(usual, redis.Redis.ping)
        return usual
    return start()


@contextlib.contextmanager
def own_database(server: str) -> Iterator[str]:
    """A new, empty database on the server; dropped afterwards, whoever is still connected."""
    name = f"grader_test_{secrets.token_hex(6)}"
    _with_postgresql(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _with_postgresql(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def own_redis_database(server: str) -> Iterator[str]:
    """A numbered database of the server that nobody else uses; emptied afterwards."""
    for number in range(1, 16):
        url = make_url(server).set(database=str(number)).render_as_string(hide_password=False)
        try:
            is_own = _with_redis(url, _claim)
        except redis.ResponseError:  # the server has fewer databases than the usual 16
            break
        if is_own:
            try:
                yield url
            finally:
                _with_redis(url, redis.Redis.flushdb)
            return
    raise ServerMissing(f"no Redis database of {make_url(server).host} is empty")


def _claim(client: redis.Redis) -> bool:
    """Take an empty database, or one whose test was killed: it has an owner but no life."""
    if client.dbsize() and not (client.exists("test:owner") and not client.exists("test:life")):
        return False
    token = secrets.token_hex(8)
    if not client.set("test:life", token, nx=True, ex=CLAIM_S):
        return False
    with client.pipeline(transaction=True) as steps:
        steps.flushdb()
        steps.set("test:life", token, ex=CLAIM_S)
        steps.set("test:owner", token)
        steps.execute()
    return True


def _with_redis(url: str, ask: Callable[[redis.Redis], Answer]) -> Answer:
    with redis.Redis.from_url(url, socket_timeout=5) as client:
        return ask(client)


def _with_postgresql(url: str, statement: str) -> object:
    """The first value of the statement's answer, None where it has none."""
    address: URL = make_url(url).set(drivername="postgresql")
    text = address.render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True, connect_timeout=5) as connection:
        answer = connection.execute(statement.encode())
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def _postgresql_programs() -> Path:
    """The folder of the newest PostgreSQL that is installed."""

    installed = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    folders = sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    for folder in folders:
        if os.access(folder / "initdb", os.X_OK) and os.access(folder / "postgres", os.X_OK):
            return folder
    raise ServerMissing("PostgreSQL is not installed")


def _as_user(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
