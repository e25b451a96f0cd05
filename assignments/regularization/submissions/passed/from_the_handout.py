# Written from the handout alone.
"""Regularization: penalties, dropout, early stopping, data augmentation."""

import math

import numpy as np


def l2_penalty(W, alpha):
    """Return alpha / 2 times the sum of squares, and its gradient."""
    return alpha * 0.5 * np.sum(W**2), alpha * W


def l1_penalty(W, alpha, half=False):
    """Return alpha times the sum of absolute values, and its gradient; half of both if asked."""
    if half:
        alpha = alpha / 2
    return alpha * np.sum(np.abs(W)), alpha * np.sign(W)


def log_prior(W, kind, scale):
    """Return the logarithm of the density of all weights together."""
    if kind == "gaussian":
        each = -(W**2) / (2 * scale**2) - 0.5 * math.log(2 * math.pi * scale**2)
    elif kind == "laplace":
        each = -np.abs(W) / scale - math.log(2 * scale)
    else:
        raise ValueError(f"unknown prior: {kind}")
    return np.sum(each)


def prior_alpha(kind, scale):
    """Return the alpha of the penalty that this prior amounts to."""
    if kind == "gaussian":
        return 1 / scale**2
    if kind == "laplace":
        return 1 / scale
    raise ValueError(f"unknown prior: {kind}")


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    """Return (new_W, new_b); only the weights pay the penalty."""
    penalty = {"l2": l2_penalty, "l1": l1_penalty}[kind]
    _, price = penalty(W, alpha)
    return W - learning_rate * (grad_W + price), b - learning_rate * grad_b


def dropout_mask(shape, keep, rng):
    """Return an array of 1.0 (with probability keep) and 0.0."""
    return (rng.random(shape) < keep).astype(float)


def dropout_forward(X, mask, keep, mode="inverted"):
    """Return (out, cache); the cache is the factor of every entry."""
    factor = mask / keep if mode == "inverted" else np.array(mask)
    return X * factor, factor


def dropout_backward(grad_out, cache):
    """Return the gradient with respect to X."""
    return grad_out * cache


def dropout_predict(X, keep, mode="inverted"):
    """Return what dropout makes of X in prediction."""
    return X.copy() if mode == "inverted" else keep * X


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    """Return (mean, spread) of the outputs over the passes."""
    hidden = np.maximum(0, X @ W1 + b1)
    outputs = np.array([dropout_forward(hidden, mask, keep)[0] @ W2 + b2 for mask in masks])
    return outputs.mean(axis=0), outputs.std(axis=0, ddof=1)


class EarlyStopping:
    """Watches the validation loss of a training, and keeps the weights of the best epoch."""

    def __init__(self, patience):
        self.patience = patience
        self.epoch = -1
        self.best_epoch = None
        self.best_loss = math.inf
        self.best_weights = None

    def observe(self, loss, weights):
        """Take note of an epoch, and return True if the training is to stop after it."""
        self.epoch += 1
        if self.best_epoch is None or loss < self.best_loss:
            self.best_epoch = self.epoch
            self.best_loss = loss
            self.best_weights = [np.array(array) for array in weights]
        return self.epoch - self.best_epoch >= self.patience


def shift_images(images, dx, dy):
    """Return the images moved right by dx and down by dy, the edge repeated."""
    _, height, width = images.shape
    rows = np.clip(np.arange(height) - dy, 0, height - 1)
    columns = np.clip(np.arange(width) - dx, 0, width - 1)
    return images[:, rows][:, :, columns]


def augment(images, labels, shifts):
    """Return (more_images, more_labels): the originals, then a shifted batch for each pair."""
    batches = [images] + [shift_images(images, dx, dy) for dx, dy in shifts]
    return np.concatenate(batches), np.tile(labels, len(batches))


def labels_after(images, transform):
    """Return for each transformed image the number of the image it equals, or -1."""
    labels = np.full(len(images), -1)
    for i, image in enumerate(images):
        changed = transform(image.copy())
        for k, other in enumerate(images):
            if np.array_equal(changed, other):
                labels[i] = k
    return labels


def augmentation_counts(batch_size, n_images, n_classes):
    """Return (n_batches, n_images_per_class), both rounded down."""
    n_batches = n_images // batch_size
    return n_batches, n_batches * batch_size // n_classes
