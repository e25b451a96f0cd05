# fails: augmentation-counts
"""The last batch counts, full or not."""
import numpy as np


def l2_penalty(W, alpha):
    penalty = alpha / 2 * (W * W).sum()
    grad_W = alpha * W
    return penalty, grad_W


def l1_penalty(W, alpha, half=False):
    penalty = alpha * abs(W).sum()
    grad_W = alpha * np.sign(W)
    if half:
        penalty, grad_W = penalty / 2, grad_W / 2
    return penalty, grad_W


def log_prior(W, kind, scale):
    if kind == "gaussian":
        log_p = -(W**2) / (2 * scale**2) - np.log(np.sqrt(2 * np.pi) * scale)
    else:
        log_p = -abs(W) / scale - np.log(2 * scale)
    return log_p.sum()


def prior_alpha(kind, scale):
    if kind == "gaussian":
        return 1 / scale**2
    return 1 / scale


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    if kind == "l2":
        penalty, grad_penalty = l2_penalty(W, alpha)
    else:
        penalty, grad_penalty = l1_penalty(W, alpha)
    new_W = W - learning_rate * grad_W - learning_rate * grad_penalty
    new_b = b - learning_rate * grad_b
    return new_W, new_b


def dropout_mask(shape, keep, rng):
    return np.where(rng.random(shape) < keep, 1.0, 0.0)


def dropout_forward(X, mask, keep, mode="inverted"):
    out = X * mask
    if mode == "inverted":
        out = out / keep
    cache = (mask, keep, mode)
    return out, cache


def dropout_backward(grad_out, cache):
    mask, keep, mode = cache
    grad_X = grad_out * mask
    if mode == "inverted":
        grad_X = grad_X / keep
    return grad_X


def dropout_predict(X, keep, mode="inverted"):
    if mode == "classic":
        return X * keep
    return X.copy()


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    predictions = []
    for mask in masks:
        hidden = np.maximum(X @ W1 + b1, 0)
        hidden, cache = dropout_forward(hidden, mask, keep)
        predictions.append(hidden @ W2 + b2)
    mean = np.mean(predictions, axis=0)
    spread = np.std(predictions, axis=0, ddof=1)
    return mean, spread


class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.waited = 0
        self.epoch = -1
        self.best_epoch = -1
        self.best_loss = float("inf")
        self.best_weights = None

    def observe(self, loss, weights):
        self.epoch += 1
        if loss < self.best_loss:
            self.best_loss = loss
            self.best_epoch = self.epoch
            self.best_weights = [w.copy() for w in weights]
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def shift_images(images, dx, dy):
    shifted = np.empty_like(images)
    height, width = images.shape[1:]
    for row in range(height):
        for column in range(width):
            from_row = min(max(row - dy, 0), height - 1)
            from_column = min(max(column - dx, 0), width - 1)
            shifted[:, row, column] = images[:, from_row, from_column]
    return shifted


def augment(images, labels, shifts):
    all_images = [images]
    all_labels = [labels]
    for dx, dy in shifts:
        all_images.append(shift_images(images, dx, dy))
        all_labels.append(labels)
    return np.concatenate(all_images), np.concatenate(all_labels)


def labels_after(images, transform):
    answers = []
    for image in images:
        new = transform(image)
        answer = -1
        for k in range(len(images)):
            if np.all(new == images[k]):
                answer = k
        answers.append(answer)
    return np.array(answers)


def augmentation_counts(batch_size, n_images, n_classes):
    batches = -(-n_images // batch_size)
    per_class = batch_size * batches // n_classes
    return batches, per_class
