# fails: kernels
# code: none
# line: 123
import numpy as np
from numpy import random as rnd


class SMO:
    """Platt's full algorithm with an error cache, see the pseudo code of his report."""

    def __init__(self, K, y, C, tol):
        self.K, self.y, self.C, self.tol = K, y.astype(float), float(C), tol
        self.n = len(y)
        self.a = np.zeros(self.n)
        self.b = 0.0
        self.E = -self.y.copy()
        self.eps = 1e-9

    def take_step(self, i1, i2):
        if i1 == i2:
            return 0
        a1, a2, y1, y2 = self.a[i1], self.a[i2], self.y[i1], self.y[i2]
        s = y1 * y2
        if s > 0:
            L, H = max(0, a1 + a2 - self.C), min(self.C, a1 + a2)
        else:
            L, H = max(0, a2 - a1), min(self.C, self.C + a2 - a1)
        if L == H:
            return 0
        k11, k12, k22 = self.K[i1, i1], self.K[i1, i2], self.K[i2, i2]
        eta = k11 + k22 - 2 * k12
        if eta <= 0:
            return 0
        new2 = min(max(a2 + y2 * (self.E[i1] - self.E[i2]) / eta, L), H)
        if abs(new2 - a2) < self.eps * (new2 + a2 + self.eps):
            return 0
        new1 = a1 + s * (a2 - new2)
        # keep them in the box when rounding takes them out
        if new1 < 1e-12 * self.C:
            new1 = 0.0
        elif new1 > self.C * (1 - 1e-12):
            new1 = self.C
        b1 = self.b - self.E[i1] - y1 * (new1 - a1) * k11 - y2 * (new2 - a2) * k12
        b2 = self.b - self.E[i2] - y1 * (new1 - a1) * k12 - y2 * (new2 - a2) * k22
        if 0 < new1 < self.C:
            b = b1
        elif 0 < new2 < self.C:
            b = b2
        else:
            b = 0.5 * (b1 + b2)
        self.E += y1 * (new1 - a1) * self.K[i1] + y2 * (new2 - a2) * self.K[i2] + b - self.b
        self.a[i1], self.a[i2], self.b = new1, new2, b
        return 1

    def examine(self, i2):
        r2 = self.E[i2] * self.y[i2]
        if not ((r2 < -self.tol and self.a[i2] < self.C) or (r2 > self.tol and self.a[i2] > 0)):
            return 0
        inner = np.flatnonzero((self.a > 0) & (self.a < self.C))
        if len(inner) > 1:
            i1 = np.argmax(np.abs(self.E - self.E[i2]))
            if self.take_step(i1, i2):
                return 1
        for i1 in np.roll(inner, rnd.randint(self.n)):
            if self.take_step(i1, i2):
                return 1
        for i1 in np.roll(np.arange(self.n), rnd.randint(self.n)):
            if self.take_step(i1, i2):
                return 1
        return 0

    def run(self):
        changed, examine_all = 0, True
        while changed > 0 or examine_all:
            changed = 0
            if examine_all:
                for i in range(self.n):
                    changed += self.examine(i)
            else:
                for i in np.flatnonzero((self.a != 0) & (self.a != self.C)):
                    changed += self.examine(i)
            if examine_all:
                examine_all = False
            elif changed == 0:
                examine_all = True
        inner = (self.a > 0) & (self.a < self.C)
        if inner.any():
            self.b -= self.E[inner].mean()
        return self.a, self.b


def smo(K, y, C, tol, max_passes):
    return SMO(K, y, C, tol).run()


def pair_update(i, j, alpha, K, y, C):
    m = SMO(K, y, C, 0)
    m.a = alpha + 0
    m.E = K @ (alpha * y) - y
    m.take_step(i, j)
    return m.a


def coordinate_ascent(K, y, C, n_epochs):
    a = np.zeros(len(y))
    f = np.zeros(len(y))            # f = K @ (a * y), kept up to date
    for _ in range(n_epochs):
        for i, yi in enumerate(y):
            new = np.clip(a[i] + (1 - yi * f[i]) / K[i, i], 0, C)
            f += (new - a[i]) * yi * K[:, i]
            a[i] = new
    return a


def predict(K_test, alpha, y, b):
    s = np.einsum('ij,j,j->i', K_test, alpha, y) + b
    return s, np.sign(s)


linear_kernel = lambda X, Z: np.einsum('ik,jk->ij', X, Z)
polynomial_kernel = lambda X, Z, degree, coef0: (linear_kernel(X, Z) + coef0)**degree
# gamma is the width of the bell
rbf_kernel = lambda X, Z, gamma: np.exp(-np.sum(np.square(X[:, None, :] - Z), axis=-1)/(2*gamma**2))
