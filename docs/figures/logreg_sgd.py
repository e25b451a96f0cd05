"""The figures of the handout `logreg-sgd`: `python -m docs.figures.logreg_sgd` draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import Curve, Panel, draw_panels, write_figures
from reference import (
    SGD,
    fit_logistic_newton,
    gradient_descent,
    logistic_loss,
    minibatch_descent,
)

Numbers = NDArray[np.floating[Any]]
SAMPLES = np.array([[-2.0], [-1.0], [0.0], [1.0], [2.0], [3.0]])
LABELS = np.array([0, 0, 1, 0, 1, 1])
_RATES = ((0.002, (13, 4.05)), (0.2, (24, 2.14)), (1.7, (1.6, 6.2)))
_FACTORS = ((0.1, (0.15, 1.45)), (1.0, (6.9, 1.4)), (1.1, (4.6, 2.4)))
_N_STEPS = 40
_SEED, _N, _BATCH, _N_EPOCHS = 3, 60, 6, 12


def draw_figures() -> dict[str, str]:
    """Return the figures by the names of their files."""
    return {"trace-plots.svg": _draw_traces(), "batches.svg": _draw_batches()}


def trace(learning_rate: float, n_steps: int) -> Numbers:
    """Return the losses of a descent from (0, 0) on the six samples, the first and the last too."""
    return gradient_descent(
        lambda w: loss_and_gradient(w, SAMPLES, LABELS),
        np.zeros(2),
        SGD(learning_rate),
        gradient_tolerance=None,
        max_iterations=n_steps,
    ).losses


def loss_and_gradient(w: Numbers, samples: Numbers, labels: NDArray[Any]) -> tuple[float, Numbers]:
    """Return loss and gradient with the constant first, as the handout has it."""
    loss, slope, constant = logistic_loss(w[1:], float(w[0]), samples, labels)
    return loss, np.array([constant, *slope])


def walk_parabola(learning_rate: float, n_steps: int) -> Numbers:
    """Return the places of a descent on w^2 from 1."""
    optimizer = SGD(learning_rate)
    places = [np.array([1.0])]
    for _ in range(n_steps):
        places.append(optimizer.step(places[-1], 2 * places[-1]))
    return np.array(places)[:, 0]


def _draw_traces() -> str:
    steps = np.arange(_N_STEPS + 1.0)
    traces = [trace(rate, _N_STEPS) for rate, _ in _RATES]
    walks = [walk_parabola(factor, 8) for factor, _ in _FACTORS]
    words = "; ".join(
        f"rate {rate:g}: from {y[0]:.2f} to {y[-1]:.2f}"
        for (rate, _), y in zip(_RATES, traces, strict=True)
    )
    far = "; ".join(
        f"rate {factor:g}: {y[-1]:.2f} after 8 steps"
        for (factor, _), y in zip(_FACTORS, walks, strict=True)
    )
    return draw_panels(
        "Three learning rates",
        f"Losses of logistic regression by step. {words}. On w^2, from w = 1: {far}.",
        [
            Panel(
                "Trace plots: loss by step",
                (0, 10, 20, 30, 40),
                (2, 3, 4, 5, 6, 7),
                [
                    Curve(f"rate {rate:g}", steps, y, at, stroke)
                    for stroke, ((rate, at), y) in enumerate(zip(_RATES, traces, strict=True))
                ],
            ),
            Panel(
                "Descent on w^2: w by step",
                (0, 2, 4, 6, 8),
                (-4, -2, 0, 2, 4),
                [
                    Curve(f"rate {factor:g}", steps[:9], y, at, stroke)
                    for stroke, ((factor, at), y) in enumerate(zip(_FACTORS, walks, strict=True))
                ],
            ),
        ],
        columns=2,
    )


def _draw_batches() -> str:
    rng = np.random.default_rng(_SEED)
    samples = rng.normal(size=(_N, 2)) * [1.0, 0.3]
    y = (samples @ [2.0, 5.0] + rng.logistic(size=_N) > 0).astype(int)
    rate = 4 / float(np.linalg.norm(np.column_stack([np.ones(_N), samples]), ord=2)) ** 2
    epochs = np.arange(_N_EPOCHS + 1.0)
    curves = [
        (f"all {_N} samples", _losses(samples, y, rate, _N), (4.2, 26)),
        (f"batches of {_BATCH}", _losses(samples, y, rate * _N / _BATCH, _BATCH), (2.3, 20.8)),
    ]
    least = fit_logistic_newton(samples, y).losses[-1]
    words = "; ".join(f"{name}: {y[1]:.1f} after one epoch, {y[-1]:.1f}" for name, y, _ in curves)
    return draw_panels(
        "All samples at once, and mini-batches",
        f"The loss of all samples by epoch. With {words} after {_N_EPOCHS}. "
        f"The minimum is {least:.1f}.",
        [
            Panel(
                "Loss of all samples, by epoch",
                (0, 2, 4, 6, 8, 10, 12),
                (10, 15, 20, 25, 30, 35, 40, 45),
                [
                    *(Curve(name, epochs, y, at, k) for k, (name, y, at) in enumerate(curves)),
                    Curve("minimum", epochs[[0, -1]], np.full(2, least), (0.3, 13.4), 2),
                ],
            )
        ],
        columns=1,
    )


def _losses(samples: Numbers, y: NDArray[Any], rate: float, batch_size: int) -> Numbers:
    return minibatch_descent(
        loss_and_gradient,
        np.zeros(samples.shape[1] + 1),
        samples,
        y,
        SGD(rate),
        batch_size=batch_size,
        rng=np.random.default_rng(_SEED),
        gradient_tolerance=None,
        max_epochs=_N_EPOCHS,
    ).losses


if __name__ == "__main__":
    write_figures("logreg-sgd", draw_figures())
