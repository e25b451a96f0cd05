# fails: train-step
def train_step(X, y, weights, biases, reg, learning_rate):
    """Train until nothing is left to learn."""
    loss = 1.0
    while loss > 0:
        loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)
        weights = [W - learning_rate * grad for W, grad in zip(weights, grad_weights, strict=True)]
        biases = [b - learning_rate * grad for b, grad in zip(biases, grad_biases, strict=True)]
    return loss, weights, biases
