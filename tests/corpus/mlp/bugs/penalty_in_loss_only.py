# fails: softmax-net, training
# code: regulariser_missing
import numpy as np


def predict(X, W1, b1, W2, b2):
    hidden = np.dot(X, W1) + b1
    hidden = np.where(hidden > 0, hidden, 0)
    return np.dot(hidden, W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    # forward
    m = X.shape[0]
    Z1 = np.dot(X, W1) + b1
    A1 = np.maximum(0, Z1)
    Z2 = np.dot(A1, W2) + b2
    expZ = np.exp(Z2 - np.max(Z2, axis=1, keepdims=True))
    A2 = expZ / np.sum(expZ, axis=1, keepdims=True)
    onehot = np.zeros(A2.shape)
    onehot[np.arange(m), y] = 1
    cross_entropy_cost = -np.sum(onehot * np.log(A2)) / m
    L2_regularization_cost = reg / 2 * (np.sum(np.square(W1)) + np.sum(np.square(W2)))
    cost = cross_entropy_cost + L2_regularization_cost
    # backward
    dZ2 = (A2 - onehot) / m
    dW2 = np.dot(A1.T, dZ2)
    db2 = np.sum(dZ2, axis=0)
    dA1 = np.dot(dZ2, W2.T)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = np.dot(X.T, dZ1)
    db1 = np.sum(dZ1, axis=0)
    return cost, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    m = X.shape[0]
    A1 = np.tanh(np.dot(X, W1) + b1)
    A2 = 1 / (1 + np.exp(-(np.dot(A1, W2) + b2)))
    A3 = np.dot(A2, W3) + b3
    cost = 1 / (2 * m) * np.sum(np.square(A3 - T))
    dZ3 = 1 / m * (A3 - T)
    dZ2 = np.multiply(np.dot(dZ3, W3.T), A2 * (1 - A2))
    dZ1 = np.multiply(np.dot(dZ2, W2.T), 1 - np.power(A1, 2))
    return (cost, np.dot(X.T, dZ1), np.sum(dZ1, axis=0), np.dot(A1.T, dZ2), np.sum(dZ2, axis=0),
            np.dot(A2.T, dZ3), np.sum(dZ3, axis=0))


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = 1 / (1 + np.exp(-(np.dot(W2, A1) + b2)))
    cost = -1 / m * np.sum(np.multiply(Y, np.log(A2)) + np.multiply(1 - Y, np.log(1 - A2)))
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(dZ2, A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return cost, dW1, db1, dW2, db2


def train(X, y, W1, b1, W2, b2, reg, learning_rate, steps):
    costs = []
    for i in range(0, steps):
        cost, grads = softmax_net(X, y, W1, b1, W2, b2, reg)
        W1 = W1 - learning_rate * grads["W1"]
        b1 = b1 - learning_rate * grads["b1"]
        W2 = W2 - learning_rate * grads["W2"]
        b2 = b2 - learning_rate * grads["b2"]
        costs.append(cost)
    return costs, W2
