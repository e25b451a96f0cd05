"""Counting parameters: the lectures' networks, and every network's own count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import MLP
from reference.network.sizes import count_parameters, count_weights
from tests.reference.worked import worked_example


def test_counts_of_the_lecture_on_training():
    example = worked_example("counts")
    assert count_weights((3, 2, 1)) == example["weights"]
    assert count_parameters((3, 2, 1)) == example["params"]


def test_count_of_the_lecture_on_multi_layer_networks():
    """(N + 1) S1 + (S1 + 1) S2 + (S2 + 1) S3 with N = 4 and S = 3, 3, 2."""
    assert count_parameters((4, 3, 3, 2)) == worked_example("param-count")["N4_S3_3_2"]


@given(sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_a_network_has_as_many_numbers_as_are_counted(sizes):
    network = MLP.initialise(sizes, np.random.default_rng(0))
    assert count_weights(sizes) == sum(W.size for W in network.weights)
    assert count_parameters(sizes) == network.parameter_count


@pytest.mark.parametrize("sizes", [(), (3,), (3, 0), (3, 2.5), (3, True)])
@pytest.mark.parametrize("count", [count_parameters, count_weights])
def test_sizes_of_no_network_are_refused(count, sizes):
    with pytest.raises(ValueError, match="sizes must be two or more whole numbers from 1 on, got"):
        count(sizes)
