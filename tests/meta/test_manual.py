"""docs/cli.md is what the commands say of themselves."""

from grader.cli.manual import MANUAL, write_manual


def test_the_page_of_commands_is_what_the_commands_say():
    assert write_manual() == MANUAL.read_text(encoding="utf-8"), "run `python -m grader.cli.manual`"
