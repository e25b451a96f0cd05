# fails: huber
# code: input_factor
import numpy as np

# the smooth-L1 loss of Fast R-CNN
def smooth_l1(d, beta):
    a = np.abs(d)
    return np.where(a < beta, 0.5 * a * a / beta, a - 0.5 * beta)

def smooth_l1_grad(d, beta):
    return np.where(np.abs(d) < beta, d / beta, np.sign(d))

def huber_loss(pred, target, delta):
    d = pred - target
    return smooth_l1(d, delta).mean(), smooth_l1_grad(d, delta) / d.size

def softmax_loss(scores, y):
    scores = scores - np.max(scores, axis=1, keepdims=True)
    n = np.shape(scores)[0]
    denom = np.sum(np.exp(scores), axis=1)
    loss = np.mean(np.log(denom) - scores[np.arange(n), y])
    dscores = np.exp(scores) / denom.reshape(n, 1)
    dscores[np.arange(n), y] = dscores[np.arange(n), y] - 1
    return loss, dscores / n

def logistic_loss(z, t):
    n = z.shape[0]
    loss = np.log1p(np.exp(-z)) + (1 - t) * z
    return np.sum(loss) / n, (1 / (1 + np.exp(-z)) - t) / n

def squared_loss(pred, target):
    n = pred.shape[0]
    d = pred - target
    return 0.5 * np.vdot(d, d) / n, d / n

def gaussian_nll(x, mu, log_var):
    n = x.shape[0]
    std = np.exp(log_var / 2)
    zscore = (x - mu) / std
    loss = np.sum(zscore ** 2 / 2 + log_var / 2 + 0.5 * np.log(2 * np.pi)) / n
    return loss, -zscore / std / n, (1 - zscore ** 2) / 2 / n
