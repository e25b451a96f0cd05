# fails: bias
# code: sign_flipped|wrong_operator
# line: 67
import numpy as np
from scipy.spatial.distance import cdist     # not used any more, numpy only

cache = {}


def gram(name, X, Z):
    key = (name, X.tobytes(), Z.tobytes())
    if key not in cache:
        if name == 'dot':
            cache[key] = X @ Z.T
        else:
            cache[key] = -2 * (X @ Z.T) + np.sum(X * X, 1, keepdims=True) + np.sum(Z * Z, 1)[None, :]
    return cache[key]


def linear_kernel(X, Z):
    return gram('dot', X, Z)


def polynomial_kernel(X, Z, degree, coef0):
    return np.exp(degree * np.log(np.abs(gram('dot', X, Z) + coef0))) * np.sign(gram('dot', X, Z) + coef0)**degree


def rbf_kernel(X, Z, gamma):
    return np.exp(-gamma * gram('dist', X, Z))


def limits(ai, aj, yi, yj, C):
    if yi * yj == -1:
        d = aj - ai
        return (d if d > 0 else 0), (C + d if d < 0 else C)
    s = ai + aj
    return (s - C if s > C else 0), (s if s < C else C)


def pair_update(i, j, alpha, K, y, C):
    new = np.array(alpha, dtype=np.float64)
    l, h = limits(alpha[i], alpha[j], y[i], y[j], C)
    e = lambda k: (alpha * y) @ K[:, k] - y[k]
    if h > l:
        new[j] += y[j] * (e(i) - e(j)) / (K[i, i] + K[j, j] - 2 * K[i, j])
        new[j] = np.minimum(np.maximum(new[j], l), h)
        new[i] -= y[i] * y[j] * (new[j] - alpha[j])
    return new


def smo(K, y, C, tol, max_passes):
    rng = np.random.RandomState(0)
    n = len(y)
    alpha = np.zeros(n)
    quiet = 0
    while quiet < max_passes:
        moved = False
        for i in rng.permutation(n):
            j = rng.choice([k for k in range(n) if k != i])
            new = pair_update(i, j, alpha, K, y, C)
            if np.abs(new - alpha).max() > 1e-3 * tol * C:
                moved = True
            alpha = new
        quiet = 0 if moved else quiet + 1
    # bias from the samples that lie on the margin
    out = K @ (alpha * y)
    r = out - y
    up = ((y == 1) & (alpha < C * .99999)) | ((y == -1) & (alpha > C * 1e-5))
    down = ((y == 1) & (alpha > C * 1e-5)) | ((y == -1) & (alpha < C * .99999))
    return alpha, (r[up].max() + r[down].min()) / 2


def coordinate_ascent(K, y, C, n_epochs):
    beta = np.zeros_like(y, dtype=float)      # beta = alpha * y
    for t in range(n_epochs * len(y)):
        i = t % len(y)
        rest = K[i] @ beta - K[i, i] * beta[i]
        beta[i] = (y[i] - rest) / K[i, i]
        beta[i] = np.clip(beta[i], 0, C) if y[i] > 0 else np.clip(beta[i], -C, 0)
    return np.abs(beta)


def predict(K_test, alpha, y, b):
    keep = alpha > 0
    scores = K_test[:, keep].dot((alpha * y)[keep]) + b
    labels = 2 * (scores > 0).astype(int) - 1
    return scores, labels
