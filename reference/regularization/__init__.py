"""What keeps a model from fitting noise: penalties, early stopping, data augmentation."""

from reference.regularization.augmentation import (
    AugmentationCounts,
    Validity,
    augmentation_counts,
    random_shifts,
    require_valid_transformation,
    rescale,
    shift_images,
    transformation_validity,
)
from reference.regularization.early_stopping import (
    EarlyStop,
    EarlyStopping,
    StoppedTraining,
    early_stop,
    train_with_early_stopping,
)
from reference.regularization.penalties import (
    gaussian_negative_log_prior,
    l1_penalty,
    l2_penalty,
    laplace_negative_log_prior,
    weight_decay_step,
)

__all__ = [
    "AugmentationCounts",
    "EarlyStop",
    "EarlyStopping",
    "StoppedTraining",
    "Validity",
    "augmentation_counts",
    "early_stop",
    "gaussian_negative_log_prior",
    "l1_penalty",
    "l2_penalty",
    "laplace_negative_log_prior",
    "random_shifts",
    "require_valid_transformation",
    "rescale",
    "shift_images",
    "train_with_early_stopping",
    "transformation_validity",
    "weight_decay_step",
]
