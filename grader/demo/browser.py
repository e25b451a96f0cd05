"""People of the demo at the site: with a browser's forms and cookies, or with a token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from grader.errors import OperationError
from grader.text import printable

_TIMEOUT_S = 30.0
_SUBMISSION = re.compile(r"/submissions/(\d+)")


@dataclass
class Form:
    """A form of a page: where it goes, and what its fields hold before anybody types."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = Form(given.get("action") or "")
            if given.get("method") == "post":
                self.forms.append(self._form)
        elif tag == "input" and self._form and (name := given.get("name")):
            self._form.values[name] = given.get("value") or ""
            self._form.kinds[name] = given.get("type") or "text"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def read_forms(page: str) -> list[Form]:
    """Return the forms of a page that send something."""
    reader = _FormReader()
    reader.feed(page)
    reader.close()
    return reader.forms


class Visitor:
    """Somebody's connection to the site: a browser with its own cookies, or a token's program."""

    def __init__(self, url: str, token: str = "") -> None:
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT_S,
            # This machine only: no proxy lies between, and no certificate needs to be loaded.
            trust_env=False,
            verify=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def sign_in(self, name: str, password: str) -> None:
        """Fill in the form of the sign-in page, and send it."""
        form = self._find_form("/sign-in", "password")
        values = {**form.values, "username": name, "password": password}
        self._post(form.action, data=values)

    def hand_in(self, page: str, name: str, content: bytes) -> int:
        """Hand in a file by the form of an assignment's page; return the submission's number."""
        form = self._find_form(page, "file")
        values = {key: one for key, one in form.values.items() if form.kinds[key] != "file"}
        receipt = self._post(form.action, data=values, files={"file": (name, content)})
        found = _SUBMISSION.fullmatch(receipt)
        if found is None:
            raise OperationError(f"{name} was handed in, which led to {receipt} and no receipt")
        return int(found[1])

    def send(self, page: str, name: str, content: bytes) -> int:
        """Hand in a file by the API; return the submission's number."""
        course, _, slug = page.rpartition("/")
        address = f"/api/v1{course}/assignments/{slug}/submissions"
        files = {"file": (name, content)}
        return int(self._ask("POST", address, wanted=httpx.codes.CREATED, files=files).json()["id"])

    def open(self, page: str) -> None:
        """Open a page, and see that it is shown."""
        self._ask("GET", page)

    def _find_form(self, page: str, kind: str) -> Form:
        """Return the form of a page that has a field of this kind."""
        for form in read_forms(self._ask("GET", page).text):
            if kind in form.kinds.values():
                return form
        raise OperationError(f"{page} has no form with a field for a {kind}")

    def _post(self, path: str, **options: Any) -> str:
        """Send a form; return the page to which its answer leads."""
        answer = self._ask("POST", path, wanted=httpx.codes.SEE_OTHER, **options)
        return urlsplit(answer.headers["location"]).path

    def _ask(
        self, method: str, path: str, *, wanted: int = httpx.codes.OK, **options: Any
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise OperationError(f"{path}: {error or type(error).__name__}") from error
        if answer.status_code != wanted:
            line = printable(answer.text[:200])
            raise OperationError(f"{path} was answered with {answer.status_code}: {line}")
        return answer
