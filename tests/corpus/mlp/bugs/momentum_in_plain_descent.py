# fails: training, squared-net
# code: none
# line: 34
# code: sign_flipped
# line: 44
import numpy as np

def predict(X, W1, b1, W2, b2):
    hidden = np.maximum(X.dot(W1) + b1, 0)
    return hidden.dot(W2) + b2

def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    hidden = np.maximum(X.dot(W1) + b1, 0)
    scores = hidden.dot(W2) + b2
    scores -= scores.max(axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.log(probs[np.arange(N), y]).sum() / N + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    probs[np.arange(N), y] -= 1
    dscores = probs / N
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    return loss, {'W1': X.T.dot(dhidden) + reg * W1, 'b1': dhidden.sum(axis=0), 'W2': hidden.T.dot(dscores) + reg * W2, 'b2': dscores.sum(axis=0)}

def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    params = {'W1': W1.copy(), 'b1': b1.copy(), 'W2': W2.copy(), 'b2': b2.copy()}
    v = {k: 0 for k in params}
    history = []
    for _ in range(steps):
        loss, grads = softmax_net(X, y, params['W1'], params['b1'], params['W2'], params['b2'], reg)
        history.append(loss)
        for k in params:
            v[k] = 0.9 * v[k] + grads[k]
            params[k] = params[k] - lr * v[k]
    return history, params['W2']

def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    h1 = np.tanh(X.dot(W1) + b1)
    h2 = 1 / (1 + np.exp(-(h1.dot(W2) + b2)))
    err = T - (h2.dot(W3) + b3)
    loss = np.sum(err ** 2) / N / 2
    d3 = err / N
    d2 = d3.dot(W3.T) * h2 * (1 - h2)
    d1 = d2.dot(W2.T) * (1 - h1 ** 2)
    return loss, X.T.dot(d1), d1.sum(axis=0), h1.T.dot(d2), d2.sum(axis=0), h2.T.dot(d3), d3.sum(axis=0)

def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1.dot(X) + b1)
    A2 = 1 / (1 + np.exp(-(W2.dot(A1) + b2)))
    err = A2 - Y
    cost = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    dA1 = W2.T.dot(err) * (1 - A1 ** 2)
    return cost, dA1.dot(X.T) / m, dA1.sum(axis=1, keepdims=True) / m, err.dot(A1.T) / m, err.sum(axis=1, keepdims=True) / m
