"""Seeds of runs: drawn from a pool that nobody outside knows and that is renewed every day."""

from __future__ import annotations

import datetime
import hmac
import secrets
from pathlib import Path

POOL_SIZE = 32
"""So many sets of numbers a day and assignment: few enough that expected values are computed
once, enough that nobody can hand in the numbers."""
_SECRET_BYTES = 32


def draw_seed(secret: bytes, digest: str, day: datetime.date) -> int:
    """Return one of the day's seeds of an assignment version, a number below 2**31."""
    place = secrets.randbelow(POOL_SIZE)
    message = f"{digest} {day.isoformat()} {place}".encode()
    return int.from_bytes(hmac.digest(secret, message, "sha256")[:4], "big") >> 1


def load_secret(folder: Path | None) -> bytes:
    """Return the secret kept in `folder`, made when first needed; else one for this run alone."""
    fresh = secrets.token_bytes(_SECRET_BYTES)
    if folder is None:
        return fresh
    path = folder / "seed-secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(fresh)
    except FileExistsError:
        kept = path.read_bytes()
        return kept if len(kept) == _SECRET_BYTES else fresh
    except OSError:
        pass
    return fresh
