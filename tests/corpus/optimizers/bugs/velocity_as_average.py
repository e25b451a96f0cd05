# fails: momentum
# code: none
# line: 18
import numpy as np

def update_with_momentum(params, grads, v, beta, learning_rate):
    """
    Update parameters using Momentum

    Arguments:
    params -- array
    grads -- array
    v -- the current velocity, or None
    """
    if v is None:
        v = np.zeros((params.shape))
    # compute velocities
    v = beta * v + (1 - beta) * grads
    # update parameters
    params = params - learning_rate * v
    return params, v

def momentum(w, g, state, lr, mu):
    return update_with_momentum(w, g, state, mu, lr)

def nesterov(w, g, state, lr, mu):
    if state is None:
        state = np.zeros((w.shape))
    v_prev = state
    v = mu * v_prev - lr * g
    return w - mu * v_prev + (1 + mu) * v, v

def adagrad(w, g, state, lr, eps):
    if state is None:
        state = np.zeros((w.shape))
    state = state + g ** 2
    return w - lr * np.divide(g, np.sqrt(state) + eps), state

def rmsprop(w, g, state, lr, decay, eps):
    if state is None:
        state = np.zeros((w.shape))
    state = decay * state + (1 - decay) * g ** 2
    return w - lr * np.divide(g, np.sqrt(state) + eps), state

def adam(parameters, grads, state, learning_rate, beta1, beta2, epsilon):
    if state is None:
        v, s, t = np.zeros((parameters.shape)), np.zeros((parameters.shape)), 0
    else:
        v, s, t = state
    t = t + 1
    v = beta1 * v + (1 - beta1) * grads
    v_corrected = v / (1 - beta1 ** t)
    s = beta2 * s + (1 - beta2) * grads ** 2
    s_corrected = s / (1 - beta2 ** t)
    parameters = parameters - learning_rate * (v_corrected / (np.sqrt(s_corrected) + epsilon))
    return parameters, (v, s, t)

def warmup_cosine(step, warmup, total, base):
    return base * (step + 1) / warmup if step < warmup else base / 2 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))

def step_decay(epoch_num, learning_rate0, factor, time_interval):
    return learning_rate0 * factor ** np.floor(epoch_num / time_interval)
