"""The image is built from locked packages, holds no build tools, and does not run as root."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch


def of(dockerfile, word, stage=None):
    return [
        instruction.rest
        for instruction in dockerfile
        if instruction.word == word and stage in (None, instruction.stage)
    ]


def last_stage(dockerfile):
    return dockerfile[-1].stage


def test_both_stages_start_from_one_pinned_image(dockerfile):
    images = {image.partition(" ")[0] for image in of(dockerfile, "FROM")}
    (image,) = images
    assert re.fullmatch(r"python:3\.1[1-9]-slim-\w+", image)
    assert 2 == len(of(dockerfile, "FROM"))


def test_the_python_of_the_image_is_one_that_the_program_supports(dockerfile, repository):
    (least,) = re.findall(
        r'requires-python = ">=3\.(\d+)"', (repository / "pyproject.toml").read_text()
    )
    assert int(re.findall(r"python:3\.(\d+)", of(dockerfile, "FROM")[0])[0]) >= int(least)


def test_packages_come_from_the_lock_file_with_hashes_and_ready_made(dockerfile):
    locked, own = [run for run in of(dockerfile, "RUN", 0) if "pip install" in run]
    assert "--require-hashes" in locked
    assert "--only-binary :all:" in locked
    assert locked.endswith("-r requirements.lock")
    assert "--no-deps --no-build-isolation" in own


def test_nothing_is_compiled_or_fetched_by_pip_in_the_stage_that_runs(dockerfile):
    commands = " ".join(of(dockerfile, "RUN", last_stage(dockerfile)))
    assert not re.search(r"gcc|build-essential|python3-dev|pip install|curl|wget", commands)
    (installed,) = re.findall(r"apt-get install [-\w ]*--no-install-recommends ([\w -]+)", commands)
    assert ["bubblewrap"] == installed.split()


def test_the_image_runs_as_the_user_that_compose_names(dockerfile, services):
    assert of(dockerfile, "USER", last_stage(dockerfile))[-1] == services["web"]["user"]
    after = [instruction.word for instruction in dockerfile]
    assert "RUN" not in after[len(after) - after[::-1].index("USER") :]


def test_the_image_holds_no_secret(dockerfile):
    assert not of(dockerfile, "ARG")
    assert not re.search("KEY|PASSWORD|TOKEN|DATABASE_URL", " ".join(of(dockerfile, "ENV")))


def test_what_is_copied_is_there_and_what_is_not_copied_never_reaches_the_builder(
    dockerfile, repository
):
    copied = [
        source.removeprefix("./")
        for copy in of(dockerfile, "COPY", 0)
        for source in copy.split()[:-1]
    ]
    assert all((repository / source).exists() for source in copied)
    lines = (repository / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert "*" == rules[0]
    assert set(copied) == {rule[1:] for rule in rules if rule.startswith("!")}
    left_out = [rule for rule in rules[1:] if not rule.startswith("!")]
    assert ["**/__pycache__"] == left_out
    assert not any(fnmatch("secrets", name) for name in copied)


def test_secrets_are_not_committed_by_accident(repository):
    ignored = (repository / ".gitignore").read_text().splitlines()
    assert {"secrets/", ".env"} <= set(ignored)


def test_the_default_command_only_says_what_there_is(dockerfile):
    assert ["grader", "--help"] == json.loads(of(dockerfile, "CMD")[-1])
