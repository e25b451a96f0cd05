"""Hypothesis without a deadline, and with the same examples in every CI run.

Whoever changes a formula meets new examples at each run of his own; CI judges a change by the
examples that the change before it passed.
"""

import os

from hypothesis import settings

is_ci = os.environ.get("GRADER_REQUIRE_SERVERS") == "1"
settings.register_profile("reference", deadline=None, derandomize=is_ci)
settings.load_profile("reference")
