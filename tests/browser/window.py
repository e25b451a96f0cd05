"""A window on the site, as one person has it, in which nothing goes wrong unnoticed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, cast

from tests.browser.classroom import PASSWORD, Classroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

PATIENCE_MS = 90_000
"""So long a run may take on a machine that does other things as well."""
GRAVE = ("serious", "critical")
_EXCEPT = {"exclude": [[".highlight span"]]}
"""The words of a source take axe half a minute; test_stylesheet.py computes their contrast."""
_ONLY = {"resultTypes": ["violations"]}
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Window:
    """A browser window of one width and colour scheme; `look` holds each page to our promises."""

    def __init__(
        self,
        browser: Browser,
        classroom: Classroom,
        width: int,
        scheme: str,
        *,
        has_scripts: bool = True,
    ) -> None:
        self.classroom = classroom
        self.width = width
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._context = browser.new_context(
            base_url=classroom.url,
            viewport={"width": width, "height": 800},
            color_scheme=cast(Literal["light", "dark"], scheme),
            java_script_enabled=has_scripts,
            reduced_motion="reduce",
        )
        self._has_scripts = has_scripts
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(_TELL_VIOLATIONS)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _note_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text} ({self.page.url})")

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def sign_in(self, name: str) -> None:
        """Sign in by the form."""
        self.page.goto("/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/")

    def open(self, path: str) -> None:
        """Go to a page, and look at it."""
        answer = self.page.goto(path)
        assert answer is not None
        assert 200 == answer.status, path
        self.look()

    def look(self) -> None:
        """Hold the page to what every page promises: accessible, no wider than the window."""
        assert 1 == self.page.locator("h1").count(), self.page.url
        self._assert_fits()
        if self._has_scripts:
            self._assert_accessible()

    def read(self, locator: Locator | None = None) -> str:
        """Return the words that are shown, with single spaces."""
        shown = (locator or self.page.locator("main")).inner_text()
        return re.sub(r"\s+", " ", shown)

    def wait_for_text(self, text: str) -> None:
        """Come back once the page's main part says it, without a reload of ours."""
        self.page.locator("main").get_by_text(text, exact=False).first.wait_for()

    def _assert_fits(self) -> None:
        wide = self.page.evaluate(
            """width => [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > width + 1
                && !one.closest(".source, .visually-hidden, thead")
                && getComputedStyle(one).position !== "absolute")
            .map(one => one.outerHTML.slice(0, 120))""",
            self.width,
        )
        assert [] == wide, f"{self.page.url} at {self.width}"
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width

    def _assert_accessible(self) -> None:
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

        found = [
            f"{one['impact']} {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
            for one in Axe().run(self.page, context=_EXCEPT, options=_ONLY).response["violations"]
            if one["impact"] in GRAVE
        ]
        assert [] == found, self.page.url
