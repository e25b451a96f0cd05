"""Every kind of check is judged, or refused by name; none is passed over in silence."""

import pytest

from grader.errors import ConfigurationError

SOURCE = """
[[checks]]
id = "by-hand"
kind = "source"
forbid = ["numpy.gradient"]
"""
COST = """
[[checks]]
id = "fast"
kind = "cost"
inputs = {x = {normal = [4]}}
run = "f(x)"
ratio = 3.0
"""


@pytest.mark.parametrize(("toml", "check"), [(SOURCE, "by-hand"), (COST, "fast")])
def test_a_kind_that_cannot_be_judged_yet_is_refused_by_name(drive, toml, check):
    with pytest.raises(ConfigurationError, match=check):
        drive(toml, {}, {})
