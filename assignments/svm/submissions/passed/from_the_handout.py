# Written from the handout alone.
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
    slack = np.maximum(0.0, 1.0 - y * (X @ w + b))
    pull = np.where(slack > 0, y, 0.0)
    loss = 0.5 * (w @ w) + C * slack.sum()
    return loss, w - C * (pull @ X), -C * pull.sum()


def margin(w):
    """Return the width of the street, from edge to edge, of a machine with weights w (D,)."""
    return 2.0 / np.linalg.norm(w)


def subgradient_descent(X, y, C, n_steps):
    """Descend the loss of hinge_loss_grad from w = 0, b = 0, with learning rate 1/t at step t.

    t is 1 at the first step. Return (w, b, losses): losses holds n_steps + 1 numbers, the loss at
    the start and after each step; w and b are those with the least of these, the first if several
    are equal.
    """
    w, b = np.zeros(X.shape[1]), 0.0
    loss, grad_w, grad_b = hinge_loss_grad(w, b, X, y, C)
    losses = [loss]
    best = loss, w, b
    for t in range(1, n_steps + 1):
        w, b = w - grad_w / t, b - grad_b / t
        loss, grad_w, grad_b = hinge_loss_grad(w, b, X, y, C)
        losses.append(loss)
        if loss < best[0]:
            best = loss, w, b
    return best[1], best[2], losses


def kernel(kind, X, Z, gamma=1.0, coef0=0.0, degree=3):
    """Return the matrix of k(x, z) for each row x of X (N, D) and each row z of Z (M, D): (N, M).

    kind is "linear", "polynomial", "rbf" or "sigmoid"; gamma, coef0 and degree are what the
    handout calls so, and a kernel ignores those that it does not have.
    """
    if kind == "rbf":
        difference = X[:, np.newaxis, :] - Z[np.newaxis, :, :]
        return np.exp(-gamma * (difference**2).sum(axis=2))
    inner = X @ Z.T
    if kind == "linear":
        return inner
    if kind == "polynomial":
        return (gamma * inner + coef0) ** degree
    if kind == "sigmoid":
        return np.tanh(gamma * inner + coef0)
    raise ValueError(f"there is no kernel {kind!r}")


def dual_objective(alpha, K, y):
    """Return what the dual maximises, for alpha (N,) and the kernel matrix K (N, N) of the samples.

    alpha need not be feasible.
    """
    signed = alpha * y
    return alpha.sum() - 0.5 * (signed @ K @ signed)


def own_biases(alpha, K, y):
    """Return for each sample the one bias that puts it exactly on its margin: shape (N,)."""
    return y - K @ (alpha * y)


def most_violating_pair(alpha, K, y, C):
    """Return (i, j): which alpha * y should rise, and which should fall, before all others.

    i has the largest own bias of the samples whose alpha * y may rise without leaving the box, j
    the smallest of those whose alpha * y may fall. Of equal ones, the first.
    """
    return find_pair(own_biases(alpha, K, y), alpha, y, C)


def find_pair(own, alpha, y, C):
    """Return what most_violating_pair does, where the own biases are known."""
    may_rise = np.where(y > 0, alpha < C, alpha > 0)
    may_fall = np.where(y > 0, alpha > 0, alpha < C)
    return np.where(may_rise, own, -np.inf).argmax(), np.where(may_fall, own, np.inf).argmin()


def take_step(alpha, i, j, K, y, C):
    """Return a new alpha: alpha[i] * y[i] raised and alpha[j] * y[j] lowered by the same amount.

    The amount is the one with the largest dual objective, or the most that the box allows if that
    is less. i and j are two samples as in most_violating_pair, with own bias i above own bias j.
    """
    signed = alpha * y
    own_i = y[i] - K[i] @ signed
    own_j = y[j] - K[j] @ signed
    return move(alpha, i, j, own_i - own_j, K, y, C)[0]


def move(alpha, i, j, gap, K, y, C):
    """Return the alpha of take_step, where own_i - own_j = gap is known, and the amount."""
    # Where the two are to go if nothing but the box ends the step.
    end_i = C if y[i] > 0 else 0.0
    end_j = 0.0 if y[j] > 0 else C
    room_i, room_j = abs(end_i - alpha[i]), abs(end_j - alpha[j])
    amount = min(room_i, room_j)
    divisor = K[i, i] + K[j, j] - 2.0 * K[i, j]
    if divisor > 0:
        amount = min(amount, gap / divisor)
    # Who meets the box is there exactly: by rounding it might stay beside it for ever.
    moved = np.array(alpha, dtype=float)
    moved[i] = end_i if amount == room_i else alpha[i] + amount * y[i]
    moved[j] = end_j if amount == room_j else alpha[j] - amount * y[j]
    return moved, amount


def smo(K, y, C, tol):
    """Return (alpha, b), the solution of the dual for the kernel matrix K (N, N), to within tol.

    alpha (N,) is feasible: in the box from 0 to C, with sum(alpha * y) = 0. The largest own bias of
    those that may rise is at most tol above the smallest of those that may fall, and b is half-way
    between these two.
    """
    alpha = np.zeros(len(y))
    own = own_biases(alpha, K, y)
    exact = True
    while True:
        i, j = find_pair(own, alpha, y, C)
        gap = own[i] - own[j]
        if gap > tol:
            alpha, amount = move(alpha, i, j, gap, K, y, C)
            own = own - amount * (K[:, i] - K[:, j])
            exact = False
        elif exact:
            return alpha, 0.5 * (own[i] + own[j])
        else:
            # Many steps have gathered rounding: look again before it counts.
            own = own_biases(alpha, K, y)
            exact = True


def decision_function(alpha, b, y, K):
    """Return f(x) for M new samples: shape (M,).

    alpha and y (N,) belong to the N training samples; K (M, N) holds the kernel of each new sample
    with each training sample.
    """
    return K @ (alpha * y) + b


def accuracy_curve(X_train, y_train, X_test, y_test, Cs, gamma):
    """Train one machine with the rbf kernel for each C in the list Cs, by smo with tol = 1e-3.

    Return (train, test): for each C the share of the training samples and of the test samples whose
    f(x) has the sign of their label.
    """
    K_train = kernel("rbf", X_train, X_train, gamma=gamma)
    K_test = kernel("rbf", X_test, X_train, gamma=gamma)
    train, test = [], []
    for C in Cs:
        alpha, b = smo(K_train, y_train, C, 1e-3)
        for accuracies, K, y in ((train, K_train, y_train), (test, K_test, y_test)):
            positive = decision_function(alpha, b, y_train, K) > 0
            accuracies.append(np.mean(positive == (y > 0)))
    return train, test


def one_vs_rest_fit(K, y, C, tol):
    """Return (alphas, biases): one machine for each class against all others, by smo.

    K is the kernel matrix (N, N) of the samples, y (N,) holds labels 0 .. n_classes - 1, each of
    them at least once. alphas has shape (n_classes, N), biases (n_classes,).
    """
    machines = [smo(K, signs(y, k), C, tol) for k in range(int(y.max()) + 1)]
    return np.array([alpha for alpha, _ in machines]), np.array([b for _, b in machines])


def signs(y, k):
    """Return 1.0 for each label in y that is k, and -1.0 for each other."""
    return np.where(y == k, 1.0, -1.0)


def one_vs_rest_predict(alphas, biases, y, K):
    """Return the labels of M new samples: those of the machines with the largest f(x), shape (M,).

    alphas and biases are what one_vs_rest_fit returned for the labels y (N,) of the training
    samples; K (M, N) holds the kernel of each new sample with each training sample.
    """
    f = [
        decision_function(alpha, b, signs(y, k), K)
        for k, (alpha, b) in enumerate(zip(alphas, biases, strict=True))
    ]
    return np.argmax(f, axis=0)
