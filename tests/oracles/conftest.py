"""Comparisons with PyTorch, JAX, SciPy and scikit-learn, which only these tests need.

They run with `--oracle` (`python3 -m grader test --oracle` installs the peers), and nothing else
runs beside them: a test that forks must not have the threads of these libraries in its process.
"""

from __future__ import annotations

import jax
import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def double_precision():
    """One thread and 64 bits, so that a difference is one of formulas."""
    jax.config.update("jax_enable_x64", True)
    torch.set_num_threads(1)
