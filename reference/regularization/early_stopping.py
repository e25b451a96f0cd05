"""Early stopping: end the training when the validation loss has not fallen for a while.

After each epoch the loss on samples that are not trained on is measured. While it falls, the
network learns what holds for new samples too; when it rises, it learns the noise of its own. The
weights to keep are those of the lowest validation loss, which are not the last ones.

Epochs are counted from 0.

References
----------
Prechelt (1998), "Early stopping - but when?"; Goodfellow, Bengio and Courville (2016), "Deep
Learning", algorithm 7.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_float_array, as_number


class EarlyStopping:
    """Watches the validation loss, and keeps the weights of the best epoch.

    Parameters
    ----------
    patience : int, default 10
        Epochs to wait for progress, >= 1: the training stops when the last `patience` epochs have
        brought none. The course's lecture recommends 10 to 100.
    min_delta : float, default 0
        Progress is a loss below the best one by *more* than this, >= 0.

    Attributes
    ----------
    best_epoch : int
        Epoch of the lowest validation loss so far.
    best_loss : float
        That loss; ``inf`` before the first epoch.
    best_weights : tuple of ndarray
        Copies of the weights after the best epoch.
    n_epochs : int
        Epochs observed.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    def __init__(self, *, patience: int = 10, min_delta: float = 0.0) -> None:
        self.patience = as_count("patience", patience)
        self.min_delta = as_number("min_delta", min_delta, least=0.0)
        self.n_epochs = 0
        self.best_epoch = 0
        self.best_loss = math.inf
        self.best_weights: tuple[Array, ...] = ()

    def observe(self, validation_loss: float, weights: Sequence[Array] = ()) -> bool:
        """Take note of an epoch, and return whether the training is to stop after it.

        Parameters
        ----------
        validation_loss : float
            After the epoch.
        weights : sequence of ndarray, optional
            After the epoch. They are copied if they are the best: training on in the same arrays
            changes nothing of what is kept.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            If the loss is not finite: a training that has diverged is not to be watched further.
        """
        loss = as_number("validation_loss", validation_loss)
        epoch = self.n_epochs
        self.n_epochs += 1
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss = epoch, loss
            self.best_weights = tuple(np.array(one) for one in weights)
        return epoch - self.best_epoch >= self.patience


@dataclass(frozen=True, slots=True)
class EarlyStop:
    """Where early stopping ends a training.

    Attributes
    ----------
    best_epoch : int
        Epoch of the lowest validation loss up to the stop, from 0.
    best_loss : float
        The loss after it.
    stop_epoch : int or None
        The last epoch that was run; None if the losses ended before the patience did.
    """

    best_epoch: int
    best_loss: float
    stop_epoch: int | None


def early_stop(
    validation_losses: ArrayLike, *, patience: int = 10, min_delta: float = 0.0
) -> EarlyStop:
    """Return where a training with these validation losses would have been stopped.

    Parameters
    ----------
    validation_losses : array_like, shape (n_epochs,)
        After epoch 0, 1, ... What comes after the stop is not looked at, even if it is better.
    patience, min_delta
        As in `EarlyStopping`.

    Returns
    -------
    EarlyStop

    Raises
    ------
    ValueError
        If there are no losses, one is not finite or an option is out of its range.
    """
    losses = as_float_array("validation_losses", validation_losses, shape=("n_epochs",))
    watch = EarlyStopping(patience=patience, min_delta=min_delta)
    stop_epoch = next((epoch for epoch, loss in enumerate(losses) if watch.observe(loss)), None)
    return EarlyStop(watch.best_epoch, watch.best_loss, stop_epoch)


@dataclass(frozen=True, slots=True)
class StoppedTraining:
    """What a training with early stopping leaves.

    Attributes
    ----------
    weights : tuple of ndarray
        Those of the best epoch.
    validation_losses : ndarray, shape (n_epochs,)
        After each epoch that was run.
    best_epoch : int
        Counted from 0.
    has_stopped : bool
        Whether the patience ended before the epochs did. If not, more epochs may bring more.
    """

    weights: tuple[Array, ...]
    validation_losses: Array
    best_epoch: int
    has_stopped: bool


def train_with_early_stopping(
    run_epoch: Callable[[tuple[Array, ...]], Sequence[Array]],
    validation_loss: Callable[[tuple[Array, ...]], float],
    weights: Sequence[ArrayLike],
    *,
    patience: int = 10,
    min_delta: float = 0.0,
    max_epochs: int = 1000,
) -> StoppedTraining:
    """Train until the validation loss has not fallen for a while, and return the best weights.

    Parameters
    ----------
    run_epoch : callable
        Takes the weights (and biases), returns those after one epoch; it may change its arguments.
    validation_loss : callable
        Takes the weights, returns the loss on samples that `run_epoch` does not see.
    weights : sequence of array_like
        Where to start. Copied.
    patience, min_delta
        As in `EarlyStopping`.
    max_epochs : int, default 1000
        >= 1.

    Returns
    -------
    StoppedTraining

    Raises
    ------
    ValueError
        If a weight or a validation loss is not finite, or an option is out of its range.
    """
    max_epochs = as_count("max_epochs", max_epochs)
    watch = EarlyStopping(patience=patience, min_delta=min_delta)
    current = tuple(as_float_array(f"weights[{i}]", w).copy() for i, w in enumerate(weights))
    losses: list[float] = []
    has_stopped = False
    while not has_stopped and watch.n_epochs < max_epochs:
        current = tuple(run_epoch(current))
        losses.append(validation_loss(current))
        has_stopped = watch.observe(losses[-1], current)
    return StoppedTraining(watch.best_weights, np.array(losses), watch.best_epoch, has_stopped)
