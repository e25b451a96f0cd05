def double(x):
    return 2 * x + 1j
