# fails: l2-penalty, l1-penalty, priors, penalised-step, bias-free, dropout-mask, dropout-forward, dropout-backward, mask-kept, dropout-predict, keep-not-drop, monte-carlo, early-stopping, best-weights, shift-images, augment, labels-after, augmentation-counts
# diagnosis: not_implemented
"""Regularization: penalties, dropout, early stopping, data augmentation.

The handout (README.md) has the formulas, the conventions, and numbers to compare with.

No function changes an array that it is given.
"""

import numpy as np


def l2_penalty(W, alpha):
    """Return half the sum of squares of all weights, times alpha, and its gradient.

    W: array of any shape. Return (penalty, grad_W): a number, and an array of the shape of W.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def l1_penalty(W, alpha, half=False):
    """Return the sum of the absolute values of all weights, times alpha, and its gradient.

    W: array of any shape. Where `half` is true, both are half as large. The derivative of the
    absolute value counts as 0 at 0. Return (penalty, grad_W): a number, and an array of the shape
    of W.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def log_prior(W, kind, scale):
    """Return the logarithm of the density of all weights together, drawn independently, mean 0.

    kind: "gaussian", and `scale` is the standard deviation sigma of each weight; or "laplace", and
    `scale` is its b. Constants belong to it. Return a number.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def prior_alpha(kind, scale):
    """Return the alpha with which a penalty stands for a prior of this kind and scale.

    Of "gaussian" it is the alpha of `l2_penalty`, of "laplace" that of `l1_penalty`.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    """Take one step of gradient descent on the loss plus a penalty.

    W, b: weights and biases of a layer, arrays. grad_W, grad_b: gradients of the loss *without* the
    penalty, in their shapes. kind: "l2" or "l1", the penalty of the weights (without the half where
    it is "l1"); biases have none. Return (new_W, new_b).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_mask(shape, keep, rng):
    """Return an array of this shape (a tuple) of 0.0 and 1.0, drawn from `rng`.

    rng: a numpy.random.Generator. Each entry is 1.0 with probability `keep`, whatever the others
    are.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_forward(X, mask, keep, mode="inverted"):
    """Return what dropout makes of X in training.

    X, mask: arrays of one shape; the mask is 1 where an entry is kept and 0 where it is dropped.
    keep: the probability with which it was drawn. mode: "classic" or "inverted". Return
    (out, cache): out has the shape of X, and cache is whatever `dropout_backward` needs.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_backward(grad_out, cache):
    """Return the gradient with respect to the X of the `dropout_forward` that made the cache.

    grad_out: gradient of the loss with respect to its `out`. Return an array of that shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def dropout_predict(X, keep, mode="inverted"):
    """Return what dropout makes of X in prediction: nothing is drawn, nothing is dropped.

    keep, mode: as in training. Return an array of the shape of X; it may be X itself.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    """Return mean and spread of the predictions of a network that goes on dropping units.

    The network has one hidden layer, ReLU of X W1 + b1, then inverted dropout, and the outputs
    W2, b2 make of it. X: (N, D), W1: (D, H), b1: (H,), W2: (H, K), b2: (K,). masks: (P, N, H), one
    mask of the hidden units for each of P passes. Return (mean, spread), both (N, K): over the
    passes, and the spread is the standard deviation with the divisor P - 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError


class EarlyStopping:
    """Watches the validation loss of a training, and keeps the weights of the best epoch.

    patience: how many epochs without progress end the training, 1 at least.

    Epochs are counted from 0. After each call of `observe` there are

    best_epoch    number of the epoch with the lowest loss so far, the first of equals
    best_loss     that loss
    best_weights  the weights after that epoch: a list of arrays of its own
    """

    def __init__(self, patience):
        # YOUR CODE HERE
        raise NotImplementedError

    def observe(self, loss, weights):
        """Take note of an epoch, and return True if the training is to stop after it, else False.

        loss: the validation loss after the epoch, a number. weights: a list of arrays. The training
        goes on in these arrays, in place.
        """
        # YOUR CODE HERE
        raise NotImplementedError


def shift_images(images, dx, dy):
    """Return the images moved to the right by dx pixels and down by dy pixels.

    images: (N, height, width). dx, dy: whole numbers, negative to the left and up, smaller than the
    image. What moves in from outside repeats the edge. Return an array of the same shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def augment(images, labels, shifts):
    """Return the images, then a shifted copy of all of them for each pair in `shifts`; and labels.

    images: (N, height, width). labels: (N,). shifts: a list of S pairs (dx, dy), which may be
    empty. Return (more_images, more_labels), of shapes (N + N S, height, width) and (N + N S,).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def labels_after(images, transform):
    """Return what each image is taken for after a transformation.

    images: (N, height, width), all different; image k shows the class k. transform: a function that
    takes one image (height, width) and returns one. Return an array of N whole numbers: the k of
    the image that the transformed one is equal to, exactly, and -1 if it is equal to none.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def augmentation_counts(batch_size, n_images, n_classes):
    """Return how many batches an epoch has, and how many images each class needs for them.

    An epoch has as many whole batches as `n_images` are enough for, and each class has an equal
    share of the images in these batches, rounded down. Return (n_batches, n_images_per_class), two
    whole numbers.
    """
    # YOUR CODE HERE
    raise NotImplementedError
