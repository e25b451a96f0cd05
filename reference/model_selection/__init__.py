"""Choosing a model: parts for training and test, pipelines, cross-validated grid search."""

from reference.model_selection.pipeline import Estimator, Pipeline, Transformer
from reference.model_selection.search import (
    GridPoint,
    GridSearchResult,
    ParameterGrid,
    cross_validate,
    grid_search,
)
from reference.model_selection.splitting import (
    Fold,
    Split,
    k_fold,
    stratified_k_fold,
    train_test_split,
)

__all__ = [
    "Estimator",
    "Fold",
    "GridPoint",
    "GridSearchResult",
    "ParameterGrid",
    "Pipeline",
    "Split",
    "Transformer",
    "cross_validate",
    "grid_search",
    "k_fold",
    "stratified_k_fold",
    "train_test_split",
]
