"""Networks as dictionaries, and back: yours to use, your grader does."""


def lecture():
    """Return (weights, biases) of the lecture's network: inputs 1, 2, 3, hidden 4, 5, output 6."""
    weights = {
        1: {4: 0.2, 5: -0.3},
        2: {4: 0.4, 5: 0.1},
        3: {4: -0.5, 5: 0.2},
        4: {6: -0.3},
        5: {6: -0.2},
    }
    return weights, {4: -0.4, 5: 0.2, 6: 0.1}


def layered(matrices, vectors, first=1):
    """Return (weights, biases) of a network in layers, its units numbered from first on.

    A matrix has a row for each unit that sends and a column for each that receives.
    """
    weights, biases = {}, {}
    for matrix, vector in zip(matrices, vectors, strict=True):
        after = first + len(matrix)
        for j, row in enumerate(matrix, first):
            weights[j] = {k: float(w) for k, w in enumerate(row, after)}
        biases |= {k: float(b) for k, b in enumerate(vector, after)}
        first = after
    return weights, biases


WIRES = (
    (12, 21), (3, 20), (7, 11), (2, 7), (8, 12), (3, 7), (11, 20), (5, 8), (7, 12), (12, 20),
    (5, 11), (2, 8), (11, 12), (8, 11), (2, 21), (11, 21), (5, 7), (7, 20),
)  # fmt: skip
"""Inputs 2, 3, 5; outputs 20, 21; in between 7, 8, then 11, then 12. Some wires skip units."""


def tangled(wires, levels):
    """Return (weights, biases) of the network WIRES, in no order, with these 18 and 6 numbers."""
    weights = {}
    for (j, k), w in zip(WIRES, wires, strict=True):
        weights.setdefault(j, {})[k] = float(w)
    return weights, dict(zip((20, 8, 12, 7, 21, 11), map(float, levels), strict=True))


def by_unit(numbers, first=1):
    """Return numbers as a dictionary by units, counted from first on."""
    return {k: float(number) for k, number in enumerate(numbers, first)}


def matrix(weights, senders, receivers):
    """Return the weights from senders to receivers as rows of numbers."""
    return [[weights[j][k] for k in receivers] for j in senders]


def listed(numbers, weights):
    """Return the number of every wire that weights has, by the numbers of their units."""
    return [numbers[j][k] for j in sorted(weights) for k in sorted(weights[j])]
