"""The README's two pictures: made here, and not older than the pages that they show.

`GRADER_TEST_SCREENSHOTS=1 .venv/bin/pytest tests/browser/test_screenshots.py` makes them again.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.classroom import Classroom, wrong_source
from tests.browser.window import Window

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES = {"student-feedback.png": "blaise", "ta-review.png": "grace"}
SIGNATURE = b"\x89PNG\r\n\x1a\n"
WIDTH, HEIGHT = 1280, 1000


@pytest.fixture(scope="module")
def submission_id(classroom: Classroom) -> int:
    """The first submission of Blaise, with a mistake that has a name."""
    made = classroom.hand_in("blaise", wrong_source("transposed_when_square"))
    classroom.wait_graded(made)
    return made


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_the_readmes_picture_shows_todays_page(
    open_window: Callable[..., Window], submission_id: int, name: str
):
    window = open_window(WIDTH)
    window.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    window.sign_in(PICTURES[name])
    window.open(f"/submissions/{submission_id}")
    title = window.page.title()
    if os.environ.get("GRADER_TEST_SCREENSHOTS"):
        picture = window.page.screenshot(animations="disabled")
        IMAGES.mkdir(exist_ok=True)
        (IMAGES / name).write_bytes(with_title(picture, title))
    picture = (IMAGES / name).read_bytes()
    assert title == title_of(picture)
    assert (WIDTH, HEIGHT) == struct.unpack(">II", picture[16:24])


def chunks_of(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the content of each piece of a PNG."""
    assert picture.startswith(SIGNATURE)
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def with_title(picture: bytes, title: str) -> bytes:
    """Return a PNG that says what page it shows."""
    kept = SIGNATURE
    for kind, content in chunks_of(picture):
        kept += _chunk(kind, content)
        if kind == b"IHDR":
            kept += _chunk(b"iTXt", b"Title\0\0\0\0\0" + title.encode())
    return kept


def title_of(picture: bytes) -> str | None:
    """Return what page a PNG says that it shows."""
    for kind, content in chunks_of(picture):
        if kind == b"iTXt" and content.startswith(b"Title\0"):
            return content.split(b"\0", 5)[-1].decode()
    return None


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))
