"""Text that came out of a student's program, made safe to show on a terminal or a page."""

from __future__ import annotations

import re

TEXT_LIMIT = 64 * 1024
"""Characters of one shown text, unless the caller says otherwise."""

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, with ESC, the start of every ANSI sequence
    "\u00ad\u061c\u180e\u200b\u200e\u200f"  # invisible marks
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # line separators, bidirectional overrides
    "\ud800-\udfff\U000e0000-\U000e007f]"  # lone surrogates, tag characters
)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def printable(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return `text` with every control, escape and direction character made visible or replaced.

    New lines and tabs stay. What exceeds `limit` characters is cut, and the cut is said.
    """
    shown = text[:limit].replace("\r\n", "\n")
    shown = _UNSAFE.sub(_picture, shown)
    if len(text) > limit:
        shown += f"\n[cut: {len(text) - limit} more characters]"
    return shown
