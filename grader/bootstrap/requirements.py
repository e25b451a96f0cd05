"""What must be importable before the program itself can start.

The same numbers as in pyproject.toml, written once more because reading that file would cost
every start several milliseconds; a test keeps the two alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

RUN: Mapping[str, tuple[int, ...]] = {
    "alembic": (1, 18),
    "argon2_cffi": (25, 1),
    "celery": (5, 7),
    "flask": (3, 1),
    "flask_wtf": (1, 2),
    "gunicorn": (23, 0),
    "httpx": (0, 28),
    "markdown_it_py": (4, 0),
    "nh3": (0, 3),
    "numpy": (2, 0),
    "psycopg": (3, 2),
    "pydantic": (2, 10),
    "pygments": (2, 19),
    "redis": (6, 4),
    "rich": (13, 9),
    "sqlalchemy": (2, 1),
    "structlog": (25, 1),
    "typer": (0, 20),
    "tzdata": (2025, 1),
    "waitress": (3, 0),
}
TEST: Mapping[str, tuple[int, ...]] = {
    **RUN,
    "axe_playwright_python": (0, 1, 4),
    "hypothesis": (6, 150),
    "import_linter": (2, 5),
    "mypy": (2, 0),
    "playwright": (1, 60),
    "pytest": (9, 0),
    "pytest_randomly": (4, 0),
    "pyyaml": (6, 0),
    "ruff": (0, 15),
    "types_pygments": (2, 19),
    "types_pyyaml": (6, 0),
}


def installed_versions(folders: Iterable[str]) -> dict[str, str]:
    """Name and version of every distribution in `folders`; the first folder wins, as in imports.

    Read from the names of the metadata folders: importlib.metadata would take longer than all
    the rest of a start.
    """
    versions: dict[str, str] = {}
    for folder in folders:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            stem, dot, kind = name.rpartition(".")
            if dot and kind in ("dist-info", "egg-info"):
                distribution, _, rest = stem.partition("-")
                key = distribution.lower().replace(".", "_")
                versions.setdefault(key, rest.partition("-")[0])
    return versions


def shortcomings(
    needed: Mapping[str, tuple[int, ...]], installed: Mapping[str, str]
) -> tuple[str, ...]:
    """What is missing or too old, each as a phrase; empty where all is well."""
    found = []
    for name, minimum in needed.items():
        version = installed.get(name)
        shown = name.replace("_", "-")
        if version is None:
            found.append(f"{shown} is not installed")
        elif _release(version) < minimum:
            least = ".".join(map(str, minimum))
            found.append(f"{shown} {version} is too old, {least} or later is needed")
    return tuple(found)


def _release(version: str) -> tuple[int, ...]:
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if digits:
            numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
