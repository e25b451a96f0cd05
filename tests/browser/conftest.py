"""A browser, a running course, and windows of every kind in which all that is wrong is noted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import classroom as classrooms
from tests.browser.classroom import Classroom
from tests.browser.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium(require: Callable[[object, str], None]) -> Iterator[Browser]:
    """The system's browser."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    require(path, "no chromium on this machine (apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def classroom(
    tmp_path_factory: pytest.TempPathFactory, require: Callable[[object, str], None]
) -> Iterator[Classroom]:
    """A running service with a course and a published assignment."""
    with classrooms.opened(tmp_path_factory.mktemp("classroom"), require) as opened:
        yield opened


@pytest.fixture
def open_window(chromium: Browser, classroom: Classroom) -> Iterator[Callable[..., Window]]:
    """A function that opens a window; at the end none may have complained of anything."""
    windows: list[Window] = []

    def open_window(
        width: int = 1280, scheme: str = "light", *, has_scripts: bool = True
    ) -> Window:
        window = Window(chromium, classroom, width, scheme, has_scripts=has_scripts)
        windows.append(window)
        return window

    yield open_window
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.close()
    assert [] == complaints
