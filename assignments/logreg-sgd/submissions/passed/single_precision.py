"""As on a graphics card: float32 throughout, and arrays filled in advance."""
import numpy as np

F = np.float32


def add_ones(Z):
    return np.insert(F(Z), 0, 1, axis=1)


def probabilities(w, X):
    h = F(X) @ F(w)
    e = np.exp(-abs(h))
    return np.where(h < 0, e, F(1)) / (F(1) + e)


def nll(w, X, y):
    h = F(X) @ F(w)
    signed = (2 * F(y) - 1) * h
    return np.logaddexp(F(0), -signed).sum(dtype=F)


def gradient(w, X, y):
    return (probabilities(w, X) - F(y)) @ F(X)


def hessian(w, X):
    p = probabilities(w, X)
    root = np.sqrt(p * (1 - p))[:, np.newaxis] * F(X)
    return root.T @ root


def largest_stable_rate(H):
    return F(2) / np.linalg.svd(F(H), compute_uv=False)[0]


def gd(loss_and_gradient, start, learning_rate, n_steps):
    path = np.empty((n_steps + 1,) + np.shape(start), F)
    losses = np.empty(n_steps + 1, F)
    path[0] = start
    for k in range(n_steps):
        losses[k], slope = loss_and_gradient(path[k].copy())
        path[k + 1] = path[k] - F(learning_rate) * F(slope)
    losses[n_steps] = loss_and_gradient(path[n_steps].copy())[0]
    return path, losses


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    best = None
    for start in starts:
        path, losses = gd(loss_and_gradient, start, learning_rate, n_steps)
        if np.isfinite(losses[-1]) and (best is None or losses[-1] < best[1]):
            best = path[-1], losses[-1]
    return best


def minibatches(n, batch_size, rng):
    keys = rng.random(n)
    order = keys.argsort()
    n_batches = -(-n // batch_size)
    return [order[k * batch_size:(k + 1) * batch_size] for k in range(n_batches)]


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    path = np.empty((n_epochs + 1, len(start)), F)
    losses = np.empty(n_epochs + 1, F)
    w = F(start)
    path[0], losses[0] = w, nll(w, X, y)
    for epoch in range(1, n_epochs + 1):
        for rows in minibatches(len(y), batch_size, rng):
            w = w - F(learning_rate) * gradient(w, X[rows], y[rows])
        path[epoch], losses[epoch] = w, nll(w, X, y)
    return path, losses


def diagnose_trace(losses):
    trace = np.asarray(losses, dtype=np.float64)
    if not np.isfinite(trace).all():
        return "diverging"
    begin, end, fall = trace[0], trace[-1], trace[0] - trace.min()
    if end > begin:
        return "diverging"
    late = trace[len(trace) // 2:]
    lowest = trace[:-len(late)].min()
    swing = (late - np.fmin.accumulate(np.append(lowest, late))[:-1]).max()
    if swing > fall / 4:
        return "oscillating"
    if late[0] - late[-1] >= 0.4 * fall:
        return "too small"
    return "right"


def fit(X, y):
    w = np.zeros(X.shape[1], F)
    # no eigenvalue is larger than the trace
    rate = F(4) / np.sum(F(X) ** 2)
    velocity = np.zeros_like(w)
    for _ in range(1500):
        velocity = F(0.9) * velocity - rate * gradient(w, X, y)
        w = w + velocity
    return w
