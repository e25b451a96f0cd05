"""Steps that make one classifier, and what a step must be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Transformer(Protocol):
    """What a step before the last must have: it learns from samples and changes samples."""

    def fit(self, X: Any, /) -> object:
        """Learn from the training samples."""
        ...

    def transform(self, X: Any, /) -> Any:
        """Return the samples changed, by what `fit` learnt."""
        ...


@runtime_checkable
class Estimator(Protocol):
    """What can be trained and judged: the last step of a `Pipeline`, what `grid_search` makes."""

    def fit(self, X: Any, y: Any, /) -> object:
        """Learn from the training samples and their targets."""
        ...

    def predict(self, X: Any, /) -> Any:
        """Return a prediction for each sample."""
        ...

    def score(self, X: Any, y: Any, /) -> float:
        """Return how good the predictions are; more is better."""
        ...


class Pipeline:
    """Transformers and, last, an estimator, used as one estimator.

    `fit` fits every step on the training samples alone; test samples only pass through. In a
    `grid_search` each fold so has a scaler of its own training samples, which scaling before the
    search would not give.

    Parameters
    ----------
    steps : sequence of (str, object)
        Names and objects; the objects are fitted themselves, not copies.

    Raises
    ------
    ValueError
        If there is no step, a name is empty or there twice, a step before the last has no `fit`
        and `transform`, or the last no `fit`, `predict` and `score`.
    """

    def __init__(self, steps: Sequence[tuple[str, Any]]) -> None:
        names = [name for name, _ in steps]
        if not steps:
            raise ValueError("steps must be one at least, got none")
        if len(set(names)) < len(names) or not all(names):
            raise ValueError(f"steps must have names, all different, got {', '.join(names)}")
        for name, step in steps[:-1]:
            if not isinstance(step, Transformer):
                raise ValueError(f"steps: {name!r} must have fit and transform, got {step!r}")  # noqa: TRY004
        last_name, last = steps[-1]
        if not isinstance(last, Estimator):
            raise ValueError(  # noqa: TRY004
                f"steps: {last_name!r}, the last, must have fit, predict and score, got {last!r}"
            )
        self.steps: dict[str, Any] = dict(steps)
        self._transformers: list[Transformer] = [step for _, step in steps[:-1]]
        self._estimator: Estimator = last

    def fit(self, X: Any, y: Any) -> Pipeline:
        """Fit each step on what the steps before it make of the samples `X` with targets `y`.

        Returns
        -------
        Pipeline
            Itself.

        Raises
        ------
        ValueError
            As the steps do.
        """
        for transformer in self._transformers:
            transformer.fit(X)
            X = transformer.transform(X)
        self._estimator.fit(X, y)
        return self

    def transform(self, X: Any) -> Any:
        """Return what the last step is given for the samples `X`; errors are those of the steps."""
        for transformer in self._transformers:
            X = transformer.transform(X)
        return X

    def predict(self, X: Any) -> Any:
        """Return the predictions of the last step; errors are those of the steps."""
        return self._estimator.predict(self.transform(X))

    def score(self, X: Any, y: Any) -> float:
        """Return the score of the last step; errors are those of the steps."""
        return self._estimator.score(self.transform(X), y)
