"""Random expressions with fan-out and broadcasting, for any library that has the operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SHAPES = ((), (3,), (2, 1), (2, 3))
"""Any two of them broadcast to one of them."""


def is_matrix(x):
    return x.shape == (2, 3)


SMOOTH = {
    "add": lambda _, x, y: x + y,
    "subtract": lambda _, x, y: 0.5 - x - y,
    "multiply": lambda lib, x, y: lib.sin(x) * y,
    "divide": lambda _, x, y: x / (y * y + 1.5),
    "reciprocal": lambda lib, x, y: 1 / (2 + lib.cos(x)) - y,
    "power": lambda lib, x, y: (lib.sigmoid(x) + 0.5) ** 2.5 * y,
    "exponent": lambda lib, x, y: (lib.sigmoid(x) + 0.5) ** lib.tanh(y),
    "exp": lambda lib, x, y: lib.exp(lib.tanh(x)) + y,
    "log": lambda lib, x, y: lib.log(1 + lib.exp(lib.tanh(x))) * lib.tanh(y),
    "mean": lambda _, x, y: x - x.mean() + y,
    "row": lambda _, x, y: x[0] - 3 * y if is_matrix(x) else -x + y,
    "columns": lambda _, x, y: x[:, [0, 0, 2]] * y if is_matrix(x) else y - x,
    "sum": lambda _, x, y: x.sum(axis=0) - y if is_matrix(x) else x.sum() * 0.25 + y,
    "matmul": lambda lib, x, y: (
        lib.tanh(x) @ x.T @ lib.sin(x) + y if is_matrix(x) else lib.tanh(x + y)
    ),
    "inner": lambda lib, x, y: lib.sin(x) @ lib.tanh(x) + y if x.shape == (3,) else x + x + y,
    "reshape": lambda _, x, y: x.reshape(3, 2).T + y if is_matrix(x) else 2 * x - y,
}
KINKED = {
    "relu": lambda lib, x, y: lib.relu(x) - y,
    "maximum": lambda lib, x, y: lib.maximum(x, y) + 0.1 * x,
}


@dataclass(frozen=True)
class Program:
    """A list of operations, each on two of the values so far."""

    inputs: tuple[np.ndarray, ...]
    instructions: tuple[tuple[str, int, int], ...]

    def run(self, lib, *inputs):
        """Return the last value, computed with the functions of `lib`."""
        values = list(inputs)
        for name, first, second in self.instructions:
            values.append((SMOOTH | KINKED)[name](lib, values[first], values[second]))
        return values[-1]


def random_program(seed, *, is_smooth=False, n_operations=8):
    """Return a program that uses most of its values more than once."""
    rng = np.random.default_rng(seed)
    operations = sorted(SMOOTH if is_smooth else SMOOTH | KINKED)
    inputs = tuple(rng.normal(size=shape) for shape in SHAPES)
    n_values = range(len(inputs), len(inputs) + int(rng.integers(2, n_operations + 1)))
    instructions = tuple(
        (str(rng.choice(operations)), n - 1, int(rng.integers(n))) for n in n_values
    )
    return Program(inputs, instructions)
