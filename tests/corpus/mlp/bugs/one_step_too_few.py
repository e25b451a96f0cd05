# fails: training
# code: off_by_one
# line: 50
import numpy as np
relu = lambda a: np.maximum(0, a)

def predict(X, W1, b1, W2, b2):
    layer1 = relu(np.add(np.dot(X, W1), b1))
    layer2 = np.add(np.dot(layer1, W2), b2)
    return layer2

def softmax_net(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    layer1 = relu(np.add(np.dot(X, W1), b1))
    layer2 = np.add(np.dot(layer1, W2), b2)
    layer2 = layer2 - np.max(layer2, axis=1, keepdims=True)
    p = np.exp(layer2) / np.sum(np.exp(layer2), axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(n), y])) + .5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    d2 = p
    d2[np.arange(n), y] -= 1
    d2 /= n
    d1 = np.dot(d2, W2.T)
    d1[layer1 <= 0] = 0
    return loss, {'W1': np.dot(X.T, d1) + reg * W1, 'b1': np.sum(d1, axis=0),
                  'W2': np.dot(layer1.T, d2) + reg * W2, 'b2': np.sum(d2, axis=0)}

def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    n = X.shape[0]
    l1 = np.tanh(np.dot(X, W1) + b1)
    l2 = 1 / (1 + np.exp(-(np.dot(l1, W2) + b2)))
    l3 = np.dot(l2, W3) + b3
    d3 = (l3 - T) / n
    d2 = np.dot(d3, W3.T) * (l2 - l2 ** 2)
    d1 = np.dot(d2, W2.T) * (1 - l1 ** 2)
    loss = np.sum((l3 - T) ** 2) / n / 2
    return loss, np.dot(X.T, d1), np.sum(d1, axis=0), np.dot(l1.T, d2), np.sum(d2, axis=0), np.dot(l2.T, d3), np.sum(d3, axis=0)

def binary_net(X, Y, W1, b1, W2, b2):
    m = Y.shape[1]
    l1 = np.tanh(np.dot(W1, X) + b1)
    l2 = 1 / (1 + np.exp(-(np.dot(W2, l1) + b2)))
    cost = np.sum(-Y * np.log(l2) - (1 - Y) * np.log(1 - l2)) / m
    d2 = (l2 - Y) / m
    d1 = np.dot(W2.T, d2) * (1 - l1 ** 2)
    return cost, np.dot(d1, X.T), np.sum(d1, axis=1, keepdims=True), np.dot(d2, l1.T), np.sum(d2, axis=1, keepdims=True)

def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    params = {'W1': np.copy(W1), 'b1': np.copy(b1), 'W2': np.copy(W2), 'b2': np.copy(b2)}
    history = []
    for it in range(1, steps):
        loss, grads = softmax_net(X, y, params['W1'], params['b1'], params['W2'], params['b2'], reg)
        history.append(loss)
        for name in params:
            params[name] -= lr * grads[name]
    loss, _ = softmax_net(X, y, params['W1'], params['b1'], params['W2'], params['b2'], reg)
    history.append(loss)
    return history, params['W2']
