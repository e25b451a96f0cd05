# fails: gate
# code: returns_swapped
# line: 14
import numpy as np

S = lambda v: 1 / (1 + np.exp(-v))
R = lambda v: v * (v > 0)

affine_forward = lambda x, w, b: (x.reshape(len(x), -1).dot(w) + b, (x, w))
affine_backward = lambda d, c: (d.dot(c[1].T).reshape(c[0].shape), c[0].reshape(len(c[0]), -1).T.dot(d), d.sum(0))
relu_forward = lambda x: (R(x), x)
relu_backward = lambda d, x: d * (x > 0)
gate_forward = lambda a, z: (S(a) * np.tanh(z), (a, z))
gate_backward = lambda d, c: (d * S(c[0]) * (1 - np.tanh(c[1]) ** 2), d * np.tanh(c[1]) * S(c[0]) * (1 - S(c[0])))
residual_forward = lambda x, w: (x + R(x.dot(w)), (x, w))
residual_backward = lambda d, c: (d + (d * (c[0].dot(c[1]) > 0)).dot(c[1].T), c[0].T.dot(d * (c[0].dot(c[1]) > 0)))
embedding_forward = lambda i, t: (t[i], (i, t))
embedding_backward = lambda d, c: sum((np.outer(np.arange(len(c[1])) == k, v) for k, v in zip(c[0].ravel(), d.reshape(-1, d.shape[-1]))), np.zeros(c[1].shape))
