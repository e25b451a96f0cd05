"""The digest of an assignment: it changes with all that may change a verdict, and only then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = 1
"""Raised when the meaning of assignment.toml changes."""


def digest_assignment(table: Mapping[str, Any], files: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the sha256 of an assignment in hexadecimal.

    Parameters
    ----------
    table
        The parsed assignment.toml. `[policy]` is left out, so a moved date makes no new version;
        comments, order and layout are lost in parsing.
    files
        Contents by name, by role: solution, support, data, requirements. The handout, the starter
        and the known-wrong submissions change no verdict and are not among them.
    """
    judged = {key: value for key, value in table.items() if key != "policy"}
    content = {
        "format": FORMAT,
        "table": judged,
        "files": {
            role: {name: hashlib.sha256(text).hexdigest() for name, text in named.items()}
            for role, named in files.items()
        },
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
