# fails: smo, bias
# code: none
# line: 52
import numpy as np
import random as rd


def linear_kernel(X, Z):
    return X.dot(Z.T)


def polynomial_kernel(X, Z, degree, coef0):
    return (X.dot(Z.T) + coef0)**degree


def rbf_kernel(X, Z, gamma):
    XX = np.sum(X*X, axis=1).reshape(-1, 1)
    ZZ = np.sum(Z*Z, axis=1).reshape(1, -1)
    return np.exp(-gamma*(XX + ZZ - 2*X.dot(Z.T)))


def compute_L_H(C, a_j, a_i, y_j, y_i):
    if y_i != y_j:
        return max(0, a_j - a_i), min(C, C - a_i + a_j)
    return max(0, a_i + a_j - C), min(C, a_i + a_j)


def pair_update(i, j, alpha, K, y, C):
    alpha = alpha.copy()
    k_ij = K[i, i] + K[j, j] - 2*K[i, j]
    if k_ij == 0:
        return alpha
    alpha_old = alpha.copy()
    L, H = compute_L_H(C, alpha[j], alpha[i], y[j], y[i])
    E_i = np.sum(alpha*y*K[i]) - y[i]
    E_j = np.sum(alpha*y*K[j]) - y[j]
    alpha[j] = alpha[j] + float(y[j]*(E_i - E_j))/k_ij
    alpha[j] = max(alpha[j], L)
    alpha[j] = min(alpha[j], H)
    alpha[i] = alpha[i] + y[i]*y[j]*(alpha_old[j] - alpha[j])
    return alpha


def smo(K, y, C, tol, max_passes):
    n = K.shape[0]
    alpha = np.zeros(n)
    count = 0
    while True:
        count += 1
        alpha_prev = np.copy(alpha)
        for j in range(0, n):
            i = (j + 1) % n     # the second one: simply the next
            if K[i, i] + K[j, j] - 2*K[i, j] > 0:
                L, H = compute_L_H(C, alpha[j], alpha[i], y[j], y[i])
                k_ij = K[i, i] + K[j, j] - 2*K[i, j]
                E_i = np.sum(alpha*y*K[i]) - y[i]
                E_j = np.sum(alpha*y*K[j]) - y[j]
                old_i, old_j = alpha[i], alpha[j]
                alpha[j] = min(max(old_j + y[j]*(E_i - E_j)/k_ij, L), H)
                alpha[i] = old_i + y[i]*y[j]*(old_j - alpha[j])
        if np.linalg.norm(alpha - alpha_prev) < tol*C:
            break
        if count >= 60:
            print("Iteration number exceeded the max of 60 iterations")
            break
    inside = (alpha > 1e-5*C)*(alpha < C*0.99999)
    b = np.mean((y - K.dot(alpha*y))[inside])
    return alpha, b


def coordinate_ascent(K, y, C, n_epochs):
    n = len(y)
    alpha = np.zeros(n)
    for e in range(0, n_epochs):
        for k in range(0, n):
            g = 1 - y[k]*np.sum(alpha*y*K[k])
            alpha[k] = max(0, min(C, alpha[k] + g/K[k, k]))
    return alpha


def predict(K_test, alpha, y, b):
    f = np.zeros(K_test.shape[0])
    for n in range(0, K_test.shape[0]):
        for k in range(0, K_test.shape[1]):
            f[n] += alpha[k]*y[k]*K_test[n, k]
        f[n] += b
    return f, np.array([-1 if v < 0 else 1 for v in f])
