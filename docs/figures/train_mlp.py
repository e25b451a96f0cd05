"""The figures of the handout `train-mlp`: `python -m docs.figures.train_mlp` draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import Curve, Panel, draw_panels, write_figures
from reference import (
    MLP,
    Momentum,
    cool_down,
    minimize_lbfgs,
    squared_error,
    train,
)

Floats = NDArray[np.floating[Any]]

N_EPOCHS, N_EVALUATIONS, RATE = 24, 40, 0.25


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"training.svg": _draw_training(), "sine.svg": _draw_sine()}


def two_rings(n: int = 100) -> tuple[Floats, NDArray[np.int64]]:
    """Return samples of two rings, (n, 2), and their labels."""
    rng = np.random.default_rng(3)
    y = np.arange(n) % 2
    angle = rng.uniform(0.0, 2 * np.pi, size=n)
    samples = (1.0 + y)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return samples + 0.08 * rng.normal(size=samples.shape), y


def fit_sine(n_units: int) -> tuple[Callable[[Floats], Floats], float]:
    """Return what a network with one layer of tanh makes of the sine, and how far it is off."""
    x = np.linspace(-np.pi, np.pi, 40)[:, np.newaxis]
    network = MLP.initialise(
        [1, n_units, 1],
        np.random.default_rng(n_units),
        scheme="xavier",
        hidden="tanh",
        loss=squared_error,
    )
    fitted = _minimise(network, x, np.sin(x))[0]

    def curve(x: Floats) -> Floats:
        return fitted.feed_forward(x[:, np.newaxis])[:, 0]

    places = np.linspace(-np.pi, np.pi, 201)
    return curve, float(np.abs(curve(places) - np.sin(places)).max())


def _draw_training() -> str:
    samples, labels = two_rings()
    start = MLP.initialise([2, 10, 2], np.random.default_rng(1), scheme="xavier", hidden="tanh")
    n_steps = N_EPOCHS * 7
    by_epoch = {
        "plain": Momentum(RATE, momentum=0.0),
        "momentum": Momentum(RATE, momentum=0.9),
        "and cooling": Momentum(cool_down(RATE, RATE / 10, n_steps=n_steps), momentum=0.9),
    }
    left = [
        train(
            start,
            samples,
            labels,
            optimizer=optimizer,
            n_epochs=N_EPOCHS,
            batch_size=16,
            rng=np.random.default_rng(2),
        ).losses
        for optimizer in by_epoch.values()
    ]
    by_evaluation = {
        name: train(
            start,
            samples,
            labels,
            optimizer=Momentum(RATE, momentum=momentum),
            n_epochs=N_EVALUATIONS,
            batch_size=100,
            rng=np.random.default_rng(2),
        ).losses
        for name, momentum in (("plain", 0.0), ("momentum", 0.9))
    }
    by_evaluation["L-BFGS"] = tuple(_minimise(start, samples, labels)[1][:N_EVALUATIONS])
    panels = [
        Panel(
            "loss by epoch, batches of 16",
            [0, 6, 12, 18, 24],
            [0, 0.2, 0.4, 0.6, 0.8],
            [
                Curve(name, np.arange(1.0, N_EPOCHS + 1), np.array(losses), at, stroke)
                for stroke, (name, losses, at) in enumerate(
                    zip(by_epoch, left, [(12.5, 0.66), (3, 0.3), (16.2, 0.24)], strict=True)
                )
            ],
        ),
        Panel(
            "loss by evaluation, all samples",
            [0, 10, 20, 30, 40],
            [0, 0.2, 0.4, 0.6, 0.8],
            [
                Curve(name, np.arange(1.0, len(losses) + 1), np.array(losses), at, stroke)
                for stroke, ((name, losses), at) in enumerate(
                    zip(
                        by_evaluation.items(),
                        [(26, 0.72), (20, 0.5), (16, 0.22)],
                        strict=True,
                    )
                )
            ],
        ),
    ]
    ends = ", ".join(
        f"{name} at {losses[-1]:.2f}" for name, losses in zip(by_epoch, left, strict=True)
    )
    whole = ", ".join(f"{name} at {losses[-1]:.2f}" for name, losses in by_evaluation.items())
    title = "Training a network on two rings"
    words = f"After {N_EPOCHS} epochs: {ends}; after {N_EVALUATIONS} evaluations: {whole}"
    return draw_panels(title, words, panels, 2)


def _draw_sine() -> str:
    x = np.linspace(-np.pi, np.pi, 121)
    few = [fit_sine(n_units) for n_units in (1, 2)]
    pi = round(float(np.pi), 2)
    panels = [
        Panel(
            f"{n_units} tanh unit{'s' if n_units > 1 else ''}: off by {off:.2f} at most",
            [-pi, 0, pi],
            [-1.5, -1, 0, 1, 1.5],
            [
                Curve("sine", np.clip(x, -pi, pi), np.sin(x), (-2.9, -1.25), 0),
                Curve("network", np.clip(x, -pi, pi), curve(x), (0.6, 1.2), 1),
            ],
        )
        for n_units, (curve, off) in zip((1, 2), few, strict=True)
    ]
    title = "The sine, and networks with one layer"
    words = "; ".join(f"{panel.heading}" for panel in panels)
    return draw_panels(title, words, panels, 2)


def _minimise(network: MLP, samples: Floats, targets: NDArray[Any]) -> tuple[MLP, list[float]]:
    """Return the network at its minimum by L-BFGS, and the loss at every evaluation."""
    n_layers, losses = len(network.weights), []

    def build(vector: Floats) -> MLP:
        arrays, start = [], 0
        for like in (*network.weights, *network.biases):
            arrays.append(vector[start : start + like.size].reshape(like.shape))
            start += like.size
        return MLP(arrays[:n_layers], arrays[n_layers:], hidden="tanh", loss=network.loss_function)

    def loss_and_gradient(vector: Floats) -> tuple[float, Floats]:
        gradients = build(vector).gradients(samples, targets)
        losses.append(gradients.loss)
        flat = [np.ravel(array) for array in (*gradients.weights, *gradients.biases)]
        return gradients.loss, np.concatenate(flat)

    start = np.concatenate([np.ravel(a) for a in (*network.weights, *network.biases)])
    result = minimize_lbfgs(loss_and_gradient, start, loss_tolerance=1e-9)
    return build(result.x), losses


if __name__ == "__main__":
    write_figures("train-mlp", draw_figures())
