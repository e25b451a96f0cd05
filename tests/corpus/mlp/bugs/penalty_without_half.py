# fails: softmax-net, training
# code: regulariser_doubled
# line: 19
import numpy as np

class Net:
    def __init__(self, W1, b1, W2, b2, reg=0.):
        self.W = [W1, W2]
        self.b = [b1, b2]
        self.reg = reg

    def scores(self, X):
        self.h = [X]
        out = X @ self.W[0] + self.b[0]
        self.h.append(out * (out > 0))
        return self.h[1] @ self.W[1] + self.b[1]

    def penalty(self):
        return self.reg * sum(np.sum(w * w) for w in self.W)

    def loss(self, X, y):
        s = self.scores(X)
        s = s - np.max(s, axis=1)[:, None]
        logp = s - np.log(np.sum(np.exp(s), axis=1))[:, None]
        data = np.mean(-logp[np.arange(len(y)), y])
        d = np.exp(logp)
        d[np.arange(len(y)), y] -= 1
        d = d / len(y)
        g = {'W2': self.h[1].T @ d + 2 * self.reg * self.W[1], 'b2': d.sum(0)}
        d = (d @ self.W[1].T) * (self.h[1] > 0)
        g['W1'] = X.T @ d + 2 * self.reg * self.W[0]
        g['b1'] = d.sum(0)
        return data + self.penalty(), g

    def step(self, g, lr):
        for i in (0, 1):
            self.W[i] = self.W[i] - lr * g['W%d' % (i + 1)]
            self.b[i] = self.b[i] - lr * g['b%d' % (i + 1)]

def predict(X, W1, b1, W2, b2):
    return Net(W1, b1, W2, b2).scores(X)

def softmax_net(X, y, W1, b1, W2, b2, reg):
    return Net(W1, b1, W2, b2, reg).loss(X, y)

def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    net = Net(W1, b1, W2, b2, reg)
    hist = []
    for _ in range(steps):
        l, g = net.loss(X, y)
        net.step(g, lr)
        hist.append(l)
    return hist, net.W[1]

def sigma(v):
    return 1 / (1 + np.exp(-v))

def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    n = X.shape[0]
    u = np.tanh(X @ W1 + b1)
    v = sigma(u @ W2 + b2)
    e = v @ W3 + b3 - T
    g3 = e / n
    g2 = (g3 @ W3.T) * v * (1 - v)
    g1 = (g2 @ W2.T) * (1 - u * u)
    return np.sum(e * g3) / 2, X.T @ g1, g1.sum(0), u.T @ g2, g2.sum(0), v.T @ g3, g3.sum(0)

def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    u = np.tanh(W1 @ X + b1)
    p = sigma(W2 @ u + b2)
    cost = np.mean(-Y * np.log(p) - (1 - Y) * np.log(1 - p))
    g2 = (p - Y) / m
    g1 = (W2.T @ g2) * (1 - u * u)
    return cost, g1 @ X.T, g1.sum(1, keepdims=True), g2 @ u.T, g2.sum(1, keepdims=True)
