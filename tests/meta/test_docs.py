"""The documentation names every command, every option and every setting."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from typer.main import get_command

from grader.settings import PREFIX, Settings


def sections(text):
    """Text below each heading, under the heading's words without the code marks."""
    parts = re.split(r"^#+ +(.*)$", text, flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {title.replace("`", "").strip(): body for title, body in pairs}


def commands(command, path="grader"):
    """Every command line of the program, as `grader assignment list`, with its options."""
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, f"{path} {name}")
    if not getattr(command, "commands", {}):
        options = [option for parameter in command.params for option in parameter.opts]
        yield path, {option for option in options if option.startswith("--")} - {"--help"}


@pytest.fixture(scope="module")
def command_lines():
    from grader.cli.app import app

    return dict(commands(get_command(app)))


def test_every_command_has_a_section_in_docs_cli(repository, command_lines):
    titles = sections((repository / "docs" / "cli.md").read_text(encoding="utf-8"))
    assert command_lines
    assert [] == [
        line for line in command_lines if not any(title.startswith(line) for title in titles)
    ]


def test_every_option_is_in_its_commands_section(repository, command_lines):
    bodies = sections((repository / "docs" / "cli.md").read_text(encoding="utf-8"))
    missing = {}
    for line, options in command_lines.items():
        text = "".join(body for title, body in bodies.items() if title.startswith(line))
        absent = sorted(option for option in options if option not in text)
        if absent:
            missing[line] = absent
    assert {} == missing


def test_every_setting_has_a_section_in_docs_settings(repository):
    titles = sections((repository / "docs" / "settings.md").read_text(encoding="utf-8"))
    expected = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert expected
    assert expected == {title for title in titles if title.startswith(PREFIX)}


def test_the_settings_page_names_every_value_of_a_choice(repository):
    text = (repository / "docs" / "settings.md").read_text(encoding="utf-8")
    for tier in ("auto", "namespaces", "landlock"):
        assert f"`{tier}`" in sections(text)["GRADER_SANDBOX_TIER"]
