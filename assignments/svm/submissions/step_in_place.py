# fails: step
# diagnosis: in_place_mutation
"""alpha is moved where it is."""

import numpy as np

MOST_STEPS = 3000


def hinge_loss_grad(w, b, X, y, C):
    scores = np.dot(X, w) + b
    hinges = np.maximum(0, 1 - y * scores)
    loss = 0.5 * np.dot(w, w) + C * np.sum(hinges)
    inside = hinges > 0
    grad_w = w - C * np.dot(y[inside], X[inside])
    grad_b = -C * np.sum(y[inside])
    return loss, grad_w, grad_b


def margin(w):
    return 2.0 / np.sqrt(np.sum(w ** 2))


def subgradient_descent(X, y, C, n_steps):
    w = np.zeros(X.shape[1])
    b = 0.0
    losses = [hinge_loss_grad(w, b, X, y, C)[0]]
    best_w, best_b = w, b
    for t in range(1, n_steps + 1):
        _, grad_w, grad_b = hinge_loss_grad(w, b, X, y, C)
        w = w - grad_w / t
        b = b - grad_b / t
        loss = hinge_loss_grad(w, b, X, y, C)[0]
        if loss < min(losses):
            best_w, best_b = w, b
        losses.append(loss)
    return best_w, best_b, losses


def kernel(kind, X, Z, gamma=1.0, coef0=0.0, degree=3):
    dots = np.dot(X, Z.T)
    if kind == "linear":
        K = dots
    elif kind == "polynomial":
        K = (gamma * dots + coef0) ** degree
    elif kind == "rbf":
        squares = np.sum(X ** 2, axis=1)[:, None] + np.sum(Z ** 2, axis=1)[None, :] - 2 * dots
        K = np.exp(-gamma * np.maximum(squares, 0))
    elif kind == "sigmoid":
        K = np.tanh(gamma * dots + coef0)
    else:
        raise ValueError("no such kernel: " + kind)
    return K


def dual_objective(alpha, K, y):
    return np.sum(alpha) - 0.5 * np.sum(np.outer(alpha * y, alpha * y) * K)


def own_biases(alpha, K, y):
    return y - np.dot(K, alpha * y)


def most_violating_pair(alpha, K, y, C):
    own = own_biases(alpha, K, y)
    up = ((y == 1) & (alpha < C)) | ((y == -1) & (alpha > 0))
    low = ((y == 1) & (alpha > 0)) | ((y == -1) & (alpha < C))
    i = np.flatnonzero(up)[np.argmax(own[up])]
    j = np.flatnonzero(low)[np.argmin(own[low])]
    return i, j


def take_step(alpha, i, j, K, y, C):
    own = own_biases(alpha, K, y)
    eta = K[i, i] + K[j, j] - 2 * K[i, j]
    t = (own[i] - own[j]) / eta if eta > 1e-12 else np.inf
    t = min(t, C - alpha[i] if y[i] == 1 else alpha[i])
    t = min(t, alpha[j] if y[j] == 1 else C - alpha[j])
    alpha[i] = alpha[i] + y[i] * t
    alpha[j] = alpha[j] - y[j] * t
    return alpha


def smo(K, y, C, tol):
    alpha = np.zeros(y.shape[0])
    for step in range(MOST_STEPS):
        i, j = most_violating_pair(alpha, K, y, C)
        own = own_biases(alpha, K, y)
        if own[i] - own[j] < tol:
            break
        alpha = take_step(alpha, i, j, K, y, C)
    b = 0.5 * (own[i] + own[j])
    return alpha, b


def decision_function(alpha, b, y, K):
    return np.dot(K, alpha * y) + b


def accuracy_curve(X_train, y_train, X_test, y_test, Cs, gamma):
    K_train = kernel("rbf", X_train, X_train, gamma)
    K_test = kernel("rbf", X_test, X_train, gamma)
    train, test = [], []
    for C in Cs:
        alpha, b = smo(K_train, y_train, C, 1e-3)
        said = np.sign(decision_function(alpha, b, y_train, K_train))
        train.append(np.sum(said == y_train) / len(y_train))
        said = np.sign(decision_function(alpha, b, y_train, K_test))
        test.append(np.sum(said == y_test) / len(y_test))
    return train, test


def one_vs_rest_fit(K, y, C, tol):
    classes = np.unique(y)
    alphas = np.zeros((len(classes), len(y)))
    biases = np.zeros(len(classes))
    for k in classes:
        signs = 2.0 * (y == k) - 1.0
        alphas[k], biases[k] = smo(K, signs, C, tol)
    return alphas, biases


def one_vs_rest_predict(alphas, biases, y, K):
    n_classes = len(biases)
    scores = np.zeros((K.shape[0], n_classes))
    for k in range(n_classes):
        signs = 2.0 * (y == k) - 1.0
        scores[:, k] = decision_function(alphas[k], biases[k], signs, K)
    return np.argmax(scores, axis=1)
