# fails: classic, network
# code: mask_missing
# line: 29
# code: sign_flipped
# line: 69
import numpy as np

class DropoutLayer(object):
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, inputs, numbers):
        self.binary = numbers < self.keep_prob
        return inputs * self.binary / self.keep_prob

    def backward(self, output_grad):
        return output_grad * self.binary / self.keep_prob

class ClassicLayer(DropoutLayer):
    def forward(self, inputs, numbers, mode):
        self.mode = mode
        self.binary = numbers < self.keep_prob
        if mode == "train":
            return inputs * self.binary
        return inputs * self.keep_prob

    def backward(self, output_grad):
        if self.mode == "train":
            return output_grad
        return output_grad * self.keep_prob

def inverted_forward(x, u, keep):
    layer = DropoutLayer(keep)
    return layer.forward(x, u), layer

def classic_forward(x, u, keep, mode):
    layer = ClassicLayer(keep)
    return layer.forward(x, u, mode), layer

def inverted_backward(dout, layer):
    return layer.backward(dout)

def classic_backward(dout, layer):
    return layer.backward(dout)

def seeded_dropout(x, keep, seed):
    return DropoutLayer(keep).forward(x, np.random.default_rng(seed).random(x.shape))

def keep_mask(rows, columns, keep, seed):
    state = np.random.RandomState(seed)
    return state.binomial(1, keep, size=(rows, columns))

def spatial_forward(x, u, keep):
    layer = DropoutLayer(keep)
    return layer.forward(x, np.ones(x.shape) * u[:, :, None, None]), layer

def spatial_backward(dout, layer):
    return layer.backward(dout)

def dropout_net(X, T, W1, W2, u, keep):
    layer = DropoutLayer(keep)
    z = X.dot(W1)
    a = layer.forward(np.maximum(z, 0), u)
    error = T - a.dot(W2)
    loss = np.sum(error ** 2) / (2.0 * len(X))
    delta2 = -error / len(X)
    grad2 = a.T.dot(delta2)
    delta1 = layer.backward(delta2.dot(W2.T)) * (z > 0)
    grad1 = -X.T.dot(delta1)
    return loss, grad1, grad2
