# fails: step, smo-corners
# diagnosis: wrong_operator
"""Two equal samples have no curvature to divide by."""

import math

MOST_STEPS = 3000


def dot(u, v):
    return sum(p * q for p, q in zip(u, v))


def hinge_loss_grad(w, b, X, y, C):
    loss = dot(w, w) / 2
    grad_w = list(w)
    grad_b = 0.0
    for x, label in zip(X, y):
        slack = 1 - label * (dot(w, x) + b)
        if slack > 0:
            loss += C * slack
            for d in range(len(w)):
                grad_w[d] -= C * label * x[d]
            grad_b -= C * label
    return loss, grad_w, grad_b


def margin(w):
    return 2 / math.sqrt(dot(w, w))


def subgradient_descent(X, y, C, n_steps):
    w, b = [0.0] * len(X[0]), 0.0
    losses, best = [], None
    for t in range(n_steps + 1):
        loss, grad_w, grad_b = hinge_loss_grad(w, b, X, y, C)
        if best is None or loss < best[0]:
            best = (loss, w, b)
        losses.append(loss)
        rate = 1 / (t + 1)
        w = [p - rate * q for p, q in zip(w, grad_w)]
        b = b - rate * grad_b
    return best[1], best[2], losses


def kernel(kind, X, Z, gamma=1.0, coef0=0.0, degree=3):
    def k(x, z):
        if kind == "rbf":
            distance = 0.0
            for p, q in zip(x, z):
                distance += (p - q) ** 2
            return math.exp(-gamma * distance)
        if kind == "linear":
            return dot(x, z)
        inner = gamma * dot(x, z) + coef0
        return inner ** degree if kind == "polynomial" else math.tanh(inner)

    return [[k(x, z) for z in Z] for x in X]


def dual_objective(alpha, K, y):
    total = sum(alpha)
    for i in range(len(y)):
        for j in range(len(y)):
            total -= 0.5 * alpha[i] * alpha[j] * y[i] * y[j] * K[i][j]
    return total


def own_biases(alpha, K, y):
    own = []
    for i in range(len(y)):
        score = 0.0
        for j in range(len(y)):
            score += alpha[j] * y[j] * K[i][j]
        own.append(y[i] - score)
    return own


def most_violating_pair(alpha, K, y, C):
    own = own_biases(alpha, K, y)
    i = j = None
    for k in range(len(y)):
        if (alpha[k] < C if y[k] > 0 else alpha[k] > 0) and (i is None or own[k] > own[i]):
            i = k
        if (alpha[k] > 0 if y[k] > 0 else alpha[k] < C) and (j is None or own[k] < own[j]):
            j = k
    return i, j


def take_step(alpha, i, j, K, y, C):
    own = own_biases(alpha, K, y)
    room = C - alpha[i] if y[i] > 0 else alpha[i]
    room = min(room, alpha[j] if y[j] > 0 else C - alpha[j])
    curvature = K[i][i] - K[i][j] - K[j][i] + K[j][j]
    room = min(room, float(own[i] - own[j]) / float(curvature))
    new = list(alpha)
    new[i] += room if y[i] > 0 else -room
    new[j] -= room if y[j] > 0 else -room
    return new


def smo(K, y, C, tol):
    K = [[float(number) for number in row] for row in K]
    y = [float(label) for label in y]
    alpha = [0.0] * len(y)
    own = list(y)
    for _ in range(MOST_STEPS):
        up = [k for k in range(len(y)) if (alpha[k] < C if y[k] > 0 else alpha[k] > 0)]
        down = [k for k in range(len(y)) if (alpha[k] > 0 if y[k] > 0 else alpha[k] < C)]
        i = max(up, key=lambda k: own[k])
        j = min(down, key=lambda k: own[k])
        if own[i] - own[j] <= tol:
            break
        new = take_step(alpha, i, j, K, y, C)
        moved = (new[i] - alpha[i]) * y[i]
        own = [o - moved * (K[k][i] - K[k][j]) for k, o in enumerate(own)]
        alpha = new
    return alpha, (own[i] + own[j]) / 2


def decision_function(alpha, b, y, K):
    return [sum(a * s * k for a, s, k in zip(alpha, y, row)) + b for row in K]


def accuracy_curve(X_train, y_train, X_test, y_test, Cs, gamma):
    K = kernel("rbf", X_train, X_train, gamma)
    K_test = kernel("rbf", X_test, X_train, gamma)
    train, test = [], []
    for C in Cs:
        alpha, b = smo(K, y_train, C, 1e-3)
        for rows, labels, accuracies in ((K, y_train, train), (K_test, y_test, test)):
            scores = decision_function(alpha, b, y_train, rows)
            right = [score * label > 0 for score, label in zip(scores, labels)]
            accuracies.append(sum(right) / len(right))
    return train, test


def one_vs_rest_fit(K, y, C, tol):
    alphas, biases = [], []
    for k in range(max(y) + 1):
        alpha, b = smo(K, [1.0 if label == k else -1.0 for label in y], C, tol)
        alphas.append(alpha)
        biases.append(b)
    return alphas, biases


def one_vs_rest_predict(alphas, biases, y, K):
    scores = []
    for k in range(len(biases)):
        signs = [1.0 if label == k else -1.0 for label in y]
        scores.append(decision_function(alphas[k], biases[k], signs, K))
    labels = []
    for sample in zip(*scores):
        labels.append(max(range(len(sample)), key=lambda k: sample[k]))
    return labels
