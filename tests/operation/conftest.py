"""docker-compose.yml and Dockerfile, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Instruction:
    """One line of a Dockerfile, its continuations joined, and the stage that it belongs to."""

    word: str
    rest: str
    stage: int


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """The compose file with its anchors and merges resolved."""
    text = (REPOSITORY / "docker-compose.yml").read_text()
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return dict(compose["services"])


@pytest.fixture(scope="session")
def dockerfile() -> list[Instruction]:
    text = (REPOSITORY / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[Instruction] = []
    stage = -1
    for line in filter(None, joined.splitlines()):
        word, _, rest = line.partition(" ")
        stage += word == "FROM"
        found.append(Instruction(word, rest.strip(), stage))
    return found
