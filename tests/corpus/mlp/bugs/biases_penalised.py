# fails: softmax-net, training
# code: bias_regularised
# line: 28
import numpy as np

NAMES = ['W1', 'b1', 'W2', 'b2']

def _forward(X, p):
    p['h'] = np.maximum(0, X.dot(p['W1']) + p['b1'])
    return p['h'].dot(p['W2']) + p['b2']

def predict(X, *args):
    return _forward(X, dict(zip(NAMES, args)))

def softmax_net(X, y, W1, b1, W2, b2, reg):
    p = dict(zip(NAMES, [W1, b1, W2, b2]))
    s = _forward(X, p)
    s = s - s.max(axis=1).reshape(-1, 1)
    q = np.exp(s)
    q = q / q.sum(axis=1).reshape(-1, 1)
    rows = range(X.shape[0])
    loss = -np.log(q[rows, y]).mean()
    q[rows, y] -= 1
    q = q / X.shape[0]
    g = {'W2': p['h'].T.dot(q), 'b2': q.sum(axis=0)}
    q = q.dot(W2.T) * (p['h'] > 0)
    g.update(W1=X.T.dot(q), b1=q.sum(axis=0))
    for n in NAMES:
        loss += reg / 2 * (p[n] ** 2).sum()
        g[n] = g[n] + reg * p[n]
    return loss, g

def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    p = [W1, b1, W2, b2]
    log = []
    for _ in range(steps):
        l, g = softmax_net(X, y, *p, reg)
        log += [l]
        p = [v - lr * g[n] for n, v in zip(NAMES, p)]
    return log, p[2]

def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    h = np.tanh(X.dot(W1) + b1)
    k = 0.5 * (1 + np.tanh((h.dot(W2) + b2) / 2))
    e = k.dot(W3) + b3 - T
    N = X.shape[0]
    a = e / N
    b = a.dot(W3.T) * k * (1 - k)
    c = b.dot(W2.T) * (1 - h * h)
    return (e * e).sum() / 2 / N, X.T.dot(c), c.sum(0), h.T.dot(b), b.sum(0), k.T.dot(a), a.sum(0)

def binary_net(X, Y, W1, b1, W2, b2):
    h = np.tanh(W1.dot(X) + b1)
    z = W2.dot(h) + b2
    cost = np.mean(np.log1p(np.exp(z)) - Y * z)
    a = (1 / (1 + np.exp(-z)) - Y) / Y.size
    c = W2.T.dot(a) * (1 - h * h)
    return cost, c.dot(X.T), c.sum(1, keepdims=True), a.dot(h.T), a.sum(1, keepdims=True)
