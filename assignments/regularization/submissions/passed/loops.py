"""Number by number, as the handout says it in words."""
import math

import numpy as np


def l2_penalty(W, alpha):
    total = 0.0
    grad = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        total += 0.5 * alpha * W[place] * W[place]
        grad[place] = alpha * W[place]
    return total, grad


def l1_penalty(W, alpha, half=False):
    total = 0.0
    grad = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        w = W[place]
        total += abs(w)
        if w > 0:
            grad[place] = alpha
        elif w < 0:
            grad[place] = -alpha
    total *= alpha
    if half:
        return total / 2, grad / 2
    return total, grad


def log_prior(W, kind, scale):
    total = 0.0
    for w in W.ravel():
        if kind == "gaussian":
            total += -math.log(scale) - 0.5 * math.log(2 * math.pi) - 0.5 * (w / scale) ** 2
        elif kind == "laplace":
            total += -math.log(2) - math.log(scale) - abs(w / scale)
    return total


def prior_alpha(kind, scale):
    if kind == "gaussian":
        return 1.0 / (scale * scale)
    elif kind == "laplace":
        return 1.0 / scale


def penalised_step(W, b, grad_W, grad_b, learning_rate, alpha, kind):
    new_W = np.empty(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            if kind == "l2":
                new_W[i, j] = (1 - learning_rate * alpha) * W[i, j]
            else:
                new_W[i, j] = W[i, j] - learning_rate * alpha * (1 if W[i, j] > 0 else -1)
            new_W[i, j] -= learning_rate * grad_W[i, j]
    new_b = np.empty(b.shape)
    for j in range(len(b)):
        new_b[j] = b[j] - learning_rate * grad_b[j]
    return new_W, new_b


def dropout_mask(shape, keep, rng):
    mask = np.zeros(shape)
    for place in np.ndindex(*shape):
        if rng.random() < keep:
            mask[place] = 1
    return mask


def dropout_forward(X, mask, keep, mode="inverted"):
    out = X.copy()
    for place in np.ndindex(X.shape):
        if mask[place] == 0:
            out[place] = 0
        elif mode == "inverted":
            out[place] = X[place] / keep
    return out, {"mask": mask.copy(), "keep": keep, "mode": mode}


def dropout_backward(grad_out, cache):
    grad = np.zeros(grad_out.shape)
    for place in np.ndindex(grad_out.shape):
        if cache["mask"][place]:
            grad[place] = grad_out[place]
            if cache["mode"] == "inverted":
                grad[place] /= cache["keep"]
    return grad


def dropout_predict(X, keep, mode="inverted"):
    if mode == "inverted":
        return X
    return X * keep


def predict_monte_carlo(X, W1, b1, W2, b2, masks, keep):
    P, N, H = masks.shape
    K = len(b2)
    mean = np.zeros((N, K))
    spread = np.zeros((N, K))
    for n in range(N):
        hidden = [max(0.0, sum(X[n] * W1[:, h]) + b1[h]) for h in range(H)]
        for k in range(K):
            outputs = []
            for p in range(P):
                z = b2[k]
                for h in range(H):
                    if masks[p, n, h]:
                        z += hidden[h] / keep * W2[h, k]
                outputs.append(z)
            mean[n, k] = sum(outputs) / P
            variance = sum((z - mean[n, k]) ** 2 for z in outputs) / (P - 1)
            spread[n, k] = math.sqrt(variance)
    return mean, spread


class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.losses = []

    def observe(self, loss, weights):
        self.losses.append(loss)
        best = 0
        for epoch in range(len(self.losses)):
            if self.losses[epoch] < self.losses[best]:
                best = epoch
        self.best_epoch = best
        self.best_loss = self.losses[best]
        if best == len(self.losses) - 1:
            self.best_weights = []
            for w in weights:
                self.best_weights.append(np.array(w))
        return len(self.losses) - 1 - best == self.patience


def shift_images(images, dx, dy):
    N, height, width = images.shape
    out = np.zeros(images.shape)
    for n in range(N):
        for y in range(height):
            for x in range(width):
                y_from, x_from = y - dy, x - dx
                y_from = 0 if y_from < 0 else height - 1 if y_from >= height else y_from
                x_from = 0 if x_from < 0 else width - 1 if x_from >= width else x_from
                out[n, y, x] = images[n, y_from, x_from]
    return out


def augment(images, labels, shifts):
    more_images, more_labels = [], []
    for dx, dy in [(0, 0)] + list(shifts):
        for n in range(len(images)):
            more_images.append(shift_images(images[n : n + 1], dx, dy)[0])
            more_labels.append(labels[n])
    return more_images, more_labels


def labels_after(images, transform):
    answer = [-1] * len(images)
    for n in range(len(images)):
        for k in range(len(images)):
            if (transform(images[n]) == images[k]).all():
                answer[n] = k
    return answer


def augmentation_counts(batch_size, n_images, n_classes):
    batches = 0
    while (batches + 1) * batch_size <= n_images:
        batches += 1
    return batches, int(batches * batch_size / n_classes)
