"""The forms of a page as a browser reads them, so that a test sends what a person could send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.web.world import Browser


@dataclass
class Form:
    """A form: where it goes, and the fields that it has, with what stands in them."""

    action: str
    method: str
    encoding: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[str] = field(default_factory=list)

    def send(self, browser: Browser, **typed: Any) -> TestResponse:
        """Fill it in and send it; a field that it does not have cannot be filled."""
        unknown = typed.keys() - self.names
        assert not unknown, f"the form has no {unknown}, only {self.names}"
        assert "csrf_token" in self.fields
        fields = {**self.fields, **typed}
        if self.encoding != "multipart/form-data":
            return browser.flask.post(self.action, data=fields)
        # The test client would spool a large body to a file that nobody closes.
        boundary, body = encode_multipart(
            {
                name: FileStorage(value[0], value[1], name) if isinstance(value, tuple) else value
                for name, value in fields.items()
            }
        )
        kind = f'multipart/form-data; boundary="{boundary}"'
        return browser.flask.post(self.action, data=body, content_type=kind)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(
                given.get("action", ""), given.get("method", "get"), given.get("enctype", "")
            )
            self.forms.append(self._open)
        if self._open is None:
            return
        name = given.get("name", "")
        if tag in ("input", "select", "textarea") and name:
            self._open.names.add(name)
        if tag == "input" and name and given.get("type") not in ("radio", "checkbox", "file"):
            self._open.fields[name] = given.get("value", "")
        if tag == "select":
            self._select = name
        if (
            tag == "option"
            and self._select
            and ("selected" in given or self._select not in self._open.fields)
        ):
            self._open.fields[self._select] = given.get("value", "")
        if tag in ("textarea", "button"):
            self._text, self._select = [], name if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        text = "".join(self._text or ())
        if tag == "textarea":
            # A browser drops the line end that follows the start tag.
            self._open.fields[self._select] = text.removeprefix("\n")
        if tag == "button":
            self._open.buttons.append(text.strip())
        if tag in ("textarea", "button", "select"):
            self._text, self._select = None, ""
        if tag == "form":
            self._open = None


def find_forms(page: TestResponse) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(page.text)
    reader.close()
    return reader.forms


def find_form(page: TestResponse, button: str) -> Form:
    """Return the form with a button of this text."""
    fitting = [form for form in find_forms(page) if button in form.buttons]
    assert len(fitting) == 1, [form.buttons for form in find_forms(page)]
    return fitting[0]
