# fails: kernels
# code: none
# line: 24
#!/usr/bin/python
# -*- coding: utf-8 -*-
# TP SVM. On parcourt toutes les paires dans l'ordre, sans hasard.
import numpy as np
import sys


def noyau(X, Z, f):
    return np.array([[f(a, b) for b in Z] for a in X])


def linear_kernel(X, Z):
    return noyau(X, Z, lambda a, b: sum(a * b))


def polynomial_kernel(X, Z, degree, coef0):
    K = noyau(X, Z, lambda a, b: sum(a * b))
    produit = np.ones(K.shape)
    for _ in range(degree):
        produit = produit * K
    return produit + coef0


def rbf_kernel(X, Z, gamma):
    return noyau(X, Z, lambda a, b: np.exp(-gamma * np.linalg.norm(a - b) ** 2))


def gradient(alpha, K, y, i):
    g = 1.0
    for k in range(len(y)):
        g -= y[i] * y[k] * K[i, k] * alpha[k]
    return g


def pair_update(i, j, alpha, K, y, C):
    # direction qui conserve sum(alpha*y): alpha_i += y_i t, alpha_j -= y_j t
    a = list(alpha)
    eta = K[i, i] - 2 * K[i, j] + K[j, j]
    if eta <= 0:
        return np.array(a)
    t = (y[i] * gradient(a, K, y, i) - y[j] * gradient(a, K, y, j)) / eta
    # 0 <= a_i + y_i t <= C et 0 <= a_j - y_j t <= C
    bornes_i = sorted([-y[i] * a[i], y[i] * (C - a[i])])
    bornes_j = sorted([y[j] * a[j], -y[j] * (C - a[j])])
    t = max(t, bornes_i[0], bornes_j[0])
    t = min(t, bornes_i[1], bornes_j[1])
    a[i] = a[i] + y[i] * t
    a[j] = a[j] - y[j] * t
    return np.array(a)


def smo(K, y, C, tol, max_passes):
    n = len(y)
    alpha = np.zeros(n)
    tranquille = 0
    tour = 0
    while tranquille < 2 and tour < 50 * max_passes:
        avant = alpha
        for i in range(0, n):
            for j in range(0, i):
                alpha = pair_update_rapide(i, j, alpha, K, y, C)
        tour += 1
        tranquille = tranquille + 1 if np.max(np.abs(alpha - avant)) < tol * C / 10 else 0
    libres = [i for i in range(n) if 1e-6 * C < alpha[i] < C - 1e-6 * C]
    f = K.dot(alpha * y)
    if libres:
        b = np.median([y[i] - f[i] for i in libres])
    else:
        haut = [y[i] - f[i] for i in range(n) if (alpha[i] < C / 2) == (y[i] > 0)]
        bas = [y[i] - f[i] for i in range(n) if (alpha[i] < C / 2) != (y[i] > 0)]
        b = (max(haut) + min(bas)) / 2
    sys.stdout.write('%d tours\n' % tour)
    return alpha, b


def pair_update_rapide(i, j, alpha, K, y, C):
    eta = K[i, i] - 2 * K[i, j] + K[j, j]
    f = K[[i, j]].dot(alpha * y)
    t = ((y[i] - f[0]) - (y[j] - f[1])) / eta
    if y[i] > 0:
        lo, hi = -alpha[i], C - alpha[i]
    else:
        lo, hi = alpha[i] - C, alpha[i]
    if y[j] > 0:
        lo, hi = max(lo, alpha[j] - C), min(hi, alpha[j])
    else:
        lo, hi = max(lo, -alpha[j]), min(hi, C - alpha[j])
    t = min(max(t, lo), hi)
    alpha = alpha.copy()
    alpha[i] += y[i] * t
    alpha[j] -= y[j] * t
    return alpha


def coordinate_ascent(K, y, C, n_epochs):
    alpha = [0.0] * len(y)
    for epoque in range(n_epochs):
        for i in range(len(y)):
            alpha[i] = sorted([0.0, alpha[i] + gradient(alpha, K, y, i) / K[i, i], C])[1]
    return alpha


def predict(K_test, alpha, y, b):
    coef = [alpha[i] * y[i] for i in range(len(y))]
    f = np.matmul(K_test, coef) + b
    e = np.ones(len(f), dtype=int)
    e[f < 0] = -1
    return f, e
