# fails: gate, residual
# code: term_missing | factor_missing
# line: 33
# code: constant_factor | wrong_constant | none
# line: 47
import numpy as np

class AffineLayer:
    @staticmethod
    def forward(x, w, b):
        rows = x.reshape(x.shape[0], -1)
        return rows @ w + b, dict(rows=rows, w=w, shape=x.shape)
    @staticmethod
    def backward(dout, cache):
        return (dout @ cache['w'].T).reshape(cache['shape']), cache['rows'].T @ dout, dout.sum(axis=0)

class ReluLayer:
    @staticmethod
    def forward(x):
        return np.maximum(x, 0), dict(on=x > 0)
    @staticmethod
    def backward(dout, cache):
        return cache['on'] * dout

class GateLayer:
    @staticmethod
    def forward(a, z):
        s, t = 1 / (1 + np.exp(-a)), np.tanh(z)
        return s * t, dict(s=s, t=t)
    @staticmethod
    def backward(dout, cache):
        s, t = cache['s'], cache['t']
        da = dout * t * s
        dz = dout * s * (1 - t ** 2)
        return da, dz

class ResidualLayer:
    @staticmethod
    def forward(x, w):
        a, ca = AffineLayer.forward(x, w, 0)
        h, ch = ReluLayer.forward(a)
        return x + h, dict(ca=ca, ch=ch)
    @staticmethod
    def backward(dout, cache):
        da = ReluLayer.backward(dout, cache['ch'])
        dx, dw, _ = AffineLayer.backward(da, cache['ca'])
        return dx + 2 * dout, dw

class EmbeddingLayer:
    @staticmethod
    def forward(words, table):
        return table[words], dict(words=words, shape=table.shape)
    @staticmethod
    def backward(dout, cache):
        d = np.zeros(cache['shape'])
        np.add.at(d, cache['words'], dout)
        return d

affine_forward, affine_backward = AffineLayer.forward, AffineLayer.backward
relu_forward, relu_backward = ReluLayer.forward, ReluLayer.backward
gate_forward, gate_backward = GateLayer.forward, GateLayer.backward
residual_forward, residual_backward = ResidualLayer.forward, ResidualLayer.backward
embedding_forward, embedding_backward = EmbeddingLayer.forward, EmbeddingLayer.backward
