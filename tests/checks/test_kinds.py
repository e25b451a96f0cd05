"""Every kind of check is judged, or refused by name; none is passed over in silence."""

import pytest

from grader.errors import ConfigurationError

COUNTED = """
[[checks]]
id = "few-calls"
kind = "cost"
inputs = {x = {normal = [4]}}
run = "f(x)"
calls = 8
"""


def test_what_cannot_be_judged_yet_is_refused_by_name(drive):
    with pytest.raises(ConfigurationError, match="few-calls"):
        drive(COUNTED, {}, {})
