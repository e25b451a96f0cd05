"""Audiences for the tests of redaction."""

import pytest

from grader.report import Audience


@pytest.fixture(name="audience")
def make_audience():
    return Audience
