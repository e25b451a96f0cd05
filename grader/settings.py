"""The settings, all of them, and the only reader of the environment (GRADER_*).

Each is described in docs/settings.md; a test keeps that page complete. Plain pydantic reads
them: pydantic-settings would add a tenth of a second to every command.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.errors import ConfigurationError

PREFIX = "GRADER_"


class Settings(BaseModel):
    """What an operator can choose; `load_settings` reads it from the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cache_dir: Path | None = None
    """Folder for expected values and verdicts of self-tests; None keeps nothing."""

    sandbox_tier: Literal["auto", "namespaces", "landlock"] = "auto"
    """How programs are confined; `auto` is the better tier that passes its self-test."""

    sandbox_uid: int | None = Field(default=None, gt=0)
    """User id that jails run under when the grader is root; None is an unused one of its choice."""

    bubblewrap: Path | None = None
    """The `bwrap` program; None is the one on PATH."""

    require_servers: bool = False
    """Tests fail, rather than skip, where a server, a browser or a peer is missing."""


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read GRADER_* variables; an empty one counts as not set.

    Without GRADER_CACHE_DIR the cache is the folder `grader` where the desktop convention (XDG)
    puts caches, or none where that folder is not this user's to write.

    Raises
    ------
    ConfigurationError
        When a value is not valid, or the cache folder that was asked for cannot be used.
    """
    given = {
        name: environment[variable]
        for name in Settings.model_fields
        if environment.get(variable := PREFIX + name.upper())
    }
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        variable = PREFIX + str(first["loc"][0]).upper()
        raise ConfigurationError(
            f"{variable}={first['input']!r}: {first['msg']}", remedy="see docs/settings.md"
        ) from error
    if settings.cache_dir is None:
        return settings.model_copy(update={"cache_dir": _usual_cache_dir(environment)})
    if not _is_usable(settings.cache_dir):
        raise ConfigurationError(
            f"{PREFIX}CACHE_DIR={settings.cache_dir} is not a folder that this user owns and can "
            "write",
            remedy="name another, or unset it",
        )
    return settings


def _usual_cache_dir(environment: Mapping[str, str]) -> Path | None:
    base = environment.get("XDG_CACHE_HOME") or environment.get("HOME")
    if not base or not Path(base).is_absolute():
        return None
    folder = Path(base) if environment.get("XDG_CACHE_HOME") else Path(base, ".cache")
    return folder / "grader" if _is_usable(folder / "grader") else None


def _is_usable(folder: Path) -> bool:
    """True where the folder is there, or could be made, and nobody else can plant files in it.

    What is cached is believed: root does not take it from a user's folder (`sudo` keeps HOME).
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_own = folder.stat().st_uid == os.geteuid()
    except OSError:
        return False
    return is_own and os.access(folder, os.W_OK | os.X_OK)
