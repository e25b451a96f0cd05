"""The real command, in a place of its own that must be empty afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

from grader.errors import GraderError
from grader.queue.slots import choose_tier
from grader.settings import Settings
from tests.queue.scene import children_of, wait_until

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 150.0
"""Longer than the demo takes until it gives up by itself."""


@dataclass
class Demo:
    """A demo that runs, and what it has written so far."""

    popen: subprocess.Popen[str]
    out: Path
    place: Path

    def said(self) -> str:
        return self.out.read_text(encoding="utf-8")

    def wait_for(self, text: str) -> None:
        """Come back once it has written this."""

        def has_come() -> bool:
            return text in self.said() or self.popen.poll() is not None

        wait_until(has_come, f"it says {text!r}", TIMEOUT_S)
        assert text in self.said(), self.said()

    def wait(self) -> int:
        """Return its exit status."""
        return self.popen.wait(TIMEOUT_S)

    def find_process(self, word: str) -> int:
        """Return the id of the child whose command line has this word."""
        for pid in children_of(self.popen.pid):
            if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return pid
        raise AssertionError(f"no {word}")

    def processes(self) -> list[int]:
        """Return all processes that were started in its place: the jails too."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                if str(self.place).encode() in told:
                    found.append(int(folder.name))
        return found

    def assert_all_gone(self) -> None:
        """See that no process and no file of it is left."""
        wait_until(lambda: not self.processes(), f"{self.processes()} have ended", 10)
        assert [] == list(self.place.iterdir())

    def end(self) -> None:
        """Kill what still runs, and delete what it kept."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.popen.wait(30)
        wait_until(lambda: not self.processes(), "all have ended", 10)
        shutil.rmtree(self.place)
        self.out.unlink()


@dataclass
class Demos:
    """Starts demos; none of them outlives the test."""

    cache_dir: Path
    started: list[Demo] = field(default_factory=list)

    def start(
        self,
        *arguments: object,
        root: Path = ROOT,
        environment: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Demo:
        """Start the command; a variable that is None is taken out of the environment."""
        # Not pytest's own folder: a jail of another user must be able to pass through it.
        place = Path(tempfile.mkdtemp(prefix="demo-of-a-test-"))
        place.chmod(0o711)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("GRADER_")}
        given = {"TMPDIR": str(place), "GRADER_CACHE_DIR": str(self.cache_dir), **environment}
        variables = {name: text for name, text in {**kept, **given}.items() if text is not None}
        out = place.with_suffix(".out")
        with out.open("w") as file:
            popen = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, "demo", *map(str, arguments)],
                cwd=root, env=variables, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                text=True,
            )  # fmt: skip
        demo = Demo(popen, out, place)
        self.started.append(demo)
        return demo

    def close(self) -> None:
        for demo in self.started:
            demo.end()


_COMMAND = "import sys; from grader.cli.app import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, require: Callable[[object, str], None]
) -> Settings:
    """A cache for all demos: the first of them attacks the tiers, the others need not."""
    settings = Settings(cache_dir=Path(tmp_path_factory.mktemp("cache")))
    try:
        choose_tier(settings)
    except GraderError as error:
        require(False, str(error))
    return settings


@pytest.fixture
def demos(settings: Settings) -> Iterator[Demos]:
    """Starts demos by their command."""
    assert settings.cache_dir is not None
    demos = Demos(settings.cache_dir)
    try:
        yield demos
    finally:
        demos.close()


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port on which somebody listens, while the next one is free."""
    for port in range(20000, 30000, 7):
        with socket.socket() as taken, socket.socket() as next_one:
            try:
                taken.bind(("127.0.0.1", port))
                taken.listen()
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            next_one.close()
            yield port
            return
    raise AssertionError("no two ports are free")


@pytest.fixture
def path_without_bubblewrap(tmp_path: Path) -> str:
    """A PATH with all programs but one."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).glob("*"):
            link = folder / program.name
            if program.name != "bwrap" and not link.exists():
                link.symlink_to(program)
    assert shutil.which("bwrap", path=str(folder)) is None
    return str(folder)
