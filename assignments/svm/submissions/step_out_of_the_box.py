# fails: step
"""Only the room of i is looked at."""

import numpy as np


class Dual:
    """The dual in the variables beta = alpha * y, each between low and high."""

    def __init__(self, K, y, C, alpha=None):
        self.K, self.y, self.C = np.asarray(K), np.asarray(y), C
        self.low = np.minimum(0, C * self.y)
        self.high = np.maximum(0, C * self.y)
        self.beta = np.zeros(len(y)) if alpha is None else alpha * self.y

    @property
    def alpha(self):
        return self.beta * self.y

    @property
    def slope(self):
        return self.y - self.K @ self.beta

    def worst(self):
        rising = np.where(self.beta < self.high, self.slope, -np.inf)
        falling = np.where(self.beta > self.low, self.slope, np.inf)
        return int(rising.argmax()), int(falling.argmin())

    def move(self, i, j):
        direction = np.zeros(len(self.y))
        direction[i], direction[j] = 1, -1
        bend = direction @ self.K @ direction
        length = min(self.high[i] - self.beta[i], self.beta[j] - self.low[j])
        if bend > 1e-10:
            length = min(length, direction @ self.slope / bend)
        self.beta = self.beta + length * direction

    def solve(self, tol):
        for _ in range(3000):
            i, j = self.worst()
            if self.slope[i] - self.slope[j] <= tol:
                break
            self.move(i, j)
        return self.alpha, self.slope[[i, j]].mean()


class Kernel:
    def __init__(self, gamma, coef0, degree):
        self.gamma, self.coef0, self.degree = gamma, coef0, degree

    def linear(self, X, Z):
        return np.einsum("nd,md->nm", X, Z)

    def polynomial(self, X, Z):
        return np.power(self.gamma * self.linear(X, Z) + self.coef0, self.degree)

    def sigmoid(self, X, Z):
        return np.tanh(self.gamma * self.linear(X, Z) + self.coef0)

    def rbf(self, X, Z):
        apart = X[:, None, :] - Z[None, :, :]
        return np.exp(-self.gamma * np.einsum("nmd,nmd->nm", apart, apart))


def hinge_loss_grad(w, b, X, y, C):
    pulls = np.column_stack((X, np.ones(len(X)))) * y[:, None]
    slack = 1 - pulls @ np.append(w, b)
    gradient = np.append(w, 0.0) - C * pulls[slack >= 0].sum(axis=0)
    return 0.5 * np.linalg.norm(w) ** 2 + C * slack[slack >= 0].sum(), gradient[:-1], gradient[-1]


def margin(w):
    return 2 * np.dot(w, w) ** -0.5


def subgradient_descent(X, y, C, n_steps):
    way = [(np.zeros(X.shape[1]), 0.0)]
    losses = []
    for t in range(n_steps + 1):
        w, b = way[-1]
        loss, *slopes = hinge_loss_grad(w, b, X, y, C)
        losses.append(loss)
        way.append((w - slopes[0] / (t + 1), b - slopes[1] / (t + 1)))
    w, b = way[losses.index(min(losses))]
    return w, b, np.array(losses)


def kernel(kind, X, Z, gamma=1.0, coef0=0.0, degree=3):
    return getattr(Kernel(gamma, coef0, degree), kind)(X, Z)


def dual_objective(alpha, K, y):
    return sum(alpha) - 0.5 * np.einsum("i,j,i,j,ij->", alpha, alpha, y, y, K)


def own_biases(alpha, K, y):
    return Dual(K, y, np.inf, alpha).slope


def most_violating_pair(alpha, K, y, C):
    return Dual(K, y, C, alpha).worst()


def take_step(alpha, i, j, K, y, C):
    own = own_biases(alpha, K, y)
    step = (own[i] - own[j]) / max(K[i, i] + K[j, j] - 2 * K[i, j], 1e-10)
    new = alpha.copy()
    new[i] = np.clip(alpha[i] + y[i] * step, 0, C)
    new[j] -= y[i] * y[j] * (new[i] - alpha[i])
    return new


def smo(K, y, C, tol):
    return Dual(K, y, C).solve(tol)


def decision_function(alpha, b, y, K):
    return np.einsum("mn,n,n->m", K, alpha, y) + b


def accuracy_curve(X_train, y_train, X_test, y_test, Cs, gamma):
    K, K_test = (kernel("rbf", samples, X_train, gamma) for samples in (X_train, X_test))
    machines = [smo(K, y_train, C, 1e-3) for C in Cs]

    def accuracies(K, y):
        scores = np.array([decision_function(*machine, y_train, K) for machine in machines])
        return ((scores > 0) == (y > 0)).mean(axis=1)

    return accuracies(K, y_train), accuracies(K_test, y_test)


def one_vs_rest_fit(K, y, C, tol):
    signs = np.where(np.eye(y.max() + 1)[y].T > 0, 1.0, -1.0)
    alphas, biases = zip(*(smo(K, row, C, tol) for row in signs))
    return np.stack(alphas), np.array(biases)


def one_vs_rest_predict(alphas, biases, y, K):
    signs = np.where(np.eye(len(biases))[y].T > 0, 1.0, -1.0)
    return (K @ (alphas * signs).T + biases).argmax(axis=1)
