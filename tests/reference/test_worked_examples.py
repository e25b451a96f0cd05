"""Every worked example of the lectures is held by a test."""

from __future__ import annotations

import json

from tests.reference.worked import EXAMPLES

WITHOUT_VALUES = {"recurrence"}
"""Its slide states a rule (W for W transposed): the gradients of every network hold it."""


def test_every_example_is_asked_for():
    written = "".join(path.read_text() for path in EXAMPLES.parent.glob("test_*.py"))
    slugs = {one["slug"] for one in json.loads(EXAMPLES.read_text())}
    assert set() == {slug for slug in slugs - WITHOUT_VALUES if f'("{slug}")' not in written}
