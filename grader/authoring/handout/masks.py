"""Names for what runs on the solution: its text may be the solution, and is in no handout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from grader.calls import Evaluation, Ladder, Question
from grader.spec import CheckSpec, GradientCheck, OutputCheck, variants


class Masks:
    """Puts a name in the place of every `expect`, also where it stands inside other code."""

    def __init__(self, checks: Iterable[CheckSpec]) -> None:
        texts = dict.fromkeys(text for check in checks for text in _list_expects(check))
        self._names = {text: f"expected_{number}" for number, text in enumerate(texts, 1)}
        written: dict[str, str] = {}
        for text, name in self._names.items():
            written |= dict.fromkeys((text, *_quote(text)), name)
        self._written = written
        # The longest first: one may begin like another.
        longest_first = sorted(written, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def name_of(self, expect: str) -> str:
        """Return the name that stands for an `expect`."""
        return self._names[expect]

    def mask(self, question: Question) -> Question:
        """Return a question to the solution as a handout's check will ask it."""
        if isinstance(question, Evaluation | Ladder):
            code = self._pattern.sub(lambda found: self._written[found[0]], question.code)
            return replace(question, code=code)
        return question


def _list_expects(check: CheckSpec) -> Iterator[str]:
    for variant in variants(check):
        if isinstance(variant.check, OutputCheck | GradientCheck):
            yield variant.check.expect


def _quote(text: str) -> tuple[str, str]:
    """Return a text as it stands inside a literal, between single quotes and between double."""
    return repr("\"'" + text)[len("'\"\\'") : -1], repr("'" + text.replace('"', ""))[2:-1]
