"""Regularization: penalties, dropout, early stopping, data augmentation.

The handout (README.md) has the formulas, the conventions, and numbers to compare with.

No function changes an array that it is given.
"""

import numpy as np


def l2_penalty(W, alpha):
    """Return half the sum of squares of all weights, times alpha, and its gradient.

    W: array of any shape. Return (penalty, grad_W): a number, and an array of the shape of W.
    """
    # BEGIN SOLUTION
    return 0.5 * alpha * np.sum(W**2), alpha * W
    # END SOLUTION


def l1_penalty(W, alpha, half=False):
    """Return the sum of the absolute values of all weights, times alpha, and its gradient.

    W: array of any shape. Where `half` is true, both are half as large. The derivative of the
    absolute value counts as 0 at 0. Return (penalty, grad_W): a number, and an array of the shape
    of W.
    """
    # BEGIN SOLUTION
    strength = alpha / 2 if half else alpha
    return strength * np.sum(np.abs(W)), strength * np.sign(W)
    # END SOLUTION


def log_prior(W, kind, scale):
    """Return the logarithm of the density of all weights together, drawn independently, mean 0.

    kind: "gaussian", and `scale` is the standard deviation sigma of each weight; or "laplace", and
    `scale` is its b. Constants belong to it. Return a number.
    """
    # BEGIN SOLUTION
    if kind == "gaussian":
        return -np.sum(W**2) / (2 * scale**2) - 0.5 * W.size * np.log(2 * np.pi * scale**2)
    return -np.sum(np.abs(W)) / scale - W.size * np.log(2 * scale)
    # END SOLUTION


def prior_alpha(kind, scale):
    """Return the alpha with which a penalty stands for a prior of this kind and scale.

    Of "gaussian" it is the alpha of `l2_penalty`, of "laplace" that of `l1_penalty`.
    """
    # BEGIN SOLUTION
    return 1 / scale**2 if kind == "gaussian" else 1 / scale
    # END SOLUTION


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    """Take one step of gradient descent on the loss plus a penalty.

    W, b: weights and biases of a layer, arrays. grad_W, grad_b: gradients of the loss *without* the
    penalty, in their shapes. kind: "l2" or "l1", the penalty of the weights (without the half where
    it is "l1"); biases have none. Return (new_W, new_b).
    """
    # BEGIN SOLUTION
    penalty = l2_penalty if kind == "l2" else l1_penalty
    _, decay = penalty(W, alpha)
    return W - learning_rate * (grad_W + decay), b - learning_rate * grad_b
    # END SOLUTION


def dropout_mask(shape, keep, rng):
    """Return an array of this shape (a tuple) of 0.0 and 1.0, drawn from `rng`.

    rng: a numpy.random.Generator. Each entry is 1.0 with probability `keep`, whatever the others
    are.
    """
    # BEGIN SOLUTION
    return (rng.random(shape) < keep).astype(float)
    # END SOLUTION


def dropout_forward(X, mask, keep, mode="inverted"):
    """Return what dropout makes of X in training.

    X, mask: arrays of one shape; the mask is 1 where an entry is kept and 0 where it is dropped.
    keep: the probability with which it was drawn. mode: "classic" or "inverted". Return
    (out, cache): out has the shape of X, and cache is whatever `dropout_backward` needs.
    """
    # BEGIN SOLUTION
    factor = mask / keep if mode == "inverted" else mask * 1.0
    return X * factor, factor
    # END SOLUTION


def dropout_backward(grad_out, cache):
    """Return the gradient with respect to the X of the `dropout_forward` that made the cache.

    grad_out: gradient of the loss with respect to its `out`. Return an array of that shape.
    """
    # BEGIN SOLUTION
    return grad_out * cache
    # END SOLUTION


def dropout_predict(X, keep, mode="inverted"):
    """Return what dropout makes of X in prediction: nothing is drawn, nothing is dropped.

    keep, mode: as in training. Return an array of the shape of X; it may be X itself.
    """
    # BEGIN SOLUTION
    return keep * X if mode == "classic" else 1.0 * X
    # END SOLUTION


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    """Return mean and spread of the predictions of a network that goes on dropping units.

    The network has one hidden layer, ReLU of X W1 + b1, then inverted dropout, and the outputs
    W2, b2 make of it. X: (N, D), W1: (D, H), b1: (H,), W2: (H, K), b2: (K,). masks: (P, N, H), one
    mask of the hidden units for each of P passes. Return (mean, spread), both (N, K): over the
    passes, and the spread is the standard deviation with the divisor P - 1.
    """
    # BEGIN SOLUTION
    hidden = np.maximum(0, X @ W1 + b1)
    outputs = np.array([dropout_forward(hidden, mask, keep)[0] @ W2 + b2 for mask in masks])
    return outputs.mean(axis=0), outputs.std(axis=0, ddof=1)
    # END SOLUTION


class EarlyStopping:
    """Watches the validation loss of a training, and keeps the weights of the best epoch.

    patience: how many epochs without progress end the training, 1 at least.

    Epochs are counted from 0. After each call of `observe` there are

    best_epoch    number of the epoch with the lowest loss so far, the first of equals
    best_loss     that loss
    best_weights  the weights after that epoch: a list of arrays of its own
    """

    def __init__(self, patience):
        # BEGIN SOLUTION
        self.patience = patience
        self.n_epochs = 0
        self.best_epoch = None
        self.best_loss = np.inf
        self.best_weights = None
        # END SOLUTION

    def observe(self, loss, weights):
        """Take note of an epoch, and return True if the training is to stop after it, else False.

        loss: the validation loss after the epoch, a number. weights: a list of arrays. The training
        goes on in these arrays, in place.
        """
        # BEGIN SOLUTION
        if loss < self.best_loss:
            self.best_epoch, self.best_loss = self.n_epochs, loss
            self.best_weights = [w.copy() for w in weights]
        self.n_epochs += 1
        return self.n_epochs - 1 - self.best_epoch >= self.patience
        # END SOLUTION


def shift_images(images, dx, dy):
    """Return the images moved to the right by dx pixels and down by dy pixels.

    images: (N, height, width). dx, dy: whole numbers, negative to the left and up, smaller than the
    image. What moves in from outside repeats the edge. Return an array of the same shape.
    """
    # BEGIN SOLUTION
    _, height, width = images.shape
    rows = np.clip(np.arange(height) - dy, 0, height - 1)
    columns = np.clip(np.arange(width) - dx, 0, width - 1)
    return images[:, rows][:, :, columns]
    # END SOLUTION


def augment(images, labels, shifts):
    """Return the images, then a shifted copy of all of them for each pair in `shifts`; and labels.

    images: (N, height, width). labels: (N,). shifts: a list of S pairs (dx, dy), which may be
    empty. Return (more_images, more_labels), of shapes (N + N S, height, width) and (N + N S,).
    """
    # BEGIN SOLUTION
    copies = [images] + [shift_images(images, dx, dy) for dx, dy in shifts]
    return np.concatenate(copies), np.tile(labels, len(copies))
    # END SOLUTION


def labels_after(images, transform):
    """Return what each image is taken for after a transformation.

    images: (N, height, width), all different; image k shows the class k. transform: a function that
    takes one image (height, width) and returns one. Return an array of N whole numbers: the k of
    the image that the transformed one is equal to, exactly, and -1 if it is equal to none.
    """
    # BEGIN SOLUTION
    found = []
    for image in images:
        changed = transform(image)
        equal = (k for k, other in enumerate(images) if np.array_equal(changed, other))
        found.append(next(equal, -1))
    return np.array(found)
    # END SOLUTION


def augmentation_counts(batch_size, n_images, n_classes):
    """Return how many batches an epoch has, and how many images each class needs for them.

    An epoch has as many whole batches as `n_images` are enough for, and each class has an equal
    share of the images in these batches, rounded down. Return (n_batches, n_images_per_class), two
    whole numbers.
    """
    # BEGIN SOLUTION
    n_batches = n_images // batch_size
    return n_batches, n_batches * batch_size // n_classes
    # END SOLUTION
