# fails: coordinate-ascent
# code: aliasing|stale_value
# line: 66
import numpy as np

# all vectors are n x 1; kernels in single precision because the notebook ran out of memory

def linear_kernel(X, Z): return np.dot(X.astype('float32'), Z.T.astype('float32'))

def polynomial_kernel(X, Z, degree, coef0):
    return (linear_kernel(X, Z) + np.float32(coef0)) ** degree

def rbf_kernel(X, Z, gamma):
    K = np.zeros((X.shape[0], Z.shape[0]), dtype=np.float32)
    for j in range(Z.shape[0]):
        K[:, j] = np.exp(-np.float32(gamma) * ((X - Z[j]) ** 2).sum(1))
    return K

def objective(alpha, K, Y):
    return np.sum(alpha) - 0.5 * np.sum((alpha * Y).dot((alpha * Y).T) * K)

def pair_update(i, j, alpha, K, y, C):
    a = alpha.reshape(-1, 1) * 1.0
    Y = y.reshape(-1, 1)
    f = K.dot(a * Y) - Y
    if y[i] == y[j]:
        L = max(0.0, a[i, 0] + a[j, 0] - C)
        H = min(C, a[i, 0] + a[j, 0])
    else:
        L = max(0.0, a[j, 0] - a[i, 0])
        H = min(C, a[j, 0] - a[i, 0] + C)
    eta = K[i, i] + K[j, j] - 2 * K[i, j]
    if L < H and eta > 0:
        aj = a[j, 0] + Y[j, 0] * (f[i, 0] - f[j, 0]) / eta
        aj = H if aj > H else (L if aj < L else aj)
        a[i, 0] = a[i, 0] - Y[i, 0] * Y[j, 0] * (aj - a[j, 0])
        a[j, 0] = aj
    return a.flatten()

def smo(K, y, C, tol, max_passes):
    n = y.size
    Y = y.reshape(n, 1)
    alpha = np.zeros(n)
    best = -1.0
    for sweep in range(400):
        for i in range(n):
            for j in range(n):
                if i != j:
                    alpha = pair_update(i, j, alpha, K, y, C)
        now = objective(alpha.reshape(n, 1), K, Y)
        if now - best < 1e-9 * abs(now):
            break
        best = now
    f = K.dot(alpha * y)
    sv = (alpha > 1e-4 * C) & (alpha < (1 - 1e-4) * C)
    if sv.any():
        return alpha, np.array([np.mean(y[sv] - f[sv])])
    return alpha, np.array([np.mean(y - f)])

buffers = {}

def coordinate_ascent(K, y, C, n_epochs):
    n = y.size
    if n not in buffers:
        buffers[n] = np.zeros((n, 1))
    a = buffers[n]
    a[:] = 0
    Y = y.reshape((n, 1))
    for e in range(n_epochs):
        for i in range(n):
            margin = Y[i, 0] * np.sum(K[:, [i]] * a * Y)
            a[i, 0] += (1 - margin) / K[i, i]
            if a[i, 0] < 0: a[i, 0] = 0
            if a[i, 0] > C: a[i, 0] = C
    return a[:, 0]

def predict(K_test, alpha, y, b):
    w = (alpha * y).reshape(-1, 1)
    out = np.dot(K_test, w) + b
    return np.squeeze(out), np.squeeze(np.where(out > 0, 1.0, -1.0))
