"""Files of others are what they say they are, and all that a page loads is ours."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "grader" / "web" / "static"
TEMPLATES = STATIC.parent / "templates"
ROW = re.compile(
    r"^\| (?P<file>\S+) \| (?P<version>\S+) \|.*\| (?P<digest>[0-9a-f]{64}) \|$", re.MULTILINE
)


def listed() -> dict[str, tuple[str, str]]:
    text = (STATIC / "vendor" / "VENDORED.md").read_text("utf-8")
    return {row["file"]: (row["version"], row["digest"]) for row in ROW.finditer(text)}


def test_every_vendored_script_is_listed_with_its_version_and_its_hash():
    scripts = {path.name: path for path in (STATIC / "vendor").glob("*.js")}
    assert set(listed()) == set(scripts)
    for name, (version, digest) in listed().items():
        assert f"-{version}." in name
        assert digest == hashlib.sha256(scripts[name].read_bytes()).hexdigest()


def test_the_licence_of_what_is_vendored_lies_beside_it():
    text = (STATIC / "vendor" / "LICENSE-htmx.txt").read_text("utf-8")
    assert "Zero-Clause BSD" in text


def test_pages_load_the_vendored_scripts_and_nothing_from_elsewhere():
    base = (TEMPLATES / "base.html").read_text("utf-8")
    loaded = re.findall(r"filename='vendor/([^']+)'", base)
    assert sorted(listed()) == sorted(loaded)
    for path in [*TEMPLATES.rglob("*.html"), *STATIC.glob("*.css")]:
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//|url\(", path.read_text("utf-8")), (
            path
        )


def test_templates_have_no_inline_style_or_handler_which_our_policy_would_block():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text), path
