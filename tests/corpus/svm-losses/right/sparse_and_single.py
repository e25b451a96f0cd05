import numpy as np

f4 = np.float32


def svm_loss_naive(W, X, y, reg):
    # only the pairs (sample, class) that violate the margin, found one by one
    W, X = W.astype(f4), X.astype(f4)
    viol = []
    total = f4(0)
    for i, (x, c) in enumerate(zip(X, y)):
        s = W.T.dot(x)
        for j in set(range(W.shape[1])) - {int(c)}:
            d = s[j] - s[c] + f4(1)
            if d > 0:
                total += d
                viol.append((i, j, c))
    dW = f4(2 * reg) * W
    for i, j, c in viol:
        dW[:, j] += X[i] / f4(len(X))
        dW[:, c] -= X[i] / f4(len(X))
    return total / f4(len(X)) + f4(reg) * (W * W).sum(), dW


def svm_loss_vectorized(W, X, y, reg):
    s = np.matmul(X, W)
    n = np.arange(s.shape[0])
    m = 1 + s - s[n, y].reshape(-1, 1)
    m[n, y] = -1
    i, j = np.nonzero(m > 0)
    loss = m[i, j].sum() / X.shape[0]
    g = np.zeros(s.shape)
    g[i, j] += 1  # no pair comes twice
    g[n, y] -= np.bincount(i, minlength=n.size)
    dW = np.tensordot(X, g, axes=([0], [0])) / X.shape[0]
    return loss + reg * np.vdot(W, W), dW + reg * W + reg * W


def binary_hinge(w, b, X, y, C):
    good = y * (X.dot(w) + b) >= 1
    X, y = X[~good], y[~good]
    loss = 0.5 * (w ** 2).sum() + C * (len(y) - y.dot(X).dot(w) - b * y.sum())
    return loss, w - C * y.dot(X), -C * y.sum()


def squared_hinge(w, b, X, y, reg):
    n = len(y)
    xi = (1 - y * (X.dot(w) + b)).clip(min=0)
    r = y * xi
    dw = np.array([reg * w[k] - 2 * sum(r * X[:, k]) / n for k in range(len(w))])
    return sum(xi * xi) / n + reg / 2 * sum(w * w), dw, -2 * sum(r) / n
