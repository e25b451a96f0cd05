"""Secrets that a process makes when it first needs them, in a file that only its user reads."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from grader.errors import ConfigurationError

SECRET_BYTES = 32


def load_or_make_secret(path: Path) -> bytes:
    """Return the secret in `path`; make it, mode 0600, where there is none.

    Of two processes that start at once the first makes it and both read the same.

    Raises
    ------
    ConfigurationError
        Where the file cannot be written, is cut short, or can be read by others.
    """
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(
                f"{path} can be read by other users", remedy=f"run `chmod 600 {path}`"
            )
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}", remedy="set GRADER_DATA_DIR to a folder of this user's"
        ) from error
    if len(secret) != SECRET_BYTES:
        raise ConfigurationError(
            f"{path} is not {SECRET_BYTES} bytes long", remedy="delete it; everybody signs in again"
        )
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".secret-") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
        # A link appears whole or not at all, and never takes the place of another's.
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
