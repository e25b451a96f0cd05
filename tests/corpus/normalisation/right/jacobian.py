import numpy as np

# I did not manage the simplified formula so I build the full Jacobian of one normalised vector.
# y = (v - mean) / s   ->   dy_i/dv_j = ((i==j) - 1/m) / s - (v_i-mean)(v_j-mean) / (m s^3)

def jac(v, eps):
    m = v.size
    c = v - np.sum(v) / m
    s = np.sqrt(np.sum(c**2) / m + eps)
    return (np.identity(m) - 1.0 / m) / s - np.outer(c, c) / (m * s**3)

def norm(v, eps):
    c = v - np.sum(v) / v.size
    return c / np.sqrt(np.sum(c**2) / v.size + eps)

def batchnorm_forward(x, gamma, beta, bn_param):
    e = bn_param['eps']
    rm = bn_param.get('running_mean')
    rv = bn_param.get('running_var')
    if bn_param['mode'] == 'train':
        z = np.column_stack([norm(x[:, j], e) for j in range(x.shape[1])])
        mu = np.average(x, 0)
        sigma2 = np.average(np.square(x), 0) - np.square(mu)   # E[x^2] - E[x]^2
        mom = bn_param['momentum']
        if rm is None:
            rm, rv = 0*mu, 0*sigma2
        rm = rm * mom; rm += (1 - mom) * mu
        rv = rv * mom; rv += (1 - mom) * sigma2
        bn_param.update(running_mean=rm, running_var=rv)
        print('running mean is now', rm)
    else:
        z = (x - rm) / np.power(rv + e, 0.5)
    return z * gamma[np.newaxis] + beta[np.newaxis], dict(x=x, z=z, gamma=gamma, e=e)

def batchnorm_backward(dout, cache):
    x, z, gamma, e = cache['x'], cache['z'], cache['gamma'], cache['e']
    cols = [jac(x[:, j], e).T @ (dout[:, j] * gamma[j]) for j in range(x.shape[1])]
    dx = np.array(cols).T
    dgamma = np.diag(dout.T @ z)
    dbeta = np.ones(len(x)) @ dout
    return dx, dgamma, dbeta

def layernorm_forward(x, gamma, beta, eps):
    z = np.vstack([norm(row, eps) for row in x])
    return z * gamma + beta, dict(x=x, z=z, gamma=gamma, e=eps)

def layernorm_backward(dout, cache):
    x, z, gamma, e = (cache[k] for k in ('x', 'z', 'gamma', 'e'))
    dx = np.vstack([jac(row, e) @ (d * gamma) for row, d in zip(x, dout)])
    return dx, np.diag(dout.T.dot(z)), np.ones((1, len(x))).dot(dout)   # dbeta is (1, D)

def groupnorm_forward(x, gamma, beta, G, eps):
    N, C = x.shape[:2]
    z = np.concatenate([
        np.concatenate([norm(part.ravel(), eps).reshape(part.shape) for part in np.split(img, G)])[None]
        for img in x])
    out = np.stack([gamma[c] * z[:, c] + beta[c] for c in range(C)], axis=1)
    return out, dict(x=x, z=z, gamma=gamma, e=eps, G=G)

def groupnorm_backward(dout, cache):
    x, z, gamma = cache['x'], cache['z'], cache['gamma']
    dz = np.stack([gamma[c] * dout[:, c] for c in range(len(gamma))], axis=1)
    dx = np.empty_like(x)
    for n in range(len(x)):
        parts = []
        for v, d in zip(np.split(x[n], cache['G']), np.split(dz[n], cache['G'])):
            parts.append((jac(v.ravel(), cache['e']) @ d.ravel()).reshape(v.shape))
        dx[n] = np.concatenate(parts)
    return dx, (dout * z).sum((0, 2, 3)), dout.sum(3).sum(2).sum(0)
