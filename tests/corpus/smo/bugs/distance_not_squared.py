# fails: kernels
# code: wrong_exponent|term_missing|wrong_function
# line: 24
"""CS229: The Simplified SMO Algorithm"""
from __future__ import division
import numpy as np
import random


def linear_kernel(X, Z):
    return np.dot(X, Z.T)


def polynomial_kernel(X, Z, degree, coef0):
    return np.power(np.dot(X, Z.T) + coef0, degree)


def rbf_kernel(X, Z, gamma):
    m, n = X.shape[0], Z.shape[0]
    K = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            diff = X[i] - Z[j]
            K[i, j] = np.exp(-gamma * np.linalg.norm(diff))
    return K


def select_j_rand(i, m):
    j = i
    while j == i:
        j = int(random.uniform(0, m))
    return j


def clip_alpha(aj, H, L):
    if aj > H:
        aj = H
    if L > aj:
        aj = L
    return aj


def bounds(i, j, alphas, y, C):
    if y[i] != y[j]:
        L = max(0, alphas[j] - alphas[i])
        H = min(C, C + alphas[j] - alphas[i])
    else:
        L = max(0, alphas[j] + alphas[i] - C)
        H = min(C, alphas[j] + alphas[i])
    return L, H


def pair_update(i, j, alphas, K, y, C):
    alphas = alphas.copy()
    Ei = float(np.dot(alphas * y, K[:, i])) - y[i]
    Ej = float(np.dot(alphas * y, K[:, j])) - y[j]
    L, H = bounds(i, j, alphas, y, C)
    if L == H:
        return alphas
    eta = 2 * K[i, j] - K[i, i] - K[j, j]
    if eta >= 0:
        return alphas
    old_j = alphas[j]
    alphas[j] -= y[j] * (Ei - Ej) / eta
    alphas[j] = clip_alpha(alphas[j], H, L)
    alphas[i] += y[j] * y[i] * (old_j - alphas[j])
    return alphas


def smo(K, y, C, toler, max_passes):
    m = len(y)
    alphas = np.zeros(m)
    b = 0
    passes = 0
    while passes < 4 * max_passes:   # more passes, it sometimes stopped too early
        num_changed = 0
        for i in range(m):
            Ei = np.sum(alphas * y * K[:, i]) + b - y[i]
            if (y[i] * Ei < -toler and alphas[i] < C) or (y[i] * Ei > toler and alphas[i] > 0):
                j = select_j_rand(i, m)
                Ej = np.sum(alphas * y * K[:, j]) + b - y[j]
                alpha_i_old, alpha_j_old = alphas[i].copy(), alphas[j].copy()
                L, H = bounds(i, j, alphas, y, C)
                if L == H:
                    continue
                eta = 2.0 * K[i, j] - K[i, i] - K[j, j]
                if eta >= 0:
                    continue
                alphas[j] = clip_alpha(alphas[j] - y[j] * (Ei - Ej) / eta, H, L)
                if abs(alphas[j] - alpha_j_old) < 1e-6:
                    # not moving enough
                    alphas[j] = alpha_j_old
                    continue
                alphas[i] += y[j] * y[i] * (alpha_j_old - alphas[j])
                b1 = b - Ei - y[i] * (alphas[i] - alpha_i_old) * K[i, i] - y[j] * (alphas[j] - alpha_j_old) * K[i, j]
                b2 = b - Ej - y[i] * (alphas[i] - alpha_i_old) * K[i, j] - y[j] * (alphas[j] - alpha_j_old) * K[j, j]
                if 0 < alphas[i] < C:
                    b = b1
                elif 0 < alphas[j] < C:
                    b = b2
                else:
                    b = (b1 + b2) / 2.0
                num_changed += 1
        if num_changed == 0:
            passes += 1
        else:
            passes = 0
    # b of the last step may be old: take it from all support vectors on the margin
    w = [y[k] - np.sum(alphas * y * K[:, k]) for k in range(m) if 1e-8 * C < alphas[k] < C * (1 - 1e-8)]
    if len(w) > 0:
        b = sum(w) / len(w)
    return alphas, b


def coordinate_ascent(K, y, C, n_epochs):
    m = K.shape[0]
    alphas = np.zeros((m, 1))
    Y = y.reshape(m, 1)
    Q = np.dot(Y, Y.T) * K
    for epoch in range(n_epochs):
        for i in range(m):
            G = np.dot(Q[i:i + 1, :], alphas)[0, 0] - 1
            alphas[i, 0] = clip_alpha(alphas[i, 0] - G / Q[i, i], C, 0)
    return alphas.ravel()


def predict(K_test, alphas, y, b):
    scores = []
    for row in K_test:
        scores.append(sum([a * t * k for a, t, k in zip(alphas, y, row)]) + b)
    return np.array(scores), [1 if s > 0 else -1 for s in scores]
