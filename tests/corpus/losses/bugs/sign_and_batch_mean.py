# fails: logistic, gaussian
# code: missing_batch_mean
# line: 26
# code: sign_flipped
# line: 50
import numpy as np

def softmax_loss(scores, y):
    N, C = scores.shape
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    norm = np.sum(np.exp(shifted), axis=1, keepdims=True)
    probs = np.exp(shifted) / norm
    loss = np.mean(np.log(norm[:, 0]) - shifted[range(N), y])
    dscores = probs
    dscores[range(N), y] -= 1
    dscores /= N
    return loss, dscores

def logistic_loss(z, t):
    N = z.shape[0]
    loss = 0.0
    dz = np.zeros_like(z)
    for i in range(0, N):
        s = 1.0 / (1.0 + np.exp(-z[i]))
        loss += -t[i] * np.log(s) - (1 - t[i]) * np.log(1 - s)
        dz[i] = s - t[i]
    loss /= N
    return loss, dz

def squared_loss(pred, target):
    N = pred.shape[0]
    loss = 0.0
    dpred = np.zeros_like(pred)
    for i in range(0, N):
        diff = pred[i] - target[i]
        loss += 0.5 * diff.dot(diff)
        dpred[i] = diff / N
    return loss / N, dpred

def huber_loss(pred, target, delta):
    diff = pred - target
    loss = np.where(np.abs(diff) <= delta, 0.5 * diff ** 2, delta * (np.abs(diff) - 0.5 * delta))
    return np.mean(loss), np.clip(diff, -delta, delta) / diff.size

def gaussian_nll(x, mu, log_var):
    N = x.shape[0]
    var = np.exp(log_var)
    diff = x - mu
    loss = 0.5 * np.sum(np.log(2 * np.pi) + log_var + diff ** 2 / var) / N
    dmu = diff / var / N
    dlog_var = 0.5 * (1 - diff ** 2 / var) / N
    return loss, dmu, dlog_var
