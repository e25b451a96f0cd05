"""The settings, all of them, and the only reader of the environment (GRADER_*).

Each is described in docs/settings.md; a test keeps that page complete. They are read without
pydantic: a command starts its jails as soon as it has its settings, and pydantic's import would
hold that back by a fifth of a second (docs/decisions/0005).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from grader.errors import ConfigurationError

PREFIX = "GRADER_"
TIERS = ("auto", "namespaces", "landlock")
LOG_FORMATS = ("auto", "text", "json")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose; `load_settings` reads it from the environment."""

    cache_dir: Path | None = None
    """Folder for expected values and verdicts of self-tests; None keeps nothing."""

    sandbox_tier: str = "auto"
    """How programs are confined; `auto` is the better tier that passes its self-test."""

    sandbox_uid: int | None = None
    """User id that jails run under when the grader is root; None is an unused one of its choice."""

    data_dir: Path | None = None
    """Folder of the database, the embedded queue and the secret key; made when first needed."""

    database_url: str = field(default="", repr=False)
    """SQLAlchemy's address of the database; empty is SQLite in `data_dir`."""

    broker_url: str = field(default="", repr=False)
    """Address of the queue (redis://...); empty is the embedded one in `data_dir`."""

    secret_key: str = field(default="", repr=False)
    """Signs cookies; empty is a key of its own in `data_dir`, made at the first start."""

    bind_host: str = "127.0.0.1"
    """Address that `grader up` listens on."""

    port: int = 8000
    """Port that `grader up` listens on."""

    base_url: str = ""
    """How people reach the service (https://...); empty is where it listens."""

    trusted_proxies: int = 0
    """How many proxies stand in front and write X-Forwarded-*."""

    web_threads: int = 32
    """Requests that one web process answers at once; half of them may be live streams."""

    slots: int = 0
    """Submissions that a worker grades at once; 0 is one a processor."""

    lease_s: float = 30.0
    """A run whose worker has not been heard of for so long is taken from it."""

    session_hours: float = 168.0
    """Somebody who has not come back for so long signs in again."""

    max_waiting: int = 5
    """Submissions of one person that may wait or run at once."""

    max_hourly: int = 60
    """Submissions of one person in an hour."""

    upload_source_bytes: int = 256 * 1024
    upload_packed_bytes: int = 5 * 1024**2
    upload_unpacked_bytes: int = 20 * 1024**2
    upload_members: int = 200
    """How much a student may hand in (`grader.intake.IntakeLimits`)."""

    server_url: str = ""
    """Where `grader submit` hands in; empty is the server that `grader token save` noted."""

    token: str = field(default="", repr=False)
    """What `grader submit` signs in with; empty is the one that `grader token save` keeps."""

    config_dir: Path | None = None
    """Folder of what `grader token save` keeps."""

    log_format: str = "auto"
    """Lines of text, or one JSON object a line; `auto` is text on a terminal."""

    require_servers: bool = False
    """Tests fail, rather than skip, where a server, a browser or a peer is missing."""

    @property
    def environments_dir(self) -> Path | None:
        """Folder of the packages that `grader environment build` has installed."""
        return None if self.data_dir is None else self.data_dir.absolute() / "environments"


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


def _read_log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise ValueError(f"choose from {', '.join(LOG_FORMATS)}")
    return text


def _read_url(text: str) -> str:
    if "://" not in text or text != text.strip():
        raise ValueError("give an address such as postgresql+psycopg://user@host/name")
    return text


def _read_base_url(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("give an address that begins with https:// or http://")
    return text.rstrip("/")


def _read_whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"give a whole number from {least} to {most}")
        return int(text)

    return read


def _read_amount(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        with contextlib.suppress(ValueError):
            if least <= float(text) <= most:
                return float(text)
        raise ValueError(f"give a number from {least:g} to {most:g}")

    return read


_READERS: Mapping[str, Callable[[str], object]] = {
    "cache_dir": Path,
    "sandbox_tier": _read_tier,
    "sandbox_uid": _read_user_id,
    "data_dir": Path,
    "database_url": _read_url,
    "broker_url": _read_url,
    "secret_key": str,
    "bind_host": str,
    "port": _read_whole(0, 65535),
    "base_url": _read_base_url,
    "trusted_proxies": _read_whole(0, 10),
    "web_threads": _read_whole(4, 1000),
    "slots": _read_whole(0, 1000),
    "lease_s": _read_amount(1, 3600),
    "session_hours": _read_amount(0.01, 24 * 365),
    "max_waiting": _read_whole(1, 1000),
    "max_hourly": _read_whole(1, 1_000_000),
    "upload_source_bytes": _read_whole(1, 2**31),
    "upload_packed_bytes": _read_whole(1, 2**31),
    "upload_unpacked_bytes": _read_whole(1, 2**31),
    "upload_members": _read_whole(1, 1_000_000),
    "server_url": _read_base_url,
    "token": str,
    "config_dir": Path,
    "log_format": _read_log_format,
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
    for setting in fields(Settings):
        variable = PREFIX + setting.name.upper()
        if text := _look_up(variable, environment):
            try:
                given[setting.name] = _READERS[setting.name](text)
            except ValueError as error:
                shown = variable if variable in _SECRETS else f"{variable}={text!r}"
                raise ConfigurationError(
                    f"{shown}: {error}", remedy="see docs/settings.md"
                ) from error
    given.setdefault("data_dir", _usual_folder(environment, "XDG_DATA_HOME", ".local", "share"))
    given.setdefault("config_dir", _usual_folder(environment, "XDG_CONFIG_HOME", ".config"))
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


def _look_up(variable: str, environment: Mapping[str, str]) -> str:
    """Return a variable's value, or what the file holds that VARIABLE_FILE names: a secret."""
    path = environment.get(f"{variable}_FILE")
    if environment.get(variable) or not path or variable not in _SECRETS:
        return environment.get(variable, "")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{variable}_FILE={path} cannot be read", remedy="name a file of this user's"
        ) from error


_SECRETS = tuple(PREFIX + name for name in ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "TOKEN"))


def _usual_folder(environment: Mapping[str, str], variable: str, *below_home: str) -> Path | None:
    base = environment.get(variable)
    if base and Path(base).is_absolute():
        return Path(base, "grader")
    home = environment.get("HOME", "")
    return Path(home, *below_home, "grader") if Path(home).is_absolute() else None


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
