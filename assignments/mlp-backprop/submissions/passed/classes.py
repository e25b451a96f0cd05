"""Layers as objects, sums spelt out with einsum, bias gradients as rows."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Dense:
    kernel: np.ndarray
    offset: np.ndarray

    def __call__(self, batch):
        self.batch = batch
        return np.einsum("ni,io->no", batch, self.kernel) + self.offset

    def backward(self, grad):
        self.grad_kernel = np.einsum("ni,no->io", self.batch, grad)
        self.grad_offset = grad.sum(axis=0, keepdims=True)
        return np.einsum("no,io->ni", grad, self.kernel)


class Rectifier:
    def __call__(self, batch):
        self.sign = np.heaviside(batch, 0.0)
        return batch * self.sign

    def backward(self, grad):
        return grad * self.sign


def affine_forward(batch, kernel, offset):
    layer = Dense(kernel, offset)
    return layer(batch), layer


def affine_backward(grad, layer):
    grad_batch = layer.backward(grad)
    return grad_batch, layer.grad_kernel, layer.grad_offset


def relu_forward(batch):
    layer = Rectifier()
    return layer(batch), layer


def relu_backward(grad, layer):
    return layer.backward(grad)


def softmax_loss(scores, labels):
    right = scores[np.arange(labels.size), labels][:, np.newaxis]
    # relative to the largest score, so that no exponential overflows
    peak = scores.max(axis=-1, keepdims=True)
    odds = np.exp(scores - peak)
    log_total = np.log(odds.sum(axis=-1, keepdims=True))
    targets = np.eye(scores.shape[1])[labels]
    grad = odds / odds.sum(axis=-1, keepdims=True) - targets
    return np.mean(log_total - (right - peak)), grad / labels.size


def initialise(sizes, rng):
    kernels = [rng.normal(size=(i, o)) * (2 / i) ** 0.5 for i, o in zip(sizes, sizes[1:])]
    return kernels, [np.zeros((1, o)) for o in sizes[1:]]


def build(kernels, offsets):
    layers = []
    for kernel, offset in zip(kernels, offsets):
        layers += [Dense(kernel, offset), Rectifier()]
    return layers[:-1]


def feed_forward(batch, kernels, offsets):
    layers = build(kernels, offsets)
    for layer in layers:
        batch = layer(batch)
    return batch, layers


def collapse(kernels, offsets):
    kernel = np.linalg.multi_dot(kernels) if len(kernels) > 1 else kernels[0]
    network = build(kernels, offsets)[::2]
    origin = np.zeros((1, len(kernels[0])))
    for layer in network:
        origin = layer(origin)
    return kernel, origin


def network_loss(batch, labels, kernels, offsets, decay):
    scores, layers = feed_forward(batch, kernels, offsets)
    loss, grad = softmax_loss(scores, labels)
    for layer in reversed(layers):
        grad = layer.backward(grad)
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    loss += decay * sum(np.einsum("io,io->", d.kernel, d.kernel) for d in dense) / 2
    return (
        loss,
        tuple(d.grad_kernel + decay * d.kernel for d in dense),
        tuple(d.grad_offset for d in dense),
    )


def sample_gradients(sample, label, kernels, offsets):
    signals = [sample]
    for kernel, offset in zip(kernels, offsets):
        signals.append(np.maximum(np.einsum("i,io->o", signals[-1], kernel) + np.ravel(offset), 0))
    scores = np.einsum("i,io->o", signals[-2], kernels[-1]) + np.ravel(offsets[-1])
    odds = np.exp(scores - scores.max())
    delta = odds / odds.sum()
    delta[label] -= 1
    kernel_grads, offset_grads = [], []
    for kernel, signal in zip(kernels[::-1], signals[-2::-1]):
        kernel_grads.append(np.einsum("i,o->io", signal, delta))
        offset_grads.append(delta[np.newaxis])
        delta = np.einsum("io,o->i", kernel, delta) * np.sign(np.maximum(signal, 0))
    return kernel_grads[::-1], offset_grads[::-1]


def train_step(batch, labels, kernels, offsets, decay, rate):
    loss, kernel_grads, offset_grads = network_loss(batch, labels, kernels, offsets, decay)
    kernels = [kernel - rate * grad for kernel, grad in zip(kernels, kernel_grads)]
    return loss, kernels, [offset - rate * grad for offset, grad in zip(offsets, offset_grads)]
