"""The settings, all of them, and the only reader of the environment (GRADER_*).

Each is described in docs/settings.md; a test keeps that page complete. They are read without
pydantic: a command starts its jails as soon as it has its settings, and pydantic's import would
hold that back by a fifth of a second (docs/decisions/0005).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from grader.errors import ConfigurationError

PREFIX = "GRADER_"
TIERS = ("auto", "namespaces", "landlock")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose; `load_settings` reads it from the environment."""

    cache_dir: Path | None = None
    """Folder for expected values and verdicts of self-tests; None keeps nothing."""

    sandbox_tier: str = "auto"
    """How programs are confined; `auto` is the better tier that passes its self-test."""

    sandbox_uid: int | None = None
    """User id that jails run under when the grader is root; None is an unused one of its choice."""

    require_servers: bool = False
    """Tests fail, rather than skip, where a server, a browser or a peer is missing."""


def _read_tier(text: str) -> str:
    if text not in TIERS:
        raise ValueError(f"choose from {', '.join(TIERS)}")
    return text


def _read_user_id(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**32 - 1:
        raise ValueError("give a user id, a positive number")
    return int(text)


def _read_switch(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in words:
        raise ValueError("give 1 or 0")
    return words[text.lower()]


_READERS: Mapping[str, Callable[[str], object]] = {
    "cache_dir": Path,
    "sandbox_tier": _read_tier,
    "sandbox_uid": _read_user_id,
    "require_servers": _read_switch,
}


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read GRADER_* variables; an empty one counts as not set.

    Without GRADER_CACHE_DIR the cache is the folder `grader` where the desktop convention (XDG)
    puts caches, or none where that folder is not this user's to write.

    Raises
    ------
    ConfigurationError
        When a value is not valid, or the cache folder that was asked for cannot be used.
    """
    given: dict[str, object] = {}
    for field in fields(Settings):
        variable = PREFIX + field.name.upper()
        if text := environment.get(variable):
            try:
                given[field.name] = _READERS[field.name](text)
            except ValueError as error:
                raise ConfigurationError(
                    f"{variable}={text!r}: {error}", remedy="see docs/settings.md"
                ) from error
    settings = Settings(**given)  # type: ignore[arg-type]
    if settings.cache_dir is None:
        return replace(settings, cache_dir=_usual_cache_dir(environment))
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
    if not environment.get("XDG_CACHE_HOME") and not Path(base).is_dir():
        return None  # a home that is not there is not ours to make
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
