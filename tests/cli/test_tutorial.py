"""docs/writing-an-assignment.md, followed word for word: from a solution to a graded submission."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from grader.service import Service
from grader.settings import load_settings
from grader.store import Database, courses, offerings
from grader.store.database import FILE_NAME

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "writing-an-assignment.md"
ADDRESS = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"(?:<!-- (file|add to|part of): (\S+) -->\n)?```(\w+)\n(.*?)```\n", re.DOTALL)
_EXPORT = re.compile(r"export (\w+)=\$\((.*)\)")


@dataclass(frozen=True)
class Step:
    """Something that the reader does: a command with what it shows, or a file and its text."""

    what: str
    name: str
    text: str


def steps(page: str) -> Iterator[Step]:
    """Yield the steps of a page, in order."""
    for role, name, language, text in _BLOCK.findall(page):
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Step("run", command, shown)
        elif role:
            yield Step(role, name, text)


def is_shown(shown: str, printed: str) -> bool:
    """Tell whether a program printed what a page shows; `...` stands for anything."""
    pieces = re.split(r"\s*\.\.\.\s*", _plain(shown))
    return re.fullmatch(r"[\s\S]*?".join(map(re.escape, pieces)), _plain(printed)) is not None


def _plain(text: str) -> str:
    """Return the lines with something in them, however wide their columns are."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


@pytest.mark.parametrize(
    ("shown", "printed", "truth"),
    [
        ("a  b\n", "a b\n", True),
        ("a\n...\n", "a\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("...\nd\n", "c\nd\n", True),
        ("x  1/2  ...\n", "x   1/2  holds\n", True),
        ("a\nd\n", "a\nb\nd\n", False),
        ("b\n", "a\n", False),
        ("", "a\n", False),
    ],
)
def test_what_is_shown_is_compared_with_what_is_printed(shown, printed, truth):
    assert truth == is_shown(shown, printed)


def test_the_page_shows_every_step_of_authoring():
    commands = {step.name for step in steps(PAGE.read_text()) if step.what == "run"}
    words = ("new", "validate", "mutate", "calibrate", "handout", "publish")
    assert [] == [
        word for word in words if not any(f"grader assignment {word}" in one for one in commands)
    ]


@pytest.fixture
def follow(call, tmp_path, data_dir, monkeypatch, tier_or_reason, require):
    """A function that does one step of the page in a folder of its own."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the service, which starts in that folder
    address = [ADDRESS]

    def grader(words: list[str]) -> str:
        outcome = call(*(word.replace(ADDRESS, address[0]) for word in words), status=None)
        return str(outcome.stdout)

    def run(command: str) -> str:
        if exported := _EXPORT.fullmatch(command):
            monkeypatch.setenv(exported[1], grader(shlex.split(exported[2])[1:]).strip())
            return ""
        if command == "grader up":
            settings = dataclasses.replace(load_settings(), port=0, slots=1, data_dir=data_dir)
            service = stack.enter_context(Service(settings, log_dir=tmp_path / "logs"))
            service.wait_ready(60)
            address[0] = service.url
            return f"grader is at {ADDRESS}\n"
        if command.startswith("grader "):
            return grader(shlex.split(command)[1:])
        subprocess.run(command, shell=True, check=True)
        return ""

    def follow(step: Step) -> None:
        path = folder / step.name
        if step.what == "file":
            path.write_text(step.text)
        elif step.what == "add to":
            path.write_text(path.read_text() + step.text)
        elif step.what == "part of":
            assert step.text in path.read_text()
        else:
            printed = run(step.name)
            assert is_shown(step.text, printed), f"{step.name} printed:\n{printed}"

    with ExitStack() as stack:
        yield follow


@pytest.mark.parametrize(
    "left_out",
    [
        pytest.param({"mutate", "calibrate"}, id="without the long commands"),
        pytest.param(set(), id="whole", marks=pytest.mark.slow),
    ],
)
def test_the_page_ends_with_a_published_assignment_and_a_graded_submission(
    follow, data_dir, left_out
):
    for step in steps(PAGE.read_text()):
        words = step.name.split()
        is_command = step.what == "run" and words[:2] == ["grader", "assignment"]
        if not (is_command and words[2] in left_out):
            follow(step)
    database = Database(f"sqlite:///{data_dir / FILE_NAME}")
    with database.read() as session:
        course = courses.find_course(session, "ml-2036")
        assert course is not None
        [offering] = offerings.list_offerings(session, course.id, published_only=True)
        version = offering.published_version
        assert version is not None
        assert ("softmax", Decimal(5)) == (offering.slug, version.max_score)
    database.dispose()
