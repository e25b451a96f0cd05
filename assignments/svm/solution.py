"""Support vector machines: the widest street between two classes, straight or bent by a kernel.

The handout (README.md) has the mathematics, the conventions, and a worked example.

Samples are rows: X has shape (N, D). Labels y have shape (N,) and are -1.0 or +1.0, both present;
only the two functions for several classes take labels 0 .. n_classes - 1. C > 0 multiplies the sum
of the hinge losses, never their mean. The bias is never penalised. Nothing that comes in is
changed.
"""

import numpy as np


def hinge_loss_grad(w, b, X, y, C):
    """Return (loss, grad_w, grad_b) of a linear machine with weights w (D,) and bias b.

    The loss is half the squared length of w, plus C times the sum of the hinge losses of all
    samples; grad_w (D,) and grad_b are a sub-gradient of it. A sample exactly on its margin may
    count as inside or as outside, the same for both.
    """
    # BEGIN SOLUTION
    shortfall = 1 - y * (X @ w + b)
    pull = C * y * (shortfall > 0)
    loss = w @ w / 2 + C * np.maximum(shortfall, 0).sum()
    return loss, w - X.T @ pull, -pull.sum()
    # END SOLUTION


def margin(w):
    """Return the width of the street, from edge to edge, of a machine with weights w (D,)."""
    # BEGIN SOLUTION
    return 2 / np.linalg.norm(w)
    # END SOLUTION


def subgradient_descent(X, y, C, n_steps):
    """Descend the loss of hinge_loss_grad from w = 0, b = 0, with learning rate 1/t at step t.

    t is 1 at the first step. Return (w, b, losses): losses holds n_steps + 1 numbers, the loss at
    the start and after each step; w and b are those with the least of these, the first if several
    are equal.
    """
    # BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    visited, losses = [], []
    for t in range(1, n_steps + 2):
        loss, grad_w, grad_b = hinge_loss_grad(w, b, X, y, C)
        visited.append((w, b))
        losses.append(loss)
        w, b = w - grad_w / t, b - grad_b / t
    return *visited[np.argmin(losses)], losses
    # END SOLUTION


def kernel(kind, X, Z, gamma=1.0, coef0=0.0, degree=3):
    """Return the matrix of k(x, z) for each row x of X (N, D) and each row z of Z (M, D): (N, M).

    kind is "linear", "polynomial", "rbf" or "sigmoid"; gamma, coef0 and degree are what the
    handout calls so, and a kernel ignores those that it does not have.
    """
    # BEGIN SOLUTION
    if kind == "rbf":
        differences = X[:, np.newaxis] - Z
        return np.exp(-gamma * (differences**2).sum(axis=2))
    products = X @ Z.T
    if kind == "polynomial":
        return (gamma * products + coef0) ** degree
    if kind == "sigmoid":
        return np.tanh(gamma * products + coef0)
    return products
    # END SOLUTION


def dual_objective(alpha, K, y):
    """Return what the dual maximises, for alpha (N,) and the kernel matrix K (N, N) of the samples.

    alpha need not be feasible.
    """
    # BEGIN SOLUTION
    signed = alpha * y
    return alpha.sum() - signed @ K @ signed / 2
    # END SOLUTION


def own_biases(alpha, K, y):
    """Return for each sample the one bias that puts it exactly on its margin: shape (N,)."""
    # BEGIN SOLUTION
    return y - K @ (alpha * y)
    # END SOLUTION


def most_violating_pair(alpha, K, y, C):
    """Return (i, j): which alpha * y should rise, and which should fall, before all others.

    i has the largest own bias of the samples whose alpha * y may rise without leaving the box, j
    the smallest of those whose alpha * y may fall. Of equal ones, any.
    """
    # BEGIN SOLUTION
    own = own_biases(alpha, K, y)
    may_rise = np.where(y > 0, alpha < C, alpha > 0)
    may_fall = np.where(y > 0, alpha > 0, alpha < C)
    return np.where(may_rise, own, -np.inf).argmax(), np.where(may_fall, own, np.inf).argmin()
    # END SOLUTION


def take_step(alpha, i, j, K, y, C):
    """Return a new alpha: alpha[i] * y[i] raised and alpha[j] * y[j] lowered by the same amount.

    The amount is the one with the largest dual objective, or the most that the box allows if that
    is less. i and j are two samples as in most_violating_pair, with own bias i above own bias j.
    """
    # BEGIN SOLUTION
    own = own_biases(alpha, K, y)
    room_i = C - alpha[i] if y[i] > 0 else alpha[i]
    room_j = alpha[j] if y[j] > 0 else C - alpha[j]
    amount = min(room_i, room_j)
    curvature = K[i, i] + K[j, j] - 2 * K[i, j]
    if curvature > 0:
        amount = min(amount, (own[i] - own[j]) / curvature)
    moved = alpha.copy()
    moved[i] += amount * y[i]
    moved[j] -= amount * y[j]
    return moved
    # END SOLUTION


def smo(K, y, C, tol):
    """Return (alpha, b), the solution of the dual for the kernel matrix K (N, N), to within tol.

    alpha (N,) is feasible: in the box from 0 to C, with sum(alpha * y) = 0. The largest own bias of
    those that may rise is at most tol above the smallest of those that may fall, and b is anywhere
    between these two.
    """
    # BEGIN SOLUTION
    alpha = np.zeros(len(y))
    while True:
        own = own_biases(alpha, K, y)
        i, j = most_violating_pair(alpha, K, y, C)
        if own[i] - own[j] <= tol:
            return alpha, (own[i] + own[j]) / 2
        alpha = take_step(alpha, i, j, K, y, C)
    # END SOLUTION


def decision_function(alpha, b, y, K):
    """Return f(x) for M new samples: shape (M,).

    alpha and y (N,) belong to the N training samples; K (M, N) holds the kernel of each new sample
    with each training sample.
    """
    # BEGIN SOLUTION
    return K @ (alpha * y) + b
    # END SOLUTION


def accuracy_curve(X_train, y_train, X_test, y_test, Cs, gamma):
    """Train one machine with the rbf kernel for each C in the list Cs, by smo with tol = 1e-3.

    Return (train, test): for each C the share of the training samples and of the test samples whose
    f(x) has the sign of their label.
    """
    # BEGIN SOLUTION
    K = kernel("rbf", X_train, X_train, gamma)
    K_test = kernel("rbf", X_test, X_train, gamma)
    train, test = [], []
    for C in Cs:
        alpha, b = smo(K, y_train, C, 1e-3)
        train.append(np.mean(y_train * decision_function(alpha, b, y_train, K) > 0))
        test.append(np.mean(y_test * decision_function(alpha, b, y_train, K_test) > 0))
    return train, test
    # END SOLUTION


def one_vs_rest_fit(K, y, C, tol):
    """Return (alphas, biases): one machine for each class against all others, by smo.

    K is the kernel matrix (N, N) of the samples, y (N,) holds labels 0 .. n_classes - 1, each of
    them at least once. alphas has shape (n_classes, N), biases (n_classes,).
    """
    # BEGIN SOLUTION
    machines = [smo(K, np.where(y == k, 1.0, -1.0), C, tol) for k in range(y.max() + 1)]
    return np.array([alpha for alpha, b in machines]), np.array([b for alpha, b in machines])
    # END SOLUTION


def one_vs_rest_predict(alphas, biases, y, K):
    """Return the labels of M new samples: those of the machines with the largest f(x), shape (M,).

    alphas and biases are what one_vs_rest_fit returned for the labels y (N,) of the training
    samples; K (M, N) holds the kernel of each new sample with each training sample.
    """
    # BEGIN SOLUTION
    scores = [
        decision_function(alpha, b, np.where(y == k, 1.0, -1.0), K)
        for k, (alpha, b) in enumerate(zip(alphas, biases, strict=True))
    ]
    return np.argmax(scores, axis=0)
    # END SOLUTION
