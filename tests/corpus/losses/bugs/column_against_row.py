# fails: logistic
# code: accidental_broadcast
# line: 21
import numpy as np
np.set_printoptions(precision=4)

def softmax_loss(scores, y):
    m = y.shape[0]
    p = np.exp(scores - np.max(scores, axis=1).reshape(-1, 1))
    total = np.sum(p, axis=1).reshape(-1, 1)
    log_likelihood = np.log(total[:, 0]) - (scores - np.max(scores, axis=1).reshape(-1, 1))[range(m), y]
    loss = np.sum(log_likelihood) / m
    p = p / total
    p[range(m), y] -= 1
    return loss, p / m

def logistic_loss(z, t):
    m = z.shape[0]
    column = z.reshape(-1, 1)        # (m, 1) as in the lecture
    A = 1 / (1 + np.exp(-column))
    losses = -(t * np.log(A) + (1 - t) * np.log(1 - A))
    cost = np.mean(losses)
    dz = (np.squeeze(A) - t) / m
    return float(cost), dz

def squared_loss(pred, target):
    m = pred.shape[0]
    losses = np.sum((pred - target) ** 2, axis=1, keepdims=True) / 2
    return float(np.mean(losses)), (pred - target) / m

def huber_loss(pred, target, delta):
    diff = pred - target
    losses = np.where(np.abs(diff) <= delta, diff ** 2 / 2, delta * np.abs(diff) - delta ** 2 / 2)
    ddiff = np.where(np.abs(diff) <= delta, diff, np.where(diff > 0, delta, -delta))
    return float(np.mean(losses)), ddiff / np.size(diff)

def gaussian_nll(x, mu, log_var):
    m = x.shape[0]
    var = np.exp(log_var)
    losses = 0.5 * np.log(2 * np.pi) + 0.5 * log_var + (x - mu) ** 2 / (2 * var)
    return float(np.sum(losses) / m), (mu - x) / (m * var), (0.5 - (x - mu) ** 2 / (2 * var)) / m
