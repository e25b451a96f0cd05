"""Cases for tests of diagnoses: inputs, right values, and how a change of them is diagnosed."""

import numpy as np

from grader.checks.diagnose import diagnose
from grader.checks.evidence import CaseEvidence
from grader.spec import Case

REG = 0.7


def layer(n=4, d=6, k=5, seed=0):
    """Inputs of a linear least-squares layer with a penalty, and its right values."""
    rng = np.random.default_rng(seed)
    inputs = {
        "X": rng.standard_normal((n, d)),
        "W": rng.standard_normal((d, k)),
        "b": rng.standard_normal(k),
        "T": rng.standard_normal((n, k)),
        "reg": REG,
    }
    error = inputs["X"] @ inputs["W"] + inputs["b"] - inputs["T"]
    values = {
        "loss": float((error**2).sum() / n + REG * (inputs["W"] ** 2).sum()),
        "dW": 2 * inputs["X"].T @ error / n + 2 * REG * inputs["W"],
        "db": 2 * error.sum(0) / n,
    }
    return inputs, values


PARAMETERS = {"dW": "W", "db": "b"}


def penalties_of(inputs):
    """The layer's own terms of the regulariser, as doubling its strength shows them."""
    W, b = inputs["W"], inputs["b"]
    return {"loss": REG * (W**2).sum(), "dW": 2 * REG * W, "db": np.zeros_like(b)}


def evidence(inputs, student, solution, parameters=None, label="", scale=1.0, penalties=None):
    case = Case(label, inputs, scale, 0, 0)
    wrong = [
        name
        for name, right in solution.items()
        if np.shape(student[name]) != np.shape(right)
        or not np.allclose(student[name], right, rtol=1e-6, atol=1e-9)
    ]
    return CaseEvidence.of(case, student, solution, tuple(solution), wrong, parameters, penalties)


def diagnosed(change, cases=None, parameters=PARAMETERS, *, penalties_of=lambda _: None):
    """Codes and places for the layer's values after `change(values, inputs)`."""
    gathered = []
    for inputs, values in cases or [layer(), layer(n=3, d=5, k=2, seed=1)]:
        student = dict(values)
        change(student, inputs)
        terms = penalties_of(inputs)
        gathered.append(evidence(inputs, student, values, parameters, penalties=terms))
    return [(d.code, d.where) for d in diagnose(gathered)]


def setting(name, function):
    def change(values, inputs):
        values[name] = function(values[name], inputs)

    return change


def backward_cases():
    for n, k, seed in ((5, 4, 0), (1, 8, 1)):
        rng = np.random.default_rng(seed)
        inputs = {"Z": rng.standard_normal((n, k)), "grad_out": rng.standard_normal((n, k))}
        yield inputs, {"grad_Z": inputs["grad_out"] * (inputs["Z"] > 0)}


def bias_cases():
    for n, k, seed in ((4, 5, 0), (4, 4, 1)):
        grad_out = np.random.default_rng(seed).standard_normal((n, k))
        yield {"grad_out": grad_out}, {"db": grad_out.sum(0)}


def surprises(logits, y):
    shifted = logits - logits.max(1, keepdims=True)
    return np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(y)), y]


def softmax_cases(scales):
    for scale in scales:
        for n, k, seed in ((8, 5, 0), (3, 4, 1)):
            rng = np.random.default_rng(seed)
            inputs = {"logits": scale * rng.standard_normal((n, k)), "y": rng.integers(0, k, n)}
            yield inputs, {"loss": float(surprises(inputs["logits"], inputs["y"]).mean())}
