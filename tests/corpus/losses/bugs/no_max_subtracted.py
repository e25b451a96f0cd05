# fails: softmax-stable
# code: softmax_unstable | overflow
# line: 9
import numpy as np

class Losses:
    @staticmethod
    def probs(scores):
        e = np.exp(scores)
        return e / e.sum(axis=1)[:, None]

    @classmethod
    def softmax(cls, scores, y):
        P = cls.probs(scores)
        n = y.size
        loss = np.mean([-np.log(P[i][y[i]]) for i in range(n)])
        P[np.arange(n), y] -= 1
        return loss, P / n

    @staticmethod
    def logistic(z, t):
        h = 1.0 / (1.0 + np.exp(-z))
        return -(t * np.log(h) + (1 - t) * np.log(1 - h)).mean(), (h - t) / len(t)

    @staticmethod
    def squared(a, b):
        return ((a - b) ** 2).sum(axis=1).mean() / 2, (a - b) / a.shape[0]

    @staticmethod
    def huber(a, b, delta):
        r = a - b
        inner = np.abs(r) <= delta
        loss = inner * r ** 2 / 2 + (1 - inner) * delta * (np.abs(r) - delta / 2)
        return loss.mean(), np.where(inner, r, delta * np.sign(r)) / r.size

    @staticmethod
    def gauss(x, m, lv):
        q = (x - m) ** 2 / np.exp(lv)
        return 0.5 * (q + lv + np.log(2 * np.pi)).sum(1).mean(), (m - x) * np.exp(-lv) / len(x), (1 - q) / 2 / len(x)

softmax_loss, logistic_loss = Losses.softmax, Losses.logistic
squared_loss, huber_loss, gaussian_nll = Losses.squared, Losses.huber, Losses.gauss
