"""The numbers and pictures in the handout of optimizers are the reference's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from docs.figures import optimizers as figures
from reference import SGD, AdaGrad, Adam, BoldDriver, Momentum, Nesterov, Optimizer, RMSprop
from reference.schedules import exponential_decay, inverse_time_decay, step_decay

FOLDER = Path(__file__).parents[2] / "assignments" / "optimizers"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adam, uncorrected": partial(Adam, bias_correction=False),
}
SCHEDULES = {
    "step_decay, factor 0.5, every 2": step_decay(0.8, factor=0.5, every=2),
    "exponential_decay, decay 0.5": exponential_decay(0.8, decay=0.5),
    "one_over_t, decay 0.5": inverse_time_decay(0.8, decay=0.5),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_first_three_steps_in_the_handout_are_the_references(name):
    places = figures.walk(OPTIMIZERS[name](0.05), 3)[1:]
    row = "  ".join(f"({x1:9.6f}, {x2:9.6f})" for x1, x2 in places)
    assert f"{name:<17} {row}\n" in HANDOUT


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_rates_of_a_schedule_in_the_handout_are_the_references(name):
    rates = "".join(f"  {SCHEDULES[name](k):.4f}" for k in range(6))
    assert f"{name:<35}{rates}\n" in HANDOUT


def test_the_rates_of_the_bold_driver_in_the_handout_are_the_references():
    losses = [5.0, 4.0, 4.2, 4.1, 4.1]
    driver = BoldDriver(0.4, factor=0.5)
    rates = []
    for loss in losses:
        driver.observe(loss)
        rates.append(driver.rate)
    assert "losses" + "".join(f"  {loss:.4f}" for loss in losses) + "\n" in HANDOUT
    assert "rates " + "".join(f"  {rate:.4f}" for rate in rates) + "  " in HANDOUT


def test_the_first_step_without_correction_is_as_long_as_the_handout_says():
    length = (1 - 0.9) / (1 - 0.999) ** 0.5
    assert f"(1 - 0.9) / sqrt(1 - 0.999) = {length:.4f}" in HANDOUT
    (_, (x1, _)) = figures.walk(Adam(0.05, bias_correction=False), 1)
    assert f"{length:.4f}" == f"{(1 - x1) / 0.05:.4f}"
