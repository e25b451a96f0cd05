def double(x):
    x[:] = 0
    return x + 1
