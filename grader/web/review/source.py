"""Source as HTML: highlighted, every line with a number and an anchor; a notebook cell by cell."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from pygments import format as write_tokens
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer
from pygments.token import _TokenType

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, SubmittedFile, Upload, accept_uploads
from grader.text import printable

HIGHLIGHTED_CHARACTERS = 200_000
"""A longer text is shown without colours: they would take a second to find."""
HIGHLIGHT_TIME_S = 1.0
"""For all files of a page: enough lines of a lone space take Pygments hours."""
SHOWN_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class ShownChunk:
    """A file, or a cell of a notebook."""

    label: str
    """Empty for a file."""
    code: Markup


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a submission, ready for a page."""

    name: str
    digest: str
    n_lines: int
    chunks: tuple[ShownChunk, ...]


def show_files(
    uploads: Sequence[Upload], wanted: Sequence[str], limits: IntakeLimits
) -> tuple[tuple[ShownFile, ...], str]:
    """Return what runs of a submission, and why nothing can be shown where that is so."""
    try:
        submitted = accept_uploads(uploads, wanted, limits)
    except SubmissionRejected as error:
        return (), str(error)
    ends_s = time.monotonic() + HIGHLIGHT_TIME_S
    return tuple(
        show_file(file, number, ends_s) for number, file in enumerate(submitted.files, 1)
    ), ""


def show_file(file: SubmittedFile, number: int, ends_s: float) -> ShownFile:
    """Return a file with anchors such as `f1-12`, or `f1c3-12` in the third cell."""
    chunks = []
    for index, chunk in enumerate(file.chunks, 1):
        anchor = f"f{number}c{index}" if chunk.label else f"f{number}"
        chunks.append(ShownChunk(chunk.label, _highlight(chunk.text, anchor, ends_s)))
    return ShownFile(file.name, file.digest, len(file.text.splitlines()), tuple(chunks))


def _highlight(text: str, anchor: str, ends_s: float) -> Markup:
    """Return code as HTML with classes only: the pages' policy allows no inline style."""
    # Directions and invisible characters could make a reader see other code than what runs.
    shown = printable(text, SHOWN_CHARACTERS)
    formatter = HtmlFormatter(
        cssclass="highlight",
        linenos="table",
        lineanchors=anchor,
        anchorlinenos=True,
        wrapcode=True,
    )
    tokens = _find_tokens(shown, ends_s)
    return Markup(write_tokens(tokens or TextLexer(stripnl=False).get_tokens(shown), formatter))


def _find_tokens(text: str, ends_s: float) -> list[tuple[_TokenType, str]] | None:
    """Return the tokens of Python; None where there is no time to find them."""
    if len(text) > HIGHLIGHTED_CHARACTERS:
        return None
    tokens = []
    for token in PythonLexer(stripnl=False).get_tokens(text):
        # Each token takes a time that grows with the text; all of them, with its square or worse.
        if time.monotonic() > ends_s:
            return None
        tokens.append(token)
    return tokens
