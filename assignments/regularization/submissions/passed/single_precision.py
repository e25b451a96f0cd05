# Everything in float32, with names and habits from Python 2.
import numpy as np

f = np.float32


def l2_penalty(W, alpha):
    W = W.astype(f)
    return f(alpha) * (W ** 2).sum() / f(2), f(alpha) * W


def l1_penalty(W, alpha, half=0):
    W = W.astype(f)
    if half == True:
        alpha = alpha * 0.5
    return f(alpha) * np.absolute(W).sum(), f(alpha) * np.sign(W)


def log_prior(W, kind, scale):
    W = W.astype(f)
    s = f(scale)
    n = len(W.flatten())
    if kind == 'gaussian':
        return - (W ** 2).sum() / (f(2) * s * s) - f(n * 0.5 * np.log(2 * np.pi)) - f(n) * np.log(s)
    else:
        return - np.absolute(W).sum() / s - f(n) * np.log(f(2) * s)


def prior_alpha(kind, scale):
    s = f(scale)
    if kind == 'laplace':
        return f(1) / s
    return f(1) / s / s


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    if kind == 'l2':
        total = l2_penalty(W, alpha)[1]
    else:
        total = l1_penalty(W, alpha)[1]
    total += grad_W.astype(f)
    lr = f(learning_rate)
    return W.astype(f) - lr * total, b.astype(f) - lr * grad_b.astype(f)


def dropout_mask(shape, keep, rng):
    return (rng.uniform(size=shape) > 1 - keep).astype(f)


class Layer(object):
    def __init__(self, mask, factor):
        self.mask = mask.astype(f)
        self.factor = f(factor)

    def times(self, x):
        return x.astype(f) * self.mask * self.factor


def dropout_forward(X, mask, keep, mode='inverted'):
    layer = Layer(mask, 1.0 / keep if mode == 'inverted' else 1.0)
    return layer.times(X), layer


def dropout_backward(grad_out, cache):
    return cache.times(grad_out)


def dropout_predict(X, keep, mode='inverted'):
    return X.astype(f) if mode == 'inverted' else X.astype(f) * f(keep)


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    X, W1, b1, W2, b2 = [a.astype(f) for a in (X, W1, b1, W2, b2)]
    h = np.dot(X, W1) + b1
    h[h < 0] = 0
    ys = np.array([np.dot(dropout_forward(h, m, keep)[0], W2) + b2 for m in masks])
    mean = ys.mean(axis=0)
    return mean, np.sqrt(((ys - mean) ** 2).sum(axis=0) / f(len(ys) - 1))


class EarlyStopping(object):
    def __init__(self, patience):
        self.left = self.patience = patience
        self.best_loss = None
        self.t = 0

    def observe(self, loss, weights):
        if self.best_loss is None or loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, self.t
            self.best_weights = [w.astype(f) for w in weights]
            self.left = self.patience
        else:
            self.left -= 1
        self.t += 1
        return self.left <= 0


def shift_images(images, dx, dy):
    out = images.astype(f)
    for _ in range(abs(dx)):
        before = out.copy()
        if dx > 0:
            out[:, :, 1:] = before[:, :, :-1]
        else:
            out[:, :, :-1] = before[:, :, 1:]
    for _ in range(abs(dy)):
        before = out.copy()
        if dy > 0:
            out[:, 1:, :] = before[:, :-1, :]
        else:
            out[:, :-1, :] = before[:, 1:, :]
    return out


def augment(images, labels, shifts):
    out_images, out_labels = images.astype(f), labels
    for (dx, dy) in shifts:
        out_images = np.append(out_images, shift_images(images, dx, dy), axis=0)
        out_labels = np.append(out_labels, labels)
    return out_images, out_labels


def labels_after(images, transform):
    index = dict((images[k].tobytes(), k) for k in range(len(images)))
    return np.array([index.get(np.ascontiguousarray(transform(a)).tobytes(), -1) for a in images])


def augmentation_counts(batch_size, n_images, n_classes):
    return divmod(n_images, batch_size)[0], divmod(n_images // batch_size * batch_size, n_classes)[0]
