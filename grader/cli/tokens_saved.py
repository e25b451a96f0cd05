"""`grader token save`, and what it keeps: the server and its token, for `grader submit`."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from grader.cli.render import print_line
from grader.errors import ConfigurationError, UsageError
from grader.settings import Settings, load_settings
from grader.text import printable

SAVED_FILE = "servers.json"
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Saved:
    """The server that was saved last, and a token for each."""

    server: str = ""
    tokens: dict[str, str] = field(default_factory=dict, repr=False)


def run_save(url: str) -> int:
    """Ask for a token, try it, and keep it."""
    from grader.cli.server import Server

    settings = load_settings()
    url = check_url(url)
    path, saved = _path(settings), read_saved(settings)
    token = read_token(f"Token for {url}: ")
    with Server(url, token) as server:
        courses = server.list_courses()
    _write(path, Saved(url, {**saved.tokens, url: token}))
    names = ", ".join(printable(one.slug, 80) for one in courses) or "none yet"
    print_line(f"Saved in {path}. Your courses there: {names}.")
    return 0


def check_url(url: str) -> str:
    """Return the address of a server without what follows it, or refuse it."""
    url = url.strip().rstrip("/")
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("https", "http") and parts.hostname and not parts.username:
            if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
                sys.stderr.write("grader: note: over http:// others on the way can read a token\n")
            return url
    raise UsageError(
        f"{printable(url, 200)!r} is not the address of a server",
        remedy="give one such as https://grader.example.org",
    )


def read_token(question: str) -> str:
    """Return a token, typed unseen at a terminal or read from stdin."""
    is_typed = sys.stdin.isatty()
    token = (getpass.getpass(question) if is_typed else sys.stdin.readline()).strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(
            "this is not a token" if token else "there is no token on stdin",
            remedy="make one on the page of your account, and paste it",
        )
    return token


def read_saved(settings: Settings) -> Saved:
    """Return what was saved; nothing, where nothing was.

    Raises
    ------
    ConfigurationError
        Where the file can be read by others, or is not ours.
    """
    path = _path(settings)
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(
                f"{path} can be read by other users", remedy=f"run `chmod 600 {path}`"
            )
        told = json.loads(path.read_text("utf-8"))
        tokens = {str(url): str(token) for url, token in told["tokens"].items()}
        return Saved(str(told["server"]), tokens)
    except FileNotFoundError:
        return Saved()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}", remedy="mend or delete it") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path} is damaged", remedy="delete it and run `grader token save` again"
        ) from error


def _path(settings: Settings) -> Path:
    if settings.config_dir is None:
        raise ConfigurationError("there is no home to keep a token in", remedy="set GRADER_TOKEN")
    return settings.config_dir / SAVED_FILE


def _write(path: Path, saved: Saved) -> None:
    content = json.dumps({"server": saved.server, "tokens": saved.tokens}, indent=2) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600 and whole before it has the name: never half a file, never readable.
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".servers-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}", remedy="set GRADER_CONFIG_DIR to a folder of this user's"
        ) from error
