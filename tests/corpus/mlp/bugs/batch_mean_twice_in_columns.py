# fails: binary-net
# code: batch_mean_twice | size_factor
# line: 35
import numpy as np
import copy


def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s


def forward_propagation(X, parameters):
    W1, b1, W2, b2 = parameters["W1"], parameters["b1"], parameters["W2"], parameters["b2"]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    assert (A2.shape == (1, X.shape[1]))
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def compute_cost(A2, Y):
    m = Y.shape[1]
    logprobs = np.multiply(np.log(A2), Y) + np.multiply(np.log(1 - A2), (1 - Y))
    cost = -(1. / m) * np.sum(logprobs)
    cost = float(np.squeeze(cost))
    return cost


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    W2 = parameters["W2"]
    A1, A2 = cache["A1"], cache["A2"]
    dZ2 = (A2 - Y) / m
    dW2 = (1 / m) * np.dot(dZ2, A1.T)
    db2 = (1 / m) * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))
    dW1 = (1 / m) * np.dot(dZ1, X.T)
    db1 = (1 / m) * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def binary_net(X, Y, W1, b1, W2, b2):
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    A2, cache = forward_propagation(X, parameters)
    return (compute_cost(A2, Y),) + backward_propagation(parameters, cache, X, Y)


def predict(X, W1, b1, W2, b2):
    return np.maximum(0, np.dot(X, W1) + b1).dot(W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    m = X.shape[0]
    A1 = np.maximum(0, np.dot(X, W1) + b1)
    Z2 = np.dot(A1, W2) + b2
    t = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    A2 = t / np.sum(t, axis=1, keepdims=True)
    Y = np.eye(W2.shape[1])[y]
    cost = -np.sum(Y * np.log(A2)) / m + reg / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    dZ2 = A2 - Y
    dW2 = np.dot(A1.T, dZ2) / m + reg * W2
    db2 = np.sum(dZ2, axis=0) / m
    dZ1 = np.dot(dZ2, W2.T)
    dZ1[A1 == 0] = 0
    dW1 = np.dot(X.T, dZ1) / m + reg * W1
    db1 = np.sum(dZ1, axis=0) / m
    return cost, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    m = X.shape[0]
    A1 = np.tanh(np.dot(X, W1) + b1)
    A2 = sigmoid(np.dot(A1, W2) + b2)
    A3 = np.dot(A2, W3) + b3
    dZ3 = A3 - T
    dZ2 = np.dot(dZ3, W3.T) * A2 * (1 - A2)
    dZ1 = np.dot(dZ2, W2.T) * (1 - A1 ** 2)
    grads = [np.dot(X.T, dZ1), np.sum(dZ1, axis=0), np.dot(A1.T, dZ2), np.sum(dZ2, axis=0), np.dot(A2.T, dZ3), np.sum(dZ3, axis=0)]
    return [np.sum(dZ3 ** 2) / (2 * m)] + [g / m for g in grads]


def train(X, y, W1, b1, W2, b2, reg, learning_rate, steps):
    parameters = copy.deepcopy({"W1": W1, "b1": b1, "W2": W2, "b2": b2})
    costs = []
    for i in range(0, steps):
        cost, grads = softmax_net(X, y, reg=reg, **parameters)
        costs.append(cost)
        for k in parameters:
            parameters[k] = parameters[k] - learning_rate * grads[k]
    return costs, parameters["W2"]
