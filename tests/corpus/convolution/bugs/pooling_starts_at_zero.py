# fails: max-pool
# code: wrong_constant|wrong_function
# line: 96
# без numpy в циклах, всё на списках
import numpy as np


def zeros(*dims):
    if len(dims) == 1:
        return [0.0] * dims[0]
    return [zeros(*dims[1:]) for _ in range(dims[0])]


def get(x, n, c, i, j):
    # за границей картинки нули
    if i < 0 or j < 0 or i >= len(x[n][c]) or j >= len(x[n][c][0]):
        return 0.0
    return x[n][c][i][j]


def conv_forward_naive(x, w, b, conv_param):
    s = conv_param['stride']
    p = conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    x = x.tolist()
    k = w.tolist()
    Ho = int((H + 2 * p - HH) / s + 1)
    Wo = int((W + 2 * p - WW) / s + 1)
    out = zeros(N, F, Ho, Wo)
    for n in range(0, N):
        for f in range(0, F):
            for i in range(0, Ho):
                for j in range(0, Wo):
                    t = b[f]
                    for c in range(0, C):
                        for u in range(0, HH):
                            for v in range(0, WW):
                                t += get(x, n, c, i * s + u - p, j * s + v - p) * k[f][c][u][v]
                    out[n][f][i][j] = t
    return out, (x, k, s, p, (N, C, H, W), (F, C, HH, WW))


def conv_backward_naive(dout, cache):
    x, k, s, p, (N, C, H, W), (F, C, HH, WW) = cache
    d = dout.tolist()
    dx = zeros(N, C, H, W)
    dw = zeros(F, C, HH, WW)
    db = zeros(F)
    for n in range(0, N):
        for f in range(0, F):
            for i in range(0, len(d[n][f])):
                for j in range(0, len(d[n][f][i])):
                    db[f] += d[n][f][i][j]
                    for c in range(0, C):
                        for u in range(0, HH):
                            for v in range(0, WW):
                                r, q = i * s + u - p, j * s + v - p
                                if 0 <= r < H and 0 <= q < W:
                                    dx[n][c][r][q] += d[n][f][i][j] * k[f][c][u][v]
                                    dw[f][c][u][v] += d[n][f][i][j] * x[n][c][r][q]
    return np.array(dx), np.array(dw), np.array(db)


class Pool:
    def __init__(self, x, par):
        self.h = par['pool_height']
        self.w = par['pool_width']
        self.s = par['stride']
        self.x = x
        self.N, self.C, H, W = x.shape
        self.Ho = (H - self.h) // self.s + 1
        self.Wo = (W - self.w) // self.s + 1

    def places(self):
        for n in range(self.N):
            for c in range(self.C):
                for i in range(self.Ho):
                    for j in range(self.Wo):
                        inside = [(i * self.s + u, j * self.s + v)
                                  for u in range(self.h) for v in range(self.w)]
                        yield n, c, i, j, inside

    def largest(self, n, c, inside):
        best = None
        for place in inside:
            if best is None or self.x[n, c][place] > self.x[n, c][best]:
                best = place
        return best


def max_pool_forward_naive(x, pool_param):
    pool = Pool(x, pool_param)
    out = zeros(pool.N, pool.C, pool.Ho, pool.Wo)
    for n, c, i, j, inside in pool.places():
        biggest = 0
        for place in inside:
            if x[n, c][place] > biggest:
                biggest = x[n, c][place]
        out[n][c][i][j] = biggest
    return np.array(out), pool


def max_pool_backward_naive(dout, pool):
    dx = np.zeros(pool.x.shape)
    for n, c, i, j, inside in pool.places():
        dx[n, c][pool.largest(n, c, inside)] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    pool = Pool(x, pool_param)
    out = np.empty((pool.N, pool.C, pool.Ho, pool.Wo))
    for n, c, i, j, inside in pool.places():
        out[n, c, i, j] = sum(x[n, c][place] for place in inside) / len(inside)
    return out, pool


def avg_pool_backward_naive(dout, pool):
    dx = np.zeros(pool.x.shape)
    for n, c, i, j, inside in pool.places():
        for place in inside:
            dx[n, c][place] += dout[n, c, i, j] / len(inside)
    return dx
