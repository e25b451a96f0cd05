"""The pages for operators, students and staff name commands, buttons and files that are there."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from grader.cli.app import app

PAGES = ("operating", "student", "ta", "instructor")


@pytest.fixture(scope="module", params=PAGES)
def page(request, repository):
    return (repository / "docs" / f"{request.param}.md").read_text()


@pytest.fixture(scope="module")
def web_text(repository):
    """All that the web can say: templates, and sentences in the code."""
    folder = repository / "grader" / "web"
    paths = [*folder.rglob("*.html"), *folder.rglob("*.py")]
    return "\n".join(path.read_text() for path in paths)


def command_lines(page):
    """Each `grader ...` of the page, as words."""
    blocks = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).splitlines() + re.findall(r"`(grader [a-z][^`]*)`", page)
    for line in lines:
        if found := re.search(r"(?:^|\s)grader ([a-z].*)", re.sub(r"\s#.*", "", line)):
            yield shlex.split(found[1])


def test_every_command_exists_with_its_options(page):
    for words in command_lines(page):
        command = get_command(app)
        while words and (below := getattr(command, "commands", {})):
            assert words[0] in below, words
            command = below[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert set() == {word for word in words if word.startswith("-")} - known - {"--help"}


def test_there_are_commands_to_look_at(repository):
    found = [
        words[0] for words in command_lines((repository / "docs" / "operating.md").read_text())
    ]
    assert {"up", "doctor", "user", "course", "db"} <= set(found)


@pytest.mark.parametrize("page", ["student", "ta", "instructor"], indirect=True)
def test_every_label_in_bold_stands_on_a_page_of_the_service(page, web_text):
    labels = re.findall(r"(?<!^)\*\*([^*]+)\*\*", page)
    steps = {label for label in labels if re.match(r"\d\. ", label)}
    assert labels
    assert [] == [label for label in labels if label not in steps and label not in web_text]


def test_every_file_that_a_page_leads_to_is_there(page, repository):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page):
        assert (repository / "docs" / target).exists(), target
    for name in re.findall(r"\./(deploy/[\w.-]+)", page):
        assert (repository / name).is_file(), name
